/**
 * Types shared by all parts of decoding: the CPU threads, the listener of events, and the errors. Decoding is in the packages
 * below: {@code scheduling} advances many requests of a model together (continuous batching), {@code pooling} reads whole
 * texts for their hidden states. Independent of gRPC, aliases and artifacts.
 */
package io.rootstock.inference.engine;
