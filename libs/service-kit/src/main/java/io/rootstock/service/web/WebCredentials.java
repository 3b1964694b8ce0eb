package io.rootstock.service.web;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Credentials of HTTP requests. Called on the event loop; must not block. */
public interface WebCredentials {
    /**
     * Returns the value of the header {@code Authorization} with which a request is authenticated; empty: none.
     *
     * @throws io.grpc.StatusRuntimeException UNAUTHENTICATED if the credentials are invalid
     */
    Optional<String> authorization(HttpServerRequest request);
}
