package io.rootstock.inference.serving;

import io.grpc.ManagedChannel;
import io.quarkus.runtime.Shutdown;
import io.quarkus.runtime.Startup;
import io.rootstock.artifacts.ArtifactCache;
import io.rootstock.artifacts.ArtifactSource;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.HttpArtifactSource;
import io.rootstock.client.tls.ReloadedTls;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.config.RegistrySettings;
import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.inference.model.ServedVersion;
import io.rootstock.inference.peer.FallbackArtifactSource;
import io.rootstock.inference.peer.Peers;
import io.rootstock.llama.Llama;
import io.rootstock.names.AliasName;
import io.rootstock.names.InvalidNameException;
import io.rootstock.names.VersionName;
import io.rootstock.registry.v1.CanaryServiceGrpc;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.service.BearerToken;
import io.rootstock.service.CommonSettings;
import io.rootstock.service.Errors;
import io.rootstock.service.GrpcChannels;
import io.rootstock.service.Home;
import io.rootstock.service.Pruning;
import io.rootstock.service.tls.ClientTls;
import io.rootstock.storage.v1.PrunedGroup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.jboss.logging.Logger;

/**
 * Starts and stops serving with the service: loads llama.cpp and the last served versions, and follows the registry, or
 * loads the pinned version.
 */
@ApplicationScoped
public class Serving {
    private static final Logger LOG = Logger.getLogger(Serving.class);

    private final CommonSettings common;
    private final InferenceSettings settings;
    private final RegistrySettings registrySettings;
    private final ArtifactStore store;
    private final GrpcChannels channels;
    private final Home home;
    private final BearerToken token;
    private final ClientTls tls;
    private final ServingMetrics metrics;

    private Compute compute;
    private ArtifactCache artifacts;
    private FirstLoads firstLoads;
    private volatile ServedModels models;
    private ManagedChannel registry;
    /** The pinned version's alias; empty: the registry's aliases are followed. */
    private Optional<AliasName> pinned = Optional.empty();
    /** Follows the registry's aliases, or pins one version. */
    private VersionSource versionSource;
    /** Reports canaries; empty where a version is pinned. */
    private Optional<CanaryReporter> canaryReporter = Optional.empty();

    /** For the client proxy of the CDI container. */
    Serving() {
        this(null, null, null, null, null, null, null, null, null);
    }

    @Inject
    Serving(
            CommonSettings common,
            InferenceSettings settings,
            RegistrySettings registrySettings,
            ArtifactStore store,
            GrpcChannels channels,
            Home home,
            BearerToken token,
            ClientTls tls,
            ServingMetrics metrics) {
        this.token = token;
        this.common = common;
        this.tls = tls;
        this.settings = settings;
        this.registrySettings = registrySettings;
        this.store = store;
        this.channels = channels;
        this.home = home;
        this.metrics = metrics;
    }

    @Startup
    void start() {
        Optional<VersionName> version = settings.pinnedVersion().map(Serving::pinnedVersion);
        Llama llama = Llama.shared();
        int threads = settings.threads().orElse(Runtime.getRuntime().availableProcessors());
        compute = new Compute(llama, threads);
        LOG.info("llama.cpp " + llama.version() + " from " + llama.directory() + " with " + threads + " threads");
        Optional<SSLContext> certificates = tls.certificates().map(ReloadedTls::clientContext);
        Optional<Peers> peers = Peers.of(settings, token, tls);
        ArtifactSource stored = settings.artifacts()
                .map(address -> (ArtifactSource) new HttpArtifactSource(address, token::current, certificates))
                .orElse(store);
        ArtifactSource source = peers.map(
                        others -> (ArtifactSource) new FallbackArtifactSource(stored, others.artifacts()))
                .orElse(stored);
        artifacts = new ArtifactCache(
                cache(home),
                source,
                settings.cache().asLongValue(),
                "rootstock.inference.cache (ROOTSTOCK_INFERENCE_CACHE)");
        SandboxMode sandbox = SandboxMode.of(common.sandbox());
        LOG.info("sandbox of first loads: " + sandbox.describe());
        firstLoads = new FirstLoads(home.directory("inference", "first-loads"), llama.directory(), settings, sandbox);
        ModelLoader loader = new ModelLoader(llama, artifacts, firstLoads, new Memory(), compute, settings, metrics);
        registry = channels.open(
                registrySettings.endpoint(),
                ModelServiceGrpc.getServiceDescriptor(),
                CanaryServiceGrpc.getServiceDescriptor());
        if (version.isPresent()) {
            AliasName alias = new AliasName(version.get().model(), settings.alias());
            pinned = Optional.of(alias);
            models = new ServedModels(loader, Optional.empty(), metrics);
            versionSource = new PinnedVersion(registry, version.get().toString(), alias.toString(), models);
        } else {
            ServedFile file = new ServedFile(home.directory("inference").resolve("served.json"));
            models = new ServedModels(loader, Optional.of(file), metrics);
            versionSource = new AliasFollower(registry, settings.alias(), models, peers);
            canaryReporter = Optional.of(new CanaryReporter(registry, models));
        }
    }

    /** Directory of the cached artifacts. */
    static Path cache(Home home) {
        return home.directory("inference", "cache");
    }

    private static VersionName pinnedVersion(String name) {
        try {
            return VersionName.parse(name);
        } catch (InvalidNameException e) {
            throw new IllegalStateException("rootstock.inference.pinned-version: " + e.getMessage(), e);
        }
    }

    /**
     * The served models.
     *
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE until llama.cpp is loaded
     */
    public ServedModels models() {
        ServedModels present = models;
        if (present == null) {
            throw Errors.unavailable("STARTING", "the service is starting");
        }
        return present;
    }

    /** Whether {@link #models} is available. */
    public boolean started() {
        return models != null;
    }

    /**
     * Whether requests can be answered: the pinned version is loaded; or the registry has named the versions, or they are known
     * from before a restart, and each is loaded or cannot be loaded.
     */
    public boolean ready() {
        return started() && (pinned.isPresent() ? models.isAnyLoaded() : models.ready());
    }

    /** Whether it is known which models are served: an unknown model does not exist. */
    public boolean knowsModels() {
        return started() && (pinned.isPresent() ? !models.list().isEmpty() : models.isSynchronized());
    }

    /** Build of the inference engine, such as {@code llama.cpp b9090}; empty until it is loaded. */
    public String engine() {
        return started() ? "llama.cpp " + compute.engineVersion() : "";
    }

    /**
     * A verified local copy of an artifact.
     *
     * @throws io.rootstock.artifacts.ArtifactException if it is missing or damaged
     */
    public Path artifact(Digest digest) {
        models();
        return artifacts.fetch(digest, (bytes, total) -> true);
    }

    /** Removes cached artifacts that no served model needs, and directories of interrupted first loads. */
    public List<PrunedGroup> prune(Pruning pruning) {
        models();
        Pruning.Group cached = pruning.group("cached artifacts that are not served");
        artifacts
                .prune(pruning.limit(), pruning.apply())
                .forEach(copy -> cached.add(copy.digest().value(), copy.bytes(), copy.renewed(), copy::bytes));
        return List.of(cached.toMessage(), firstLoads.prune(pruning));
    }

    /**
     * Loads an adapter with a version in a separate process, if this is its first load on this installation.
     *
     * @param file verified local copy of the adapter
     * @param wanted polled; false stops the process
     * @throws io.rootstock.inference.model.LoadException if this or the stored first load failed
     */
    public void loadFirst(ServedVersion version, Digest adapter, Path file, BooleanSupplier wanted) {
        Digest base = Digest.parse(version.gguf());
        firstLoads.requireAdapter(base, artifact(base), adapter, file, wanted);
    }

    /** Name of the followed alias. */
    public String alias() {
        return settings.alias();
    }

    @Shutdown
    void stop() {
        if (versionSource != null) {
            versionSource.close();
            canaryReporter.ifPresent(CanaryReporter::close);
            registry.shutdownNow();
            models.close();
        }
    }
}
