package io.rootstock.inference.openai;

/** Answers the requests of one path; runs on a thread that may block. */
interface Endpoint {
    /**
     * Answers one request.
     *
     * @param body the request
     * @param names gets the names that the request uses
     * @param reply where the answer goes
     * @throws io.grpc.StatusRuntimeException what the request is refused or ended with, in the contract's names
     */
    void answer(Fields body, FieldNames names, HttpReply reply) throws InterruptedException;
}
