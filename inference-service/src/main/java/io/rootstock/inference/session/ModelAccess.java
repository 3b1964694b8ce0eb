package io.rootstock.inference.session;

import io.grpc.StatusRuntimeException;
import io.quarkus.runtime.Startup;
import io.rootstock.access.v1.Role;
import io.rootstock.inference.admission.AdmissionControl;
import io.rootstock.inference.engine.scheduling.GenerationEngine;
import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.inference.model.LoadedModel;
import io.rootstock.inference.model.ModelLease;
import io.rootstock.inference.serving.AliasStatus;
import io.rootstock.inference.serving.Serving;
import io.rootstock.names.VersionName;
import io.rootstock.service.Errors;
import io.rootstock.service.access.Caller;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds the model of a request, and creates the error if it is unavailable. */
@ApplicationScoped
@Startup // metrics read the loads before the first request
public class ModelAccess {
    private final Serving serving;
    private final AdmissionControl admission;
    private final ServingMetrics metrics;
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();

    @Inject
    ModelAccess(Serving serving, AdmissionControl admission, ServingMetrics metrics) {
        this.serving = serving;
        this.admission = admission;
        this.metrics = metrics;
    }

    /** Publishes the load of engines and text readers as metrics. */
    @PostConstruct
    void publishLoads() {
        metrics.readLoadsFrom(model -> inMemory().stream()
                .filter(loaded -> loaded.version().model().equals(model))
                .flatMap(loaded -> loaded.generation().stream())
                .map(GenerationEngine::load)
                .toList());
        metrics.readTextsFrom(model -> inMemory().stream()
                .filter(loaded -> loaded.version().model().equals(model))
                .mapToInt(LoadedModel::queuedTexts)
                .sum());
    }

    /**
     * Opens the version that the alias in a request points to, or the version that the request names.
     *
     * @throws StatusRuntimeException if no model is served under the name, the registry has not named the models yet, or the
     *     service is draining
     */
    public Session open(String model) {
        return open(model, alias -> serving.models().lease(alias));
    }

    /**
     * Opens the version that answers a request: the alias's version, or its canary for its percentage of the request
     * ids.
     *
     * @throws StatusRuntimeException if no model is served under the name, the registry has not named the models yet, or the
     *     service is draining
     */
    public Session open(String model, String requestId) {
        return open(model, alias -> serving.models().lease(alias, requestId));
    }

    /** The version that receives shadow copies of this model's requests; its sessions do not delay draining. */
    Optional<Session> shadow(String model) {
        return admission.isDraining()
                ? Optional.empty()
                : serving.models()
                        .shadowLease(ModelNames.alias(model, serving.alias()))
                        .map(lease -> new Session(Optional.empty(), lease, sessions));
    }

    private Session open(String model, Function<String, Optional<ModelLease>> leases) {
        AdmissionControl.Ticket ticket = admission.enter();
        try {
            String alias = ModelNames.alias(model, serving.alias());
            if (!isVisible(alias)) {
                throw notServed(alias);
            }
            Optional<ModelLease> lease = VersionName.find(model).isPresent()
                    ? serving.models().leaseVersion(alias, model)
                    : leases.apply(alias);
            return new Session(Optional.of(ticket), lease.orElseThrow(() -> missing(alias, model)), sessions);
        } catch (RuntimeException e) {
            ticket.close();
            throw e;
        }
    }

    /** The followed aliases that the caller may see. */
    public List<AliasStatus> served() {
        return serving.models().list().stream()
                .filter(status -> isVisible(status.alias()))
                .toList();
    }

    /** Whether the caller may see the model of an alias or a version. */
    private static boolean isVisible(String name) {
        return Caller.current().has(Role.ROLE_VIEWER, name);
    }

    /** All models in memory: versions and canaries of aliases, and versions that older requests still use. */
    public Set<LoadedModel> inMemory() {
        Set<LoadedModel> models = new LinkedHashSet<>();
        if (!serving.started()) {
            return models;
        }
        models.addAll(serving.models().models());
        sessions.forEach(session -> models.add(session.model()));
        return models;
    }

    /** The models in memory that the caller may see. */
    public List<LoadedModel> visible() {
        return inMemory().stream()
                .filter(model -> isVisible(model.version().name()))
                .toList();
    }

    /** Aborts the completions and unscored texts of every request with this id and returns their number. */
    public int abort(String requestId) {
        return inMemory().stream().mapToInt(model -> model.abort(requestId)).sum();
    }

    private StatusRuntimeException missing(String alias, String model) {
        Optional<AliasStatus> serves = served().stream()
                .filter(status ->
                        status.alias().equals(alias) && !status.version().isEmpty())
                .findFirst();
        if (serves.isPresent() && VersionName.find(model).isPresent()) {
            return Errors.notFound(model, "this service serves " + serves.get().version() + " now");
        }
        return served().stream()
                .filter(status -> status.alias().equals(alias))
                .findFirst()
                .map(status -> switch (status.state()) {
                    case LOAD_FAILED -> Errors.unavailable("LOAD_FAILED", alias + " serves nothing: " + status.error());
                    case LOADING, SWAPPING, READY ->
                        Errors.unavailable("LOADING", status.pendingVersion() + " is loading");
                })
                .orElseGet(() -> notServed(alias));
    }

    private StatusRuntimeException notServed(String alias) {
        if (!serving.knowsModels()) {
            return Errors.unavailable(
                    "REGISTRY_UNAVAILABLE", "the registry has not named the version of " + alias + " yet; retry");
        }
        String names = served().stream().map(AliasStatus::alias).collect(Collectors.joining(", "));
        return Errors.notFound(
                alias,
                "served are: "
                        + (names.isEmpty() ? "none; promote a version to " + serving.alias() + " first" : names));
    }
}
