/**
 * Decoding: one thread per loaded model advances many requests together (continuous batching), another reads whole texts
 * for their hidden states. Bytes become whole characters and stop strings are met here. Nothing here knows gRPC,
 * aliases or artifacts.
 */
package io.rootstock.inference.engine;
