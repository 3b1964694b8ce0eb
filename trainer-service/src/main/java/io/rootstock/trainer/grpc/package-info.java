/** gRPC services of the trainer: validate requests, name the invalid field, and call the runs. */
package io.rootstock.trainer.grpc;
