package io.rootstock.evaluator.claim;

import io.grpc.ManagedChannel;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Shutdown;
import io.quarkus.runtime.Startup;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.evaluation.v1.EvaluatorServiceGrpc;
import io.rootstock.evaluator.cache.RowCache;
import io.rootstock.evaluator.config.EvaluatorSettings;
import io.rootstock.evaluator.config.RegistrySettings;
import io.rootstock.evaluator.engine.InferenceCommand;
import io.rootstock.evaluator.lease.RegistryClient;
import io.rootstock.evaluator.metrics.EvaluatorMetrics;
import io.rootstock.evaluator.run.EvaluationRunner;
import io.rootstock.evaluator.run.Workspace;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.service.CommonSettings;
import io.rootstock.service.GrpcChannels;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** Starts and stops the evaluator with the service. */
@ApplicationScoped
public class Evaluator {
    private static final Logger LOG = Logger.getLogger(Evaluator.class);
    private static final int MAX_NAME_LENGTH = 255;
    private static final int MAX_PRIORITY = 100;

    private final EvaluatorSettings settings;
    private final CommonSettings common;
    private final RegistrySettings registrySettings;
    private final Config config;
    private final ArtifactStore store;
    private final GrpcChannels channels;
    private final MeterRegistry meters;
    private ManagedChannel registry;
    private Workspace workspace;
    private volatile ClaimLoop loop;

    @Inject
    Evaluator(
            EvaluatorSettings settings,
            CommonSettings common,
            RegistrySettings registrySettings,
            Config config,
            ArtifactStore store,
            GrpcChannels channels,
            MeterRegistry meters) {
        this.settings = settings;
        this.common = common;
        this.registrySettings = registrySettings;
        this.config = config;
        this.store = store;
        this.channels = channels;
        this.meters = meters;
    }

    @Startup
    void start() {
        check();
        InferenceCommand command = InferenceCommand.of(settings, common, registrySettings, config);
        try {
            workspace = new Workspace(settings.workspace());
            RowCache cache =
                    new RowCache(workspace.cache(), settings.cacheLimit().asLongValue());
            registry = channels.open(registrySettings.endpoint(), EvaluatorServiceGrpc.getServiceDescriptor());
            RegistryClient client = new RegistryClient(registry);
            EvaluationRunner runner = new EvaluationRunner(new EvaluationRunner.Resources(
                    settings,
                    workspace,
                    cache,
                    store,
                    client,
                    command,
                    port -> channels.openChild(port, InferenceServiceGrpc.getServiceDescriptor()),
                    new EvaluatorMetrics(meters)));
            String name = settings.name().orElseGet(Evaluator::host);
            LOG.info("claiming evaluations from " + registrySettings.endpoint() + " as " + name);
            loop = new ClaimLoop(name, client, runner, workspace);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use rootstock.evaluator.workspace " + settings.workspace(), e);
        }
    }

    private void check() {
        require(settings.slots() >= 1, "slots", "must be at least 1, was " + settings.slots());
        require(settings.contextLimit() >= 2, "context-limit", "must be at least 2, was " + settings.contextLimit());
        require(
                Math.abs(settings.priority()) <= MAX_PRIORITY,
                "priority",
                "must be -100 to 100, was " + settings.priority());
        require(
                settings.name().orElse("").length() <= MAX_NAME_LENGTH,
                "name",
                "must have at most " + MAX_NAME_LENGTH + " characters");
        require(settings.reportInterval().isPositive(), "report-interval", "must be above 0");
    }

    private static void require(boolean condition, String setting, String description) {
        if (!condition) {
            throw new IllegalStateException("rootstock.evaluator." + setting + " " + description);
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "evaluator";
        }
    }

    /** Whether evaluations are claimed. */
    boolean isRunning() {
        return loop != null && loop.isRunning();
    }

    /** Whether the registry is connected. */
    boolean isRegistryAvailable() {
        return loop != null && loop.isRegistryAvailable();
    }

    @Shutdown
    void stop() {
        if (loop != null) {
            loop.close();
            registry.shutdownNow();
            try {
                workspace.close();
            } catch (IOException e) {
                LOG.warn("cannot close the workspace", e);
            }
        }
    }
}
