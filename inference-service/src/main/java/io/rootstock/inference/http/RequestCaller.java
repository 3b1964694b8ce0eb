package io.rootstock.inference.http;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.rootstock.service.access.Authentication;
import io.rootstock.service.access.Caller;
import io.rootstock.service.access.CallerToken;
import io.rootstock.service.access.RateLimit;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** The caller of an HTTP request, from its header {@code Authorization}. */
final class RequestCaller {
    private static final String AUTHORIZATION = "Authorization";
    private static final String CALLER = "rootstock.caller";

    private RequestCaller() {}

    /**
     * Finds the caller and continues with the next handler; the body waits while the token is looked up.
     *
     * @param refuse receives the error of a request without a valid token, or of a caller with too many requests
     */
    static void find(
            RoutingContext request, Authentication authentication, RateLimit limit, Consumer<ApiError> refuse) {
        CompletableFuture<Caller> caller =
                authentication.caller(request.request().getHeader(AUTHORIZATION));
        if (caller.isDone()) {
            admit(request, caller, limit, refuse);
            return;
        }
        request.request().pause();
        io.vertx.core.Context eventLoop = request.vertx().getOrCreateContext();
        CompletableFuture<Caller> _ = caller.whenComplete((_, _) -> eventLoop.runOnContext(_ -> {
            request.request().resume();
            admit(request, caller, limit, refuse);
        }));
    }

    /** Returns a context with the caller of the request, if it was found. */
    static Context in(Context context, RoutingContext request) {
        Caller caller = request.get(CALLER);
        return caller == null
                ? context
                : CallerToken.in(caller.in(context), request.request().getHeader(AUTHORIZATION));
    }

    private static void admit(
            RoutingContext request, CompletableFuture<Caller> found, RateLimit limit, Consumer<ApiError> refuse) {
        try {
            Caller caller = found.join();
            limit.admit(caller);
            request.put(CALLER, caller);
        } catch (CompletionException e) {
            refuse.accept(ApiError.of(e.getCause()));
            return;
        } catch (StatusRuntimeException e) {
            refuse.accept(ApiError.of(e));
            return;
        }
        request.next();
    }
}
