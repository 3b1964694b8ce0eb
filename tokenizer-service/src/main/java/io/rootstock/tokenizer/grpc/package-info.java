/**
 * gRPC services: check requests, find resources, and call the other packages.
 *
 * <p>Every error names the field or resource and states the remedy. Streams wait for slow clients and end when the call
 * is cancelled.
 */
package io.rootstock.tokenizer.grpc;
