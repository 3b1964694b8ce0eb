/**
 * Request handling shared by all protocols: validates requests, finds and leases the served model, tokenizes prompts,
 * and converts engine outputs and errors to pieces and typed errors. Counts work in flight, so that the service can
 * drain. Independent of gRPC streams and HTTP; decoding is in the engine package.
 */
package io.rootstock.inference.generate;
