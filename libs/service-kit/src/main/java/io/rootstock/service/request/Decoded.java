package io.rootstock.service.request;

import io.grpc.Status;

/** A decoded request, or the reason why its bytes are not one. */
sealed interface Decoded<Q> {
    /**
     * A request of the contract.
     *
     * @param request the message
     */
    record Message<Q>(Q request) implements Decoded<Q> {}

    /**
     * Bytes that are not a request.
     *
     * @param reason the decoder's status
     */
    record Malformed<Q>(Status reason) implements Decoded<Q> {}
}
