package io.rootstock.registry;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.database.Schema;
import io.rootstock.database.TestDatabase;
import io.rootstock.registry.canary.CanaryAnalyses;
import io.rootstock.registry.canary.CanaryJudge;
import io.rootstock.registry.canary.CanaryReports;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseServer;
import io.rootstock.registry.database.Leadership;
import io.rootstock.registry.deletion.Expiry;
import io.rootstock.registry.deletion.ExpiryLimits;
import io.rootstock.registry.deletion.ModelDeletion;
import io.rootstock.registry.evaluation.Comparisons;
import io.rootstock.registry.evaluation.EvaluationFixture;
import io.rootstock.registry.evaluation.Evaluations;
import io.rootstock.registry.evaluation.RowWork;
import io.rootstock.registry.file.FileLimits;
import io.rootstock.registry.file.StoredFiles;
import io.rootstock.registry.file.Uploads;
import io.rootstock.registry.finetuning.DatasetClient;
import io.rootstock.registry.finetuning.FineTuningLoops;
import io.rootstock.registry.finetuning.FineTunings;
import io.rootstock.registry.gate.Gates;
import io.rootstock.registry.grpc.CanaryGrpcService;
import io.rootstock.registry.grpc.FileGrpcService;
import io.rootstock.registry.grpc.FineTuningGrpcService;
import io.rootstock.registry.grpc.GateGrpcService;
import io.rootstock.registry.grpc.IdentityGrpcService;
import io.rootstock.registry.grpc.JobGrpcService;
import io.rootstock.registry.grpc.ModelGrpcService;
import io.rootstock.registry.grpc.QuotaGrpcService;
import io.rootstock.registry.grpc.ResourceGrpcService;
import io.rootstock.registry.grpc.RunLeaseGrpcService;
import io.rootstock.registry.grpc.StorageGrpcService;
import io.rootstock.registry.grpc.TextInterceptor;
import io.rootstock.registry.grpc.WebhookGrpcService;
import io.rootstock.registry.identity.AccessTokens;
import io.rootstock.registry.identity.AuditEvents;
import io.rootstock.registry.identity.DatabaseCallers;
import io.rootstock.registry.identity.IdentitySettings;
import io.rootstock.registry.identity.OpenIdTokens;
import io.rootstock.registry.identity.Principals;
import io.rootstock.registry.identity.Quotas;
import io.rootstock.registry.identity.RegistryScopes;
import io.rootstock.registry.job.JobJournal;
import io.rootstock.registry.job.JobLoops;
import io.rootstock.registry.job.JobRetention;
import io.rootstock.registry.job.Jobs;
import io.rootstock.registry.job.Peers;
import io.rootstock.registry.job.RunLeases;
import io.rootstock.registry.job.TrainingJobs;
import io.rootstock.registry.lease.LeaseTerm;
import io.rootstock.registry.lease.Leases;
import io.rootstock.registry.metric.Metrics;
import io.rootstock.registry.model.AddedArtifacts;
import io.rootstock.registry.model.Aliases;
import io.rootstock.registry.model.ArtifactCheck;
import io.rootstock.registry.model.Canaries;
import io.rootstock.registry.model.Descriptions;
import io.rootstock.registry.model.Lineage;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.resource.ReleasedResources;
import io.rootstock.registry.storage.ArtifactCollector;
import io.rootstock.registry.v1.CanaryServiceGrpc;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.FileServiceGrpc;
import io.rootstock.registry.v1.FineTuningServiceGrpc;
import io.rootstock.registry.v1.IdentityServiceGrpc;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.QuotaServiceGrpc;
import io.rootstock.registry.v1.ResourceServiceGrpc;
import io.rootstock.registry.v1.RunLeaseServiceGrpc;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.registry.v1.WebhookServiceGrpc;
import io.rootstock.registry.watch.Changes;
import io.rootstock.registry.webhook.EndpointPolicy;
import io.rootstock.registry.webhook.WebhookDispatcher;
import io.rootstock.registry.webhook.WebhookSender;
import io.rootstock.registry.webhook.Webhooks;
import io.rootstock.scheduling.Policy;
import io.rootstock.service.BearerToken;
import io.rootstock.service.CommonSettings;
import io.rootstock.service.ErrorInterceptor;
import io.rootstock.service.access.Authentication;
import io.rootstock.service.access.AuthenticationInterceptor;
import io.rootstock.service.access.AuthorizationInterceptor;
import io.rootstock.service.access.RateLimit;
import io.rootstock.storage.v1.StorageServiceGrpc;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.Assertions;
import org.postgresql.ds.PGSimpleDataSource;

/** The registry's gRPC services on a gRPC server and a PostgreSQL database, with {@link RecordedPeers}. */
public final class RegistryHarness implements AutoCloseable {
    private final PGSimpleDataSource source;
    private final Schema schema;
    private final ArtifactStore store;
    private final RecordedPeers peers = new RecordedPeers();
    private final Vertx vertx = Vertx.vertx();
    private final Path scratch;
    private final FileLimits fileLimits;
    private final IdentitySettings settings;
    private final BearerToken token;
    private ExpiryLimits expiryLimits = ExpiryLimits.NONE;
    private Policy policy = Policy.DEFAULT;
    private Expiry expiry;
    private Database database;
    private Changes changes;
    private Leadership leadership;
    private JobLoops loops;
    private FineTuningLoops fineTunings;
    private WebhookSender sender;
    private WebhookDispatcher webhooks;
    private CanaryJudge canaries;
    private Server server;
    private ManagedChannel channel;

    /** Starts a registry with an artifact store below {@code scratch}. */
    public RegistryHarness(Path scratch) {
        this(scratch, new FileLimits(1000, 1 << 30, 1 << 30, Duration.ofHours(1)));
    }

    /** Starts a registry with other limits of files. */
    public RegistryHarness(Path scratch, FileLimits fileLimits) {
        this(scratch, fileLimits, Map.of());
    }

    /** Starts a registry that requires a token: the token of the file, or an access token. */
    public static RegistryHarness withToken(Path scratch, Path tokenFile) {
        return new RegistryHarness(
                scratch,
                new FileLimits(1000, 1 << 30, 1000, Duration.ofHours(1)),
                Map.of("rootstock.auth.token-file", tokenFile.toString()));
    }

    /** Starts another registry, of a release with this schema, on the same database and artifact store. */
    public RegistryHarness another(Schema other) {
        return new RegistryHarness(scratch, fileLimits, Map.of(), source, other);
    }

    private RegistryHarness(Path scratch, FileLimits fileLimits, Map<String, String> properties) {
        this(scratch, fileLimits, properties, TestDatabase.create(), Schema.REGISTRY);
    }

    private RegistryHarness(
            Path scratch,
            FileLimits fileLimits,
            Map<String, String> properties,
            PGSimpleDataSource source,
            Schema schema) {
        this.source = source;
        this.schema = schema;
        this.scratch = scratch;
        this.fileLimits = fileLimits;
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(IdentitySettings.class)
                .withMapping(CommonSettings.class)
                .withValidateUnknown(false)
                .withDefaultValue("user.home", scratch.toString())
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .addDiscoveredInterceptors()
                .build();
        this.settings = config.getConfigMapping(IdentitySettings.class);
        this.token = new BearerToken(config.getConfigMapping(CommonSettings.class));
        this.store = new DirectoryArtifactStore(scratch.resolve("artifacts"));
        peers.setGgufFiles(request ->
                file(request.getKind(), "gguf " + request.getModelName() + " of " + request.getHuggingFaceDigest()));
        start();
    }

    /** The tokenizer service and the trainer that the registry calls. */
    public RecordedPeers peers() {
        return peers;
    }

    /** Data source for connections outside the registry's pool. */
    public PGSimpleDataSource source() {
        return source;
    }

    /** Client of JobService. */
    public JobServiceGrpc.JobServiceBlockingStub jobs() {
        return JobServiceGrpc.newBlockingStub(channel);
    }

    /** Client of QuotaService. */
    public QuotaServiceGrpc.QuotaServiceBlockingStub quotas() {
        return QuotaServiceGrpc.newBlockingStub(channel);
    }

    /** Client of ModelService. */
    public ModelServiceGrpc.ModelServiceBlockingStub models() {
        return ModelServiceGrpc.newBlockingStub(channel);
    }

    /** Client of CanaryService. */
    public CanaryServiceGrpc.CanaryServiceBlockingStub canaries() {
        return CanaryServiceGrpc.newBlockingStub(channel);
    }

    /** Client of ResourceService. */
    public ResourceServiceGrpc.ResourceServiceBlockingStub resources() {
        return ResourceServiceGrpc.newBlockingStub(channel);
    }

    /** Client of FileService. */
    public FileServiceGrpc.FileServiceBlockingV2Stub files() {
        return FileServiceGrpc.newBlockingV2Stub(channel);
    }

    /** Client of FineTuningService. */
    public FineTuningServiceGrpc.FineTuningServiceBlockingStub fineTuning() {
        return FineTuningServiceGrpc.newBlockingStub(channel);
    }

    /** Client of WebhookService. */
    public WebhookServiceGrpc.WebhookServiceBlockingStub webhooks() {
        return WebhookServiceGrpc.newBlockingStub(channel);
    }

    /** Client of RunLeaseService. */
    public RunLeaseServiceGrpc.RunLeaseServiceBlockingStub leases() {
        return RunLeaseServiceGrpc.newBlockingStub(channel);
    }

    /** Client of StorageService. */
    public StorageServiceGrpc.StorageServiceBlockingStub storage() {
        return StorageServiceGrpc.newBlockingStub(channel);
    }

    /** Channel to the registry. */
    public ManagedChannel channel() {
        return channel;
    }

    /** Client of IdentityService. */
    public IdentityServiceGrpc.IdentityServiceBlockingStub identity() {
        return IdentityServiceGrpc.newBlockingStub(channel);
    }

    /** The registry's artifact store. */
    public ArtifactStore store() {
        return store;
    }

    /** Restarts the registry with ages after which resources expire, with the hourly loop. */
    public void restartWithExpiryLoop(ExpiryLimits limits) {
        restartWithExpiry(limits);
        expiry.start();
    }

    /** Restarts the registry with ages after which resources expire when it is pruned. */
    public void restartWithExpiry(ExpiryLimits limits) {
        expiryLimits = limits;
        restart();
    }

    /** Restarts the registry with a scheduling policy. */
    public void restartWithPolicy(Policy scheduling) {
        policy = scheduling;
        restart();
    }

    /** Stops the registry without draining calls and starts another registry on the same database. */
    public void restart() {
        stop();
        start();
    }

    /** Stores a file with this content. */
    public Artifact file(ArtifactKind kind, String content) {
        try {
            Path file = Files.writeString(Files.createTempFile(scratch, "artifact", ""), content);
            return artifact(kind, store.putFile(file), content.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stores a directory with one file, config.json, with this content. */
    public Artifact directory(String content) {
        try {
            Path directory = Files.createTempDirectory(scratch, "directory");
            Files.writeString(directory.resolve("config.json"), content);
            return artifact(ArtifactKind.ARTIFACT_KIND_HUGGING_FACE, store.putDirectory(directory), content.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Registers a base version with a Hugging Face directory and an F32 GGUF. */
    public Version register(String model) {
        return register(model, Version.newBuilder());
    }

    /** Registers a base version with these fields and the same artifacts. */
    public Version register(String model, Version.Builder version) {
        return models().createVersion(CreateVersionRequest.newBuilder()
                        .setModel("models/" + model)
                        .setVersion(version.setKind(VersionKind.VERSION_KIND_BASE)
                                .addArtifacts(directory(model))
                                .addArtifacts(file(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "gguf " + model)))
                        .build())
                .getVersion();
    }

    /** Waits until the registry leads, which begins with the extension of leases. */
    public void awaitLeadership() {
        eventually(leadership::held);
    }

    /** Polls a condition until it is true; fails after 5 minutes. */
    public static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        while (!condition.getAsBoolean()) {
            Assertions.assertThat(System.nanoTime())
                    .as("condition still false after 300 s")
                    .isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Override
    public void close() {
        stop();
        peers.close();
        vertx.close();
    }

    private void start() {
        database = Database.open(new DatabaseServer.External(source), schema);
        changes = new Changes();
        leadership = new Leadership(database, changes);
        ArtifactCheck artifacts = new ArtifactCheck(store);
        Peers clients = new Peers(peers.channel(), peers.channel(), Duration.ofMillis(200));
        TrainingJobs trainings = new TrainingJobs(database, clients, store, changes);
        Evaluations evaluations = new Evaluations(database, store, changes);
        Jobs jobs = new Jobs(database, changes, List.of(trainings, evaluations));
        Leases leases = new Leases(database, new LeaseTerm(Duration.ofSeconds(30)));
        loops = new JobLoops(
                database,
                leadership,
                clients,
                new JobJournal(database, artifacts, changes),
                changes,
                new JobRetention(Duration.ofDays(90), Duration.ofDays(180)),
                leases,
                policy);
        loops.start();
        leadership.start();
        Gates gates = new Gates(database, new Comparisons(evaluations, store, new RowWork()));
        Aliases aliases = new Aliases(database, changes, gates);
        StoredFiles files = new StoredFiles(database, store, fileLimits);
        FineTunings tunings = new FineTunings(database, jobs, changes);
        fineTunings = new FineTuningLoops(
                database,
                leadership,
                tunings,
                jobs,
                trainings,
                aliases,
                files,
                store,
                new DatasetClient(peers.channel()),
                changes);
        fineTunings.start();
        expiry = new Expiry(database, files, leadership, changes, expiryLimits);
        EndpointPolicy endpoints = new EndpointPolicy(true);
        sender = new WebhookSender(vertx, endpoints);
        webhooks = new WebhookDispatcher(database, leadership, sender, changes);
        webhooks.start();
        canaries = new CanaryJudge(database, leadership, aliases, changes);
        canaries.start();
        Models registered = new Models(database, artifacts, clients);
        ModelGrpcService models = new ModelGrpcService(
                registered,
                new Descriptions(database, registered),
                new AddedArtifacts(database, registered, artifacts, clients),
                aliases,
                new Canaries(database, changes),
                new Lineage(database),
                new ModelDeletion(database, changes),
                changes);
        Principals principals = new Principals(database);
        AuditEvents audit = new AuditEvents(database, settings);
        Authentication authentication =
                new Authentication(token, new DatabaseCallers(database, new OpenIdTokens(settings, null)));
        // The last one is the outermost.
        List<ServerInterceptor> interceptors = List.of(
                new ErrorInterceptor(),
                new AuthorizationInterceptor(
                        new RegistryScopes(database, registered, jobs, evaluations, principals), audit),
                new TextInterceptor(),
                new AuthenticationInterceptor(authentication, new RateLimit()));
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(ServerInterceptors.intercept(
                            new JobGrpcService(jobs, trainings, new Metrics(database), changes), interceptors))
                    .addService(ServerInterceptors.intercept(models, interceptors))
                    .addService(ServerInterceptors.intercept(
                            new ResourceGrpcService(new ReleasedResources(database)), interceptors))
                    .addService(ServerInterceptors.intercept(
                            new StorageGrpcService(new ArtifactCollector(database, clients, store), expiry),
                            interceptors))
                    .addService(ServerInterceptors.intercept(
                            new FileGrpcService(files, new Uploads(database, store, fileLimits), store), interceptors))
                    .addService(ServerInterceptors.intercept(
                            new IdentityGrpcService(principals, new AccessTokens(database), audit), interceptors))
                    .addService(ServerInterceptors.intercept(new FineTuningGrpcService(tunings), interceptors))
                    .addService(ServerInterceptors.intercept(new GateGrpcService(gates), interceptors))
                    .addService(ServerInterceptors.intercept(
                            new RunLeaseGrpcService(new RunLeases(database, leases)), interceptors))
                    .addService(ServerInterceptors.intercept(
                            new QuotaGrpcService(new Quotas(database, policy, changes)), interceptors))
                    .addService(ServerInterceptors.intercept(
                            new CanaryGrpcService(new CanaryAnalyses(database), new CanaryReports(database)),
                            interceptors))
                    .addServices(EvaluationFixture.services(database, store, leases, evaluations, changes).stream()
                            .map(service -> ServerInterceptors.intercept(service, interceptors))
                            .toList())
                    .addService(ServerInterceptors.intercept(
                            new WebhookGrpcService(new Webhooks(database, endpoints, sender)), interceptors))
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    private void stop() {
        channel.shutdownNow();
        server.shutdownNow();
        changes.close();
        expiry.close();
        canaries.close();
        webhooks.close();
        sender.close();
        fineTunings.close();
        loops.close();
        leadership.close();
        database.close();
    }

    private static Artifact artifact(ArtifactKind kind, Digest digest, long bytes) {
        return Artifact.newBuilder()
                .setKind(kind)
                .setDigest(digest.value())
                .setBytes(bytes)
                .build();
    }
}
