/**
 * Holds the trainer's steps against PyTorch's: both sides are processes that take the same weights and batches and do
 * their steps in turns, so that whatever else the machine does hits both. Nothing here trains anything that is kept.
 */
package io.rootstock.bench.training;
