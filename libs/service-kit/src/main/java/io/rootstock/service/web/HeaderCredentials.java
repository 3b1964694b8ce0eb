package io.rootstock.service.web;

import io.quarkus.arc.DefaultBean;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** The header {@code Authorization} of the request itself. */
@ApplicationScoped
@DefaultBean
class HeaderCredentials implements WebCredentials {
    @Override
    public Optional<String> authorization(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader("Authorization"));
    }
}
