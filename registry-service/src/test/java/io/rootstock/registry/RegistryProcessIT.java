package io.rootstock.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.rootstock.artifacts.ArtifactCache;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.artifacts.FetchProgress;
import io.rootstock.artifacts.HttpArtifactSource;
import io.rootstock.client.TokenCredentials;
import io.rootstock.database.TestDatabase;
import io.rootstock.postgres.EmbeddedPostgres;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.CreateWebhookRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.registry.v1.Webhook;
import io.rootstock.registry.v1.WebhookServiceGrpc;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service as a separate process: kill and restart, an incompatible data folder, an external server. */
class RegistryProcessIT {
    private static final Pattern SERVING = Pattern.compile("Started gRPC server on 127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern LEADS = Pattern.compile("this registry (leads)");
    private static final Pattern LEADS_NO_LONGER = Pattern.compile("this registry (no longer leads)");
    private static final double FAILOVER_SECONDS = 7;
    private static final Pattern STARTED = Pattern.compile("registry-service .* started in");

    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    /** A registry with a token and an external database, for the tests that do not stop it. */
    private static RegistryProcess shared;

    @TempDir
    private static Path sharedHome;

    @TempDir
    private Path home;

    private final List<Process> processes = new ArrayList<>();

    @BeforeAll
    static void startShared() throws IOException {
        Path token = Files.writeString(sharedHome.resolve("token"), TOKEN + "\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        List<String> settings = new ArrayList<>(RegistryProcess.database(sharedHome, TestDatabase.createEmpty()));
        settings.add("-Drootstock.auth.token-file=" + token);
        shared = RegistryProcess.start(sharedHome, settings);
    }

    @AfterAll
    static void stopShared() {
        shared.close();
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : processes) {
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @Tag("fault")
    void afterSigkillTheNextRegistryAdoptsTheServerWithEveryAcknowledgedWrite() throws Exception {
        Path log = start(List.of());
        Version version = register(port(log));
        Process killed = processes.removeFirst();
        killed.destroyForcibly().waitFor();
        Path next = start(List.of());
        assertThat(production(port(next))).isEqualTo(version);
        assertThat(Files.readString(next)).contains("adopted the PostgreSQL server");
    }

    @Test
    @Tag("fault")
    void afterSigkillTheNextRegistrySendsEveryEvent() throws Exception {
        List<String> settings = List.of(
                "-Drootstock.registry.webhook-private-addresses=true", "-Drootstock.tokenizer.endpoint=127.0.0.1:1");
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            receiver.hang();
            Path log = start(settings);
            ManagedChannel channel = channel(port(log));
            String secret;
            try {
                secret = WebhookServiceGrpc.newBlockingStub(channel)
                        .createWebhook(CreateWebhookRequest.newBuilder()
                                .setWebhook(Webhook.newBuilder().setUrl(receiver.url()))
                                .build())
                        .getSecret();
                cancelledJob(channel);
                receiver.await(1);
                cancelledJob(channel);
            } finally {
                close(channel);
            }
            processes.removeFirst().destroyForcibly().waitFor();
            receiver.answerWith(200);
            Path next = start(settings);
            receiver.await(3);
            List<String> ids = receiver.received().stream()
                    .map(request -> request.header("webhook-id"))
                    .toList();
            assertThat(ids.get(1)).isEqualTo(ids.get(0));
            assertThat(ids.get(2)).isNotEqualTo(ids.get(0));
            assertThat(receiver.received().get(2).verified(secret)._json()).isPresent();
            assertThat(Files.readString(log) + Files.readString(next)).doesNotContain(secret, "tenant=a");
        }
    }

    @Test
    void loopbackIsRefusedByDefault() throws Exception {
        ManagedChannel channel = sharedChannel();
        try {
            assertThatThrownBy(() -> WebhookServiceGrpc.newBlockingStub(channel)
                            .createWebhook(CreateWebhookRequest.newBuilder()
                                    .setWebhook(Webhook.newBuilder().setUrl("https://localhost/hook"))
                                    .build()))
                    .hasMessageContaining("INVALID_ARGUMENT: webhook.url: localhost has the address 127.0.0.1");
        } finally {
            close(channel);
        }
    }

    @Test
    void rejectsADataFolderOfAnotherMajorVersionAndExits() throws Exception {
        Path folder = home.resolve("registry/postgres");
        EmbeddedPostgres.start(folder, home.resolve("native")).close();
        Files.writeString(folder.resolve("data/PG_VERSION"), "15\n");
        Path log = launch(List.of());
        Process process = processes.removeFirst();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isNotZero();
        assertThat(Files.readString(log)).contains("was written by PostgreSQL 15", "pg_dump");
    }

    @Test
    void anExternalServerIsUsedIfConfigured() throws Exception {
        ManagedChannel channel = sharedChannel();
        try {
            Version version = register(sharedHome, channel);
            assertThat(production(channel)).isEqualTo(version);
        } finally {
            close(channel);
        }
        assertThat(sharedHome.resolve("registry")).doesNotExist();
        assertThat(sharedHome.resolve("native")).doesNotExist();
    }

    @Test
    @Tag("fault")
    void anotherRegistryTakesOverFromAKilledAndFromAFrozenOne() throws Exception {
        List<String> settings = new ArrayList<>(RegistryProcess.database(home, TestDatabase.create()));
        settings.add("-Drootstock.registry.webhook-private-addresses=true");
        settings.add("-Drootstock.tokenizer.endpoint=127.0.0.1:1");
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            receiver.answerWith(200);
            Path first = start(settings);
            RegistryHarness.eventually(() -> find(first, LEADS).isPresent());
            Path second = start(settings);
            Process frozen = processes.get(1);
            ManagedChannel channel = channel(port(second));
            try {
                WebhookServiceGrpc.WebhookServiceBlockingStub webhooks = WebhookServiceGrpc.newBlockingStub(channel);
                webhooks.createWebhook(CreateWebhookRequest.newBuilder()
                        .setWebhook(Webhook.newBuilder().setUrl(receiver.url()))
                        .build());
                cancelledJob(channel);
                receiver.await(1);
                signal(frozen, "STOP");
                assertThat(secondsUntil(receiver, 2, channel)).isLessThan(FAILOVER_SECONDS);
                assertThat(find(second, LEADS)).isPresent();
                signal(frozen, "CONT");
                RegistryHarness.eventually(() -> find(first, LEADS_NO_LONGER).isPresent());
                assertThat(secondsUntil(receiver, 3, channel)).isLessThan(FAILOVER_SECONDS);
            } finally {
                close(channel);
            }
            processes.removeFirst().destroyForcibly().waitFor();
            ManagedChannel other = channel(port(first));
            try {
                assertThat(secondsUntil(receiver, 4, other)).isLessThan(FAILOVER_SECONDS);
            } finally {
                close(other);
            }
        }
    }

    /** Cancels a job and returns the time until this number of different events is delivered. */
    private static double secondsUntil(WebhookReceiver receiver, int events, ManagedChannel channel) {
        long start = System.nanoTime();
        cancelledJob(channel);
        // The last event of a killed registry may be delivered again.
        RegistryHarness.eventually(() -> receiver.received().stream()
                        .map(request -> request.header("webhook-id"))
                        .distinct()
                        .count()
                == events);
        return (System.nanoTime() - start) / 1e9;
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void artifactsAreReadOverHttpWithTheTokenAndByRange() throws Exception {
        byte[] content = new byte[1_000_000];
        new Random(1).nextBytes(content);
        String hex = new DirectoryArtifactStore(sharedHome.resolve("artifacts"))
                .putFile(Files.write(home.resolve("content"), content))
                .hex();
        URI address = URI.create(shared.http() + "/artifacts");
        URI artifact = URI.create(address + "/sha256/" + hex.substring(0, 2) + "/" + hex.substring(2));
        assertThat(get(artifact, Map.of()).statusCode()).isEqualTo(401);
        Map<String, String> allowed = Map.of("Authorization", "Bearer " + TOKEN);
        HttpResponse<byte[]> whole = get(artifact, allowed);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(content);
        HttpResponse<byte[]> rest = get(artifact, with(allowed, "Range", "bytes=999990-"));
        assertThat(rest.statusCode()).isEqualTo(206);
        assertThat(rest.headers().firstValue("Content-Range")).contains("bytes 999990-999999/1000000");
        assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(content, 999_990, 1_000_000));
        assertThat(get(artifact, with(allowed, "Range", "bytes=1000000-")).statusCode())
                .isEqualTo(416);
        URI missing = URI.create(address + "/sha256/00/" + "0".repeat(62));
        assertThat(get(missing, allowed).statusCode()).isEqualTo(404);
        for (String path : List.of("/sha256/00/..", "/sha256/0/" + "0".repeat(63), "/sha256/..%2f..%2fetc/passwd")) {
            assertThat(get(URI.create(address + path), allowed).statusCode()).isEqualTo(404);
        }
        ArtifactCache cache = new ArtifactCache(
                home.resolve("cache"), new HttpArtifactSource(address, () -> Optional.of(TOKEN)), 1 << 30);
        assertThat(cache.fetch(Digest.parse("sha256:" + hex), FetchProgress.PATIENT))
                .hasBinaryContent(content);
    }

    private static HttpResponse<byte[]> get(URI address, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        headers.forEach(request::header);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return more;
    }

    private Path start(List<String> settings) throws IOException {
        Path log = launch(settings);
        RegistryHarness.eventually(() -> find(log, STARTED).isPresent());
        return log;
    }

    private Path launch(List<String> settings) throws IOException {
        RegistryProcess registry = RegistryProcess.launch(home, settings);
        processes.addFirst(registry.process());
        return registry.log();
    }

    private Version register(int port) throws IOException, InterruptedException {
        ManagedChannel channel = channel(port);
        try {
            return register(home, channel);
        } finally {
            close(channel);
        }
    }

    private static Version register(Path home, ManagedChannel channel) throws IOException {
        Path file = Files.writeString(home.resolve("model.gguf"), "weights");
        Artifact artifact = Artifact.newBuilder()
                .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                .setDigest(new DirectoryArtifactStore(home.resolve("artifacts"))
                        .putFile(file)
                        .value())
                .build();
        ModelServiceGrpc.ModelServiceBlockingStub models = ModelServiceGrpc.newBlockingStub(channel);
        Version version = models.createVersion(CreateVersionRequest.newBuilder()
                        .setModel("models/base")
                        .setVersion(Version.newBuilder()
                                .setKind(VersionKind.VERSION_KIND_BASE)
                                .addArtifacts(artifact))
                        .build())
                .getVersion();
        models.setAlias(SetAliasRequest.newBuilder()
                .setName("models/base/aliases/production")
                .setVersion(version.getName())
                .build());
        return version;
    }

    private static Version production(int port) throws InterruptedException {
        ManagedChannel channel = channel(port);
        try {
            return production(channel);
        } finally {
            close(channel);
        }
    }

    private static Version production(ManagedChannel channel) {
        return ModelServiceGrpc.newBlockingStub(channel)
                .getVersion(GetVersionRequest.newBuilder()
                        .setName("base@production")
                        .build())
                .getVersion();
    }

    private static void cancelledJob(ManagedChannel channel) {
        JobServiceGrpc.JobServiceBlockingStub jobs = JobServiceGrpc.newBlockingStub(channel);
        Job job = jobs.createJob(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setTask(Task.TASK_PRETRAIN)
                                .setDataset("datasets/text")
                                .setOutputModel("models/base"))
                        .build())
                .getJob();
        jobs.cancelJob(CancelJobRequest.newBuilder().setName(job.getName()).build());
    }

    private static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    private static ManagedChannel sharedChannel() {
        Metadata headers = new Metadata();
        headers.put(TokenCredentials.AUTHORIZATION, TokenCredentials.SCHEME + TOKEN);
        return NettyChannelBuilder.forAddress("127.0.0.1", shared.port())
                .usePlaintext()
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                .build();
    }

    private static void close(ManagedChannel channel) throws InterruptedException {
        channel.shutdownNow();
        assertThat(channel.awaitTermination(Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
    }

    private static int port(Path log) {
        return Integer.parseInt(find(log, SERVING).orElseThrow());
    }

    private static Optional<String> find(Path log, Pattern pattern) {
        try {
            Matcher matcher = pattern.matcher(Files.readString(log));
            return matcher.find() ? Optional.of(matcher.group(matcher.groupCount())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
