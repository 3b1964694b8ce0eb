/**
 * Checkpoints of a run: all state that a worker needs to resume training with identical results. A checkpoint is
 * written to a temporary directory and then renamed, so a directory with a final name is complete. Every byte is
 * covered by a SHA-256 digest that is verified before use; if a checkpoint is corrupt, the previous one is used.
 */
package io.rootstock.trainer.checkpoint;
