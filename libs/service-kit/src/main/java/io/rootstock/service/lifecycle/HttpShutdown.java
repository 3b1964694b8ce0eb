package io.rootstock.service.lifecycle;

import io.rootstock.service.ShutdownState;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/** Tells HTTP clients of a stopping service to close their connection after each response. */
@ApplicationScoped
class HttpShutdown {
    private final ShutdownState state;

    @Inject
    HttpShutdown(ShutdownState state) {
        this.state = state;
    }

    void register(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE + 1).handler(request -> {
            if (state.hasBegun()) {
                request.response().putHeader("Connection", "close");
            }
            request.next();
        });
    }
}
