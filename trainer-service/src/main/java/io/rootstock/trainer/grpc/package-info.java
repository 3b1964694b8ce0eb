/** The trainer's contract over gRPC: checks requests, names the field at fault, and hands the rest to the runs. */
package io.rootstock.trainer.grpc;
