/** Checkpoints of jobs in the artifact store, from which a run continues if the trainer loses it. */
package io.rootstock.registry.checkpoint;
