/**
 * Compares the trainer's steps with PyTorch's: both sides are processes that read equal weights and batches and run
 * their steps alternately, so that other activity of the machine affects both. The trained models are discarded.
 */
package io.rootstock.bench.training;
