package io.rootstock.inference.infer.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.health.Availability;
import io.rootstock.inference.http.ApiError;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.HttpReply;
import io.rootstock.inference.http.Routes;
import io.rootstock.inference.http.Routes.PathParameters;
import io.rootstock.inference.infer.Inference;
import io.rootstock.inference.infer.Metadata;
import io.rootstock.inference.tracing.CallerContext;
import io.rootstock.service.access.Authentication;
import io.rootstock.service.access.RateLimit;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;

/** The routes under {@code /v2}. All but liveness and readiness of the server need the token. */
@ApplicationScoped
class InferRoutes {
    private static final String ALL = "/v2/*";
    private static final String MODEL = "/v2/models/:model";
    private static final int UNAVAILABLE = 503;

    private final Authentication authentication;
    private final RateLimit limit;
    private final CallerContext callers;
    private final InferenceSettings settings;
    private final Availability availability;
    private final Metadata metadata;
    private final Inference inference;

    @Inject
    InferRoutes(
            Authentication authentication,
            RateLimit limit,
            CallerContext callers,
            InferenceSettings settings,
            Availability availability,
            Metadata metadata,
            Inference inference) {
        this.authentication = authentication;
        this.limit = limit;
        this.callers = callers;
        this.settings = settings;
        this.availability = availability;
        this.metadata = metadata;
        this.inference = inference;
    }

    void register(@Observes Router router) {
        Routes routes = new Routes(router, callers, settings.requestLimit().asLongValue(), InferRoutes::error);
        routes.identify(ALL);
        routes.get("/v2/health/live", (_, _, reply) -> reply.send(flag("live", true)));
        routes.get("/v2/health/ready", (_, _, reply) -> ready(flag("ready", availability.ready()), reply));
        routes.authenticate(ALL, authentication, limit);
        routes.get("/v2", (_, _, reply) -> reply.send(InferJson.of(metadata.server())));
        for (String path : List.of(MODEL, MODEL + "/versions/:version")) {
            routes.get(
                    path, (given, _, reply) -> reply.send(InferJson.of(metadata.model(model(given), version(given)))));
            routes.get(path + "/ready", (given, _, reply) -> {
                boolean ready = metadata.ready(model(given), version(given));
                ready(flag("ready", ready).put("name", model(given)), reply);
            });
            routes.raw(path + "/infer", this::infer);
        }
        routes.refuseOtherMethods();
        router.route(ALL)
                .handler(request -> routes.refuse(
                        request,
                        ApiError.request(
                                404,
                                "unknown_url",
                                "there is no " + request.request().method() + " " + request.normalizedPath()
                                        + "; there are POST /v2/models/{model}/infer, GET /v2, /v2/health/live,"
                                        + " /v2/health/ready, /v2/models/{model} and /v2/models/{model}/ready")));
        router.route(ALL).failureHandler(routes::failed);
    }

    private void infer(PathParameters path, MultiMap headers, byte[] body, HttpReply reply)
            throws InterruptedException, JsonProcessingException {
        FieldNames names = new FieldNames();
        names.put("inputs[0].contents.bytes_contents", "inputs[0].data");
        try {
            BinaryTensors parts = BinaryTensors.of(body, headers.get(BinaryTensors.JSON_LENGTH));
            InferJson.InferRequest request = InferJson.request(parts, model(path), version(path));
            InferJson.of(inference.infer(request.message(), reply::serves), request::isBinary)
                    .send(reply);
        } catch (StatusRuntimeException refusal) {
            throw names.translated(refusal);
        }
    }

    private static void ready(ObjectNode answer, HttpReply reply) {
        if (!answer.path("ready").booleanValue()) {
            reply.status(UNAVAILABLE);
        }
        reply.send(answer);
    }

    private static String model(PathParameters path) {
        return path.values().get("model");
    }

    private static String version(PathParameters path) {
        return path.values().getOrDefault("version", "");
    }

    private static ObjectNode flag(String name, boolean value) {
        return JsonNodeFactory.instance.objectNode().put(name, value);
    }

    private static Object error(ApiError error) {
        return JsonNodeFactory.instance.objectNode().put("error", error.message());
    }
}
