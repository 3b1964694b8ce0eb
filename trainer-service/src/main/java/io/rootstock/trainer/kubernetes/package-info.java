/** Workers as Kubernetes Jobs: an attempt of a run is a Job with one pod, in which an agent runs the worker. */
package io.rootstock.trainer.kubernetes;
