package io.rootstock.registry.config;

import io.rootstock.evaluation.v1.EvaluationServiceGrpc;
import io.rootstock.evaluation.v1.EvaluatorServiceGrpc;
import io.rootstock.evaluation.v1.SuiteServiceGrpc;
import io.rootstock.registry.v1.AdminServiceGrpc;
import io.rootstock.registry.v1.FileServiceGrpc;
import io.rootstock.registry.v1.FineTuningServiceGrpc;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.QuotaServiceGrpc;
import io.rootstock.registry.v1.ResourceServiceGrpc;
import io.rootstock.registry.v1.WebhookServiceGrpc;
import io.rootstock.service.ServiceHealth;
import io.rootstock.storage.v1.StorageServiceGrpc;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;

/** The registry accepts requests once its start is complete. */
@ApplicationScoped
class RegistryHealth implements ServiceHealth {
    private static final Set<String> SERVICES = Set.of(
            "",
            ModelServiceGrpc.SERVICE_NAME,
            JobServiceGrpc.SERVICE_NAME,
            QuotaServiceGrpc.SERVICE_NAME,
            ResourceServiceGrpc.SERVICE_NAME,
            FileServiceGrpc.SERVICE_NAME,
            FineTuningServiceGrpc.SERVICE_NAME,
            WebhookServiceGrpc.SERVICE_NAME,
            StorageServiceGrpc.SERVICE_NAME,
            AdminServiceGrpc.SERVICE_NAME,
            SuiteServiceGrpc.SERVICE_NAME,
            EvaluationServiceGrpc.SERVICE_NAME,
            EvaluatorServiceGrpc.SERVICE_NAME);

    private volatile boolean started;

    /** Called when the start is complete. */
    void started() {
        started = true;
    }

    @Override
    public Optional<Boolean> of(String name) {
        return SERVICES.contains(name) ? Optional.of(started) : Optional.empty();
    }
}
