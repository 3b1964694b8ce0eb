package io.rootstock.service.web;

import io.grpc.StatusRuntimeException;
import io.vertx.core.http.HttpServerResponse;

/** Errors of other HTTP requests of browsers, in the format of unary RPCs. */
public final class WebErrors {
    private WebErrors() {}

    /** Ends a response with an error, if it is still open. */
    public static void send(HttpServerResponse response, StatusRuntimeException failure) {
        CallResponse.refuse(response, failure, new ConnectError(failure).httpStatus());
    }
}
