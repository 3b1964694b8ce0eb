/**
 * Checkpoints of a run: everything a worker needs to go on as if nothing had happened. A checkpoint is written beside
 * its place and renamed into it, so that one with its final name is complete; every byte is covered by a SHA-256 digest
 * that is checked before it is used, and a corrupt checkpoint gives way to the one before it.
 */
package io.rootstock.trainer.checkpoint;
