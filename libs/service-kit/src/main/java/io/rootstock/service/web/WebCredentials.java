package io.rootstock.service.web;

import io.quarkus.arc.DefaultBean;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Credentials of HTTP requests. Called on the event loop; must not block. */
public interface WebCredentials {
    /**
     * Returns the value of the header {@code Authorization} with which a request is authenticated; empty: none.
     *
     * @throws io.grpc.StatusRuntimeException UNAUTHENTICATED if the credentials are invalid
     */
    Optional<String> authorization(HttpServerRequest request);

    /** The header {@code Authorization} of the request itself. */
    @ApplicationScoped
    @DefaultBean
    class HeaderCredentials implements WebCredentials {
        @Override
        public Optional<String> authorization(HttpServerRequest request) {
            return Optional.ofNullable(request.getHeader("Authorization"));
        }
    }
}
