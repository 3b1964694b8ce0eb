package io.rootstock.service.web;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.rootstock.service.Errors;
import io.rootstock.service.StrayExceptions;
import io.rootstock.service.access.Authentication;
import io.rootstock.service.access.Caller;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * RPCs over HTTP: {@code POST /package.Service/Method} in the Connect protocol, with messages in JSON or protobuf's binary
 * format. The caller is authenticated before the body is read; the interceptors of gRPC do everything else.
 */
@ApplicationScoped
class RpcRoute {
    private static final String PATH = "/(?:[a-z][a-z0-9_]*\\.)+[A-Za-z][A-Za-z0-9]*/[A-Z][A-Za-z0-9]*";

    private final RpcDirectory procedures;
    private final Authentication authentication;
    private final WebCredentials credentials;
    private final RequestOrigin origin;
    private final RequestMemory memory;

    @Inject
    RpcRoute(
            RpcDirectory procedures,
            Authentication authentication,
            WebCredentials credentials,
            RequestOrigin origin,
            RequestMemory memory) {
        this.procedures = procedures;
        this.authentication = authentication;
        this.credentials = credentials;
        this.origin = origin;
        this.memory = memory;
    }

    void register(@Observes Router router) {
        router.routeWithRegex(PATH).handler(this::answer);
    }

    /** A call before it starts. */
    private record Pending(
            HttpServerRequest request,
            RpcDirectory.Procedure procedure,
            CallFormat format,
            RequestHeaders headers,
            Optional<String> authorization,
            CallResponse response,
            RequestMemory.Reservation memory,
            Context eventLoop) {
        void refuse(StatusRuntimeException refusal) {
            memory.close();
            response.fail(refusal);
        }
    }

    private void answer(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        if (!request.method().equals(HttpMethod.POST)) {
            routing.response().putHeader("Allow", "POST");
            CallResponse.refuse(
                    routing.response(), unimplemented("RPCs are called with POST, not " + request.method()), 405);
            return;
        }
        String name = routing.normalizedPath().substring(1);
        Optional<RpcDirectory.Procedure> procedure = procedures.find(name);
        if (procedure.isEmpty()) {
            CallResponse.refuse(
                    routing.response(),
                    unimplemented("this service has no RPC " + name + "; docs/reference/rpcs.md lists all"),
                    404);
            return;
        }
        Optional<CallFormat> format = CallFormat.of(request.getHeader("Content-Type"));
        String accepted = procedure.get().streams() ? CallFormat.STREAM : CallFormat.UNARY;
        if (format.isEmpty() || format.get().stream() != procedure.get().streams()) {
            routing.response().putHeader("Accept-Post", accepted);
            CallResponse.refuse(
                    routing.response(),
                    unimplemented("the Content-Type of " + name + " is one of " + accepted + ", not "
                            + request.getHeader("Content-Type")),
                    415);
            return;
        }
        begin(routing, procedure.get(), format.get());
    }

    private void begin(RoutingContext routing, RpcDirectory.Procedure procedure, CallFormat format) {
        HttpServerRequest request = routing.request();
        CallResponse response = new CallResponse(routing.response(), format);
        try {
            if (!procedure.takesOneMessage()) {
                throw unimplemented(
                        procedure.method().getFullMethodName() + " has a stream of requests; call it by gRPC");
            }
            origin.check(request);
            RequestHeaders headers = RequestHeaders.of(request.headers());
            Optional<String> authorization = credentials.authorization(request);
            authenticate(new Pending(
                    request,
                    procedure,
                    format,
                    headers,
                    authorization,
                    response,
                    memory.admit(),
                    routing.vertx().getOrCreateContext()));
        } catch (StatusRuntimeException e) {
            response.fail(e);
        }
    }

    private void authenticate(Pending pending) {
        CompletableFuture<Caller> caller =
                authentication.caller(pending.authorization().orElse(null));
        if (caller.isDone()) {
            read(pending, caller);
            return;
        }
        pending.request().pause();
        CompletableFuture<Caller> _ =
                caller.whenComplete((_, _) -> pending.eventLoop().runOnContext(_ -> {
                    read(pending, caller);
                    pending.request().resume();
                }));
    }

    private void read(Pending pending, CompletableFuture<Caller> caller) {
        if (pending.request().response().closed()) {
            pending.memory().close();
            return;
        }
        if (caller.isCompletedExceptionally()) {
            pending.refuse(StrayExceptions.toStatus(caller.exceptionNow()));
            return;
        }
        try {
            pending.memory().share(name(caller.resultNow(), pending.request()));
        } catch (StatusRuntimeException e) {
            pending.refuse(e);
            return;
        }
        new RequestBody(
                        pending.format(),
                        pending.memory(),
                        body -> decode(pending, body),
                        refusal -> refuseRest(pending, refusal))
                .read(pending.request(), pending.memory()::close);
    }

    /** Name of a caller; of one without a token, its address. */
    private static String name(Caller caller, HttpServerRequest request) {
        return caller.equals(Caller.LOCAL) ? WebPeer.of(request).host().orElseGet(caller::name) : caller.name();
    }

    private static void refuseRest(Pending pending, StatusRuntimeException refusal) {
        pending.memory().close();
        DiscardedBody.discard(pending.request(), pending.eventLoop().owner(), whole -> {
            if (!whole) {
                pending.response().closeConnection();
            }
            pending.response().fail(refusal);
        });
    }

    /** Decodes on a virtual thread: a large request would delay the others of the event loop. */
    private void decode(Pending pending, Buffer body) {
        Thread.ofVirtual().name("web-request").start(() -> {
            try {
                byte[] bytes = pending.format().stream() ? Envelope.only(body) : body.getBytes();
                Message request = pending.format().messages().request(pending.procedure(), bytes);
                pending.eventLoop().runOnContext(_ -> start(pending, request));
            } catch (RuntimeException | Error e) {
                StatusRuntimeException refusal = StrayExceptions.toStatus(e);
                pending.eventLoop().runOnContext(_ -> pending.refuse(refusal));
            }
        });
    }

    private static void start(Pending pending, Message request) {
        pending.memory().release();
        try {
            call(pending, request);
        } catch (RuntimeException e) {
            pending.refuse(StrayExceptions.toStatus(e));
        }
    }

    private static void call(Pending pending, Message request) {
        Metadata metadata = pending.headers().metadata(pending.request(), pending.authorization());
        if (pending.procedure().local()) {
            metadata.put(WebPeer.HEADER, WebPeer.of(pending.request()));
        }
        new HttpCall(pending.procedure(), pending.format(), pending.response(), pending.memory()::close)
                .start(
                        pending.eventLoop(),
                        pending.request().response(),
                        request,
                        metadata,
                        pending.headers().timeout());
    }

    private static StatusRuntimeException unimplemented(String message) {
        return Errors.unimplemented("NO_SUCH_RPC", message);
    }
}
