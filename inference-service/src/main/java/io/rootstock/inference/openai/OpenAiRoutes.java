package io.rootstock.inference.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.openai.chat.ChatCompletionEndpoint;
import io.rootstock.inference.openai.completion.CompletionEndpoint;
import io.rootstock.inference.openai.http.ApiError;
import io.rootstock.inference.openai.http.DiscardedBody;
import io.rootstock.inference.openai.http.Endpoint;
import io.rootstock.inference.openai.http.FieldNames;
import io.rootstock.inference.openai.http.Fields;
import io.rootstock.inference.openai.http.HttpReply;
import io.rootstock.inference.openai.http.Json;
import io.rootstock.inference.openai.responses.ResponseEndpoint;
import io.rootstock.inference.tracing.CallerContext;
import io.rootstock.service.BearerToken;
import io.rootstock.service.Errors;
import io.rootstock.service.StreamCancelledException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CancellationException;

/**
 * The routes under {@code /v1}. The event loop checks the token and reads the body up to its limit; a virtual thread
 * per request does the rest and is cancelled if the client disconnects.
 */
@ApplicationScoped
class OpenAiRoutes {
    private static final String ALL = "/v1/*";
    private static final String MODELS = "/v1/models";
    private static final String RESPONSES = "/v1/responses";

    private final BearerToken token;
    private final CallerContext callers;
    private final InferenceSettings settings;
    private final ChatCompletionEndpoint chat;
    private final CompletionEndpoint completions;
    private final EmbeddingEndpoint embeddings;
    private final ResponseEndpoint responses;
    private final ModelEndpoint models;

    @Inject
    OpenAiRoutes(
            BearerToken token,
            CallerContext callers,
            InferenceSettings settings,
            ChatCompletionEndpoint chat,
            CompletionEndpoint completions,
            EmbeddingEndpoint embeddings,
            ResponseEndpoint responses,
            ModelEndpoint models) {
        this.token = token;
        this.callers = callers;
        this.settings = settings;
        this.chat = chat;
        this.completions = completions;
        this.embeddings = embeddings;
        this.responses = responses;
        this.models = models;
    }

    /** Handler of a request, on a thread that may block. */
    @FunctionalInterface
    private interface Work {
        void run(HttpReply reply) throws InterruptedException, JsonProcessingException;
    }

    /** Handler of a request with a body. */
    @FunctionalInterface
    private interface BodyWork {
        void run(byte[] body, HttpReply reply) throws InterruptedException, JsonProcessingException;
    }

    void register(@Observes Router router) {
        router.route(ALL).handler(request -> {
            request.response().putHeader(HttpReply.REQUEST_ID, UUID.randomUUID().toString());
            request.next();
        });
        router.route(ALL).handler(this::requireToken);
        router.get(MODELS).handler(request -> serve(request, models::all));
        router.get(MODELS + "/*").handler(request -> {
            String name = request.normalizedPath().substring(MODELS.length() + 1);
            // A name with slashes may be one segment; a plus is not a blank in a path.
            String decoded = URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
            serve(request, reply -> models.one(decoded, reply));
        });
        allowOnly(router, MODELS, HttpMethod.GET);
        allowOnly(router, MODELS + "/*", HttpMethod.GET);
        post(router, "/v1/chat/completions", chat);
        post(router, "/v1/completions", completions);
        post(router, "/v1/embeddings", embeddings);
        responses(router);
        router.route(ALL)
                .handler(request -> refuse(
                        request,
                        ApiError.request(
                                404,
                                "unknown_url",
                                "there is no " + request.request().method() + " "
                                        + request.normalizedPath()
                                        + "; there are POST /v1/chat/completions, /v1/completions, /v1/embeddings and"
                                        + " /v1/responses,"
                                        + " GET /v1/models and /v1/models/{model}")));
        router.route(ALL).failureHandler(this::failed);
    }

    private void responses(Router router) {
        post(router, RESPONSES, responses::create);
        router.get(RESPONSES + "/:id").handler(request -> {
            String id = request.pathParam("id");
            serve(request, reply -> responses.get(id, reply));
        });
        router.get(RESPONSES + "/:id/input_items").handler(request -> {
            String id = request.pathParam("id");
            serve(request, reply -> responses.inputItems(id, reply));
        });
        router.delete(RESPONSES + "/:id").handler(request -> {
            String id = request.pathParam("id");
            serve(request, reply -> responses.delete(id, reply));
        });
    }

    private void post(Router router, String path, Endpoint endpoint) {
        post(router, path, (body, reply) -> answer(endpoint, body, reply));
    }

    /** Registers one route per handler: the framework requires the body handler to be the first of its route. */
    private void post(Router router, String path, BodyWork work) {
        router.post(path).handler(OpenAiRoutes::requireJson);
        router.post(path)
                .handler(BodyHandler.create(false)
                        .setBodyLimit(settings.requestLimit().asLongValue()));
        router.post(path).handler(request -> {
            Buffer buffer = request.body().buffer();
            byte[] body = buffer == null ? new byte[0] : buffer.getBytes();
            serve(request, reply -> work.run(body, reply));
        });
        allowOnly(router, path, HttpMethod.POST);
    }

    /** Refuses the other methods of a path. */
    private static void allowOnly(Router router, String path, HttpMethod method) {
        router.route(path).handler(request -> {
            request.response().putHeader("Allow", method.name());
            refuse(
                    request,
                    ApiError.request(
                            405,
                            "method_not_allowed",
                            request.normalizedPath() + " takes " + method + ", not "
                                    + request.request().method()));
        });
    }

    private void requireToken(RoutingContext request) {
        if (token.allows(request.request().getHeader("Authorization"))) {
            request.next();
            return;
        }
        refuse(
                request,
                ApiError.of(
                        Errors.unauthenticated("this service wants the token of rootstock.auth.token-file in the header"
                                + " `authorization: Bearer <token>`: the client's API key")));
    }

    private static void requireJson(RoutingContext request) {
        String type = request.request().getHeader("Content-Type");
        if (type != null && type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            request.next();
            return;
        }
        refuse(
                request,
                ApiError.request(
                        415, "unsupported_content_type", "must come with the header `content-type: application/json`"));
    }

    /** Handles errors of the framework: a body beyond the limit, an invalid path. */
    private void failed(RoutingContext request) {
        if (request.statusCode() == 413) {
            refuse(
                    request,
                    ApiError.request(
                            413,
                            "request_too_large",
                            "a request has at most " + settings.requestLimit().asLongValue()
                                    + " bytes (rootstock.inference.request-limit)"));
        } else if (request.failure() != null) {
            refuse(request, ApiError.of(request.failure()));
        } else {
            refuse(request, ApiError.request(request.statusCode(), "invalid_request", "not an HTTP request"));
        }
    }

    /** Sends an error after the request's body, which clients send before they read. */
    private static void refuse(RoutingContext request, ApiError error) {
        HttpReply reply = new HttpReply(request.response());
        DiscardedBody.discard(request.request(), request.vertx(), whole -> {
            if (!whole) {
                reply.closesConnection();
            }
            Thread.ofVirtual().name("http").start(() -> reply.fail(error));
        });
    }

    private void serve(RoutingContext request, Work work) {
        HttpReply reply = new HttpReply(request.response());
        Context.CancellableContext context =
                callers.of(request.request()::getHeader).withCancellation();
        reply.onGone(() -> context.cancel(null));
        Thread.ofVirtual().name("http").start(context.wrap(() -> {
            try (reply) {
                run(work, reply);
            } finally {
                context.cancel(null);
            }
        }));
    }

    private static void run(Work work, HttpReply reply) {
        try {
            work.run(reply);
        } catch (StreamCancelledException | CancellationException _) {
            // The client has disconnected.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Throwable failure) {
            reply.fail(ApiError.of(failure));
        }
    }

    private static void answer(Endpoint endpoint, byte[] body, HttpReply reply)
            throws InterruptedException, JsonProcessingException {
        FieldNames names = new FieldNames();
        try {
            endpoint.answer(Fields.of(Json.object(body)), names, reply);
        } catch (StatusRuntimeException refusal) {
            throw names.translated(refusal);
        }
    }
}
