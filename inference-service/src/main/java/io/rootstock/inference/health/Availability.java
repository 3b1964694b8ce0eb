package io.rootstock.inference.health;

import io.rootstock.inference.admission.AdmissionControl;
import io.rootstock.inference.openinference.GRPCInferenceServiceGrpc;
import io.rootstock.inference.serving.AliasStatus;
import io.rootstock.inference.serving.Serving;
import io.rootstock.inference.session.ModelNames;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.names.VersionName;
import io.rootstock.service.ServiceHealth;
import io.rootstock.service.ShutdownState;
import io.rootstock.storage.v1.StorageServiceGrpc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.Set;

/** Reports whether the service, its gRPC services and its models accept requests. */
@ApplicationScoped
public class Availability implements ServiceHealth {
    /** These accept requests until the service drains. */
    private static final Set<String> UNTIL_DRAINING =
            Set.of("", InferenceServiceGrpc.SERVICE_NAME, GRPCInferenceServiceGrpc.SERVICE_NAME);

    private final Serving serving;
    private final AdmissionControl admission;
    private final ShutdownState shutdown;

    @Inject
    Availability(Serving serving, AdmissionControl admission, ShutdownState shutdown) {
        this.serving = serving;
        this.admission = admission;
        this.shutdown = shutdown;
    }

    /** Whether the service accepts requests: the models that it serves are known, and loaded or impossible to load. */
    public boolean ready() {
        return serving.ready() && !admission.isDraining() && !shutdown.hasBegun();
    }

    /**
     * Whether this name accepts requests; empty if it is unknown.
     *
     * @param name a gRPC service, the empty string for the whole service, or a model's name that begins with
     *     {@code models/}
     */
    @Override
    public Optional<Boolean> of(String name) {
        if (UNTIL_DRAINING.contains(name)) {
            return Optional.of(ready());
        }
        if (isLive(name)) {
            return Optional.of(true);
        }
        if (!name.startsWith("models/")) {
            return Optional.empty();
        }
        Optional<Boolean> known = model(name).map(this::ready);
        return known.isPresent() || serving.knowsModels() ? known : Optional.of(false);
    }

    @Override
    public boolean isLive(String name) {
        return name.equals(ControlServiceGrpc.SERVICE_NAME) || name.equals(StorageServiceGrpc.SERVICE_NAME);
    }

    /** The followed alias that a model's name in a request refers to; empty if there is none. */
    public Optional<AliasStatus> model(String name) {
        if (!serving.started()) {
            return Optional.empty();
        }
        String alias = ModelNames.alias(name, serving.alias());
        return serving.models().list().stream()
                .filter(status -> status.alias().equals(alias)
                        && (VersionName.find(name).isEmpty() || status.version().equals(name)))
                .findFirst();
    }

    /** Whether an alias answers requests, possibly with its previous version. */
    public boolean ready(AliasStatus status) {
        return ready() && !status.version().isEmpty();
    }
}
