/**
 * Generate and Chat for all protocols: validates requests, tokenizes prompts, and converts outputs of the engine to deltas.
 * Independent of gRPC streams and HTTP.
 */
package io.rootstock.inference.completion;
