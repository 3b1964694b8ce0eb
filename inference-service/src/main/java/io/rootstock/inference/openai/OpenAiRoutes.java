package io.rootstock.inference.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.http.ApiError;
import io.rootstock.inference.http.Endpoint;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.http.HttpReply;
import io.rootstock.inference.http.Json;
import io.rootstock.inference.http.Routes;
import io.rootstock.inference.openai.chat.ChatCompletionEndpoint;
import io.rootstock.inference.openai.completion.CompletionEndpoint;
import io.rootstock.inference.openai.file.FileEndpoint;
import io.rootstock.inference.openai.file.UploadEndpoint;
import io.rootstock.inference.openai.finetuning.FineTuningEndpoint;
import io.rootstock.inference.openai.responses.ResponseEndpoint;
import io.rootstock.inference.tracing.CallerContext;
import io.rootstock.service.access.Authentication;
import io.rootstock.service.access.RateLimit;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** The routes under {@code /v1}, all of which need the token. */
@ApplicationScoped
class OpenAiRoutes {
    private static final String ALL = "/v1/*";
    private static final String MODELS = "/v1/models";
    private static final String RESPONSES = "/v1/responses";

    private final Authentication authentication;
    private final RateLimit limit;
    private final CallerContext callers;
    private final InferenceSettings settings;
    private final ChatCompletionEndpoint chat;
    private final CompletionEndpoint completions;
    private final EmbeddingEndpoint embeddings;
    private final ClassifyEndpoint classes;
    private final ResponseEndpoint responses;
    private final ModelEndpoint models;
    private final FileEndpoint files;
    private final UploadEndpoint uploads;
    private final FineTuningEndpoint fineTuning;

    @Inject
    OpenAiRoutes(
            Authentication authentication,
            RateLimit limit,
            CallerContext callers,
            InferenceSettings settings,
            ChatCompletionEndpoint chat,
            CompletionEndpoint completions,
            EmbeddingEndpoint embeddings,
            ClassifyEndpoint classes,
            ResponseEndpoint responses,
            ModelEndpoint models,
            FileEndpoint files,
            UploadEndpoint uploads,
            FineTuningEndpoint fineTuning) {
        this.authentication = authentication;
        this.limit = limit;
        this.callers = callers;
        this.settings = settings;
        this.chat = chat;
        this.completions = completions;
        this.embeddings = embeddings;
        this.classes = classes;
        this.responses = responses;
        this.models = models;
        this.files = files;
        this.uploads = uploads;
        this.fineTuning = fineTuning;
    }

    void register(@Observes Router router) {
        Routes routes = new Routes(router, callers, settings.requestLimit().asLongValue());
        routes.identify(ALL);
        routes.authenticate(ALL, authentication, limit);
        routes.get(MODELS, (_, _, reply) -> models.all(reply));
        router.get(MODELS + "/*").handler(request -> {
            String name = request.normalizedPath().substring(MODELS.length() + 1);
            // A name with slashes may be one segment; a plus is not a blank in a path.
            String decoded = URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
            routes.serve(request, reply -> models.one(decoded, reply));
        });
        routes.allow(MODELS + "/*", HttpMethod.GET);
        post(routes, "/v1/chat/completions", chat);
        post(routes, "/v1/completions", completions);
        post(routes, "/v1/embeddings", embeddings);
        post(routes, "/v1/classify", classes);
        responses(routes);
        files.register(routes);
        uploads.register(routes);
        fineTuning.register(routes);
        routes.refuseOtherMethods();
        router.route(ALL)
                .handler(request -> routes.refuse(
                        request,
                        ApiError.request(
                                404,
                                "unknown_url",
                                "there is no " + request.request().method() + " "
                                        + request.normalizedPath()
                                        + "; there are POST /v1/chat/completions, /v1/completions, /v1/embeddings,"
                                        + " /v1/classify and /v1/responses, GET /v1/models and /v1/models/{model}, /v1/files, /v1/uploads"
                                        + " and /v1/fine_tuning/jobs")));
        router.route(ALL).failureHandler(routes::failed);
    }

    private void responses(Routes routes) {
        routes.post(RESPONSES, (_, body, reply) -> responses.create(body, reply));
        routes.get(RESPONSES + "/:id", (path, _, reply) -> responses.get(path.id(), reply));
        routes.get(RESPONSES + "/:id/input_items", (path, _, reply) -> responses.inputItems(path.id(), reply));
        routes.delete(RESPONSES + "/:id", (path, _, reply) -> responses.delete(path.id(), reply));
    }

    private static void post(Routes routes, String path, Endpoint endpoint) {
        routes.post(path, (_, body, reply) -> answer(endpoint, body, reply));
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
