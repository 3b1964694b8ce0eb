/**
 * The model: forward, backward and AdamW of a Llama decoder on libtorch, written out by hand over one flat buffer of
 * weights and one of gradients. It knows tokens and tensors; files, datasets, schedules and services stay outside. The
 * one entry is {@link io.rootstock.trainer.engine.Engine}.
 */
package io.rootstock.trainer.engine;
