/**
 * The agent of a run's worker apart from the trainer, such as in a pod: acquires the run's lease, fetches its checkpoints, starts
 * the worker as a child process, and reports the worker's events. Of several ranks, each has an agent; rank 0's is that one, and
 * the others start their processes beside it. Nothing here depends on Kubernetes.
 */
package io.rootstock.trainer.pod;
