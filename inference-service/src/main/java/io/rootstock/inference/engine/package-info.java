/**
 * Decoding: one thread per loaded model advances many requests together (continuous batching), another reads whole
 * texts for their hidden states. Assembles characters from bytes and matches stop strings. Independent of gRPC, aliases
 * and artifacts.
 */
package io.rootstock.inference.engine;
