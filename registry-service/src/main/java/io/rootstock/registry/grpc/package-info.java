/**
 * The gRPC side of the registry: requests are parsed and paged here, answers and errors sent; rules and rows are those
 * of the model and job packages.
 */
package io.rootstock.registry.grpc;
