/**
 * The gRPC services of inference: validate requests field by field, find the served model, and convert outputs of the
 * engines to responses. Decoding and loading are in other packages.
 */
package io.rootstock.inference.grpc;
