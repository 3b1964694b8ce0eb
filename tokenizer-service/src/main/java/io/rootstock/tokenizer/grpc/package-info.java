/**
 * The gRPC face of the service: checks requests, finds resources, and hands the work to the other packages.
 *
 * <p>Every error names the field or resource and says how to mend it. Streams wait for slow clients and end when the
 * client is gone.
 */
package io.rootstock.tokenizer.grpc;
