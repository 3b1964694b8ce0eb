/**
 * The gRPC face of inference: checks requests field by field, finds the served model, and turns what the engines give
 * into answers. No decoding and no loading happens here.
 */
package io.rootstock.inference.grpc;
