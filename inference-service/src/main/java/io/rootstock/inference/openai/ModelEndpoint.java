package io.rootstock.inference.openai;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.inference.http.HttpReply;
import io.rootstock.inference.serving.AliasStatus;
import io.rootstock.inference.serving.Serving;
import io.rootstock.inference.session.ModelAccess;
import io.rootstock.inference.session.ModelNames;
import io.rootstock.names.AliasName;
import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/**
 * {@code GET /v1/models}: lists the models that serve. A request for a model that is loading receives its state as
 * error.
 */
@ApplicationScoped
class ModelEndpoint {
    private final Serving serving;
    private final ModelAccess access;

    @Inject
    ModelEndpoint(Serving serving, ModelAccess access) {
        this.serving = serving;
        this.access = access;
    }

    /** Sends all models. */
    void all(HttpReply reply) {
        reply.send(new ModelResponse.All(
                "list",
                access.served().stream()
                        .filter(status -> !status.version().isEmpty())
                        .map(this::model)
                        .toList()));
    }

    /** Sends one model. */
    void one(String name, HttpReply reply) {
        String alias = ModelNames.alias(name, serving.alias());
        // Throws the reason if the model does not serve.
        access.open(name).close();
        reply.send(access.served().stream()
                .filter(status -> status.alias().equals(alias))
                .findFirst()
                .map(this::model)
                .orElseThrow(() -> Errors.notFound(alias, "GET /v1/models lists the served models")));
    }

    private ModelResponse model(AliasStatus status) {
        return new ModelResponse(
                AliasName.parse(status.alias()).model(),
                "model",
                status.created(),
                "rootstock",
                status.version(),
                status.kind(),
                status.contextLength());
    }

    /**
     * A served model.
     *
     * @param id the model's name in requests
     * @param object model
     * @param created creation time of the version, in seconds since 1970
     * @param ownedBy rootstock
     * @param version the version that serves, models/{m}/versions/{n}
     * @param kind base, instruct or classifier
     * @param maxModelLen maximum number of tokens of a request, prompt and answer; vLLM's field
     */
    @RegisterForReflection
    record ModelResponse(
            String id, String object, long created, String ownedBy, String version, String kind, int maxModelLen) {
        /**
         * All served models.
         *
         * @param object list
         * @param data the models, sorted by name
         */
        @RegisterForReflection
        record All(String object, List<ModelResponse> data) {}
    }
}
