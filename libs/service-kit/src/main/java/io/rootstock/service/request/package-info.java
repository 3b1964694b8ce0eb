/**
 * Decoding of gRPC requests. Bytes that are not a message of the contract end the call with INVALID_ARGUMENT instead of an
 * exception inside gRPC.
 */
package io.rootstock.service.request;
