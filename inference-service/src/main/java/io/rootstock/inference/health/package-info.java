/**
 * Whether the service, its gRPC services and its models accept requests: one result for all protocols (grpc.health.v1,
 * the Open Inference Protocol, /q/health/ready).
 */
package io.rootstock.inference.health;
