/**
 * Whether the service, its parts and its models take work: one answer, given in every way that operators ask for it
 * (grpc.health.v1, the Open Inference Protocol, /q/health/ready).
 */
package io.rootstock.inference.health;
