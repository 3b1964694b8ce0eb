package io.rootstock.inference.http;

/** Handles the requests of one path, on a thread that may block. */
public interface Endpoint {
    /**
     * Handles one request.
     *
     * @param body the request
     * @param names receives the request's names of the contract's fields
     * @param reply receives the response
     * @throws io.grpc.StatusRuntimeException if the request is rejected or fails, with the contract's field names
     */
    void answer(Fields body, FieldNames names, HttpReply reply) throws InterruptedException;
}
