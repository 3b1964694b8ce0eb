/**
 * The registry's gRPC services: they parse requests, page results, and send responses and errors. The model and job
 * packages contain the rules and the database access.
 */
package io.rootstock.registry.grpc;
