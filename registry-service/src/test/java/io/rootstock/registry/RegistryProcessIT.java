package io.rootstock.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.rootstock.artifacts.DirectoryArtifactStore;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** The packaged service as a separate process: kill and restart, an incompatible data folder, an external server. */
class RegistryProcessIT {
    private static final Pattern SERVING = Pattern.compile("Started gRPC server on 127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern STARTED = Pattern.compile("registry-service .* started in");

    @TempDir
    private Path home;

    private final List<Process> processes = new ArrayList<>();
    private int starts;

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : processes) {
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
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
        ManagedChannel channel = channel(port(start(List.of())));
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
        PGSimpleDataSource server = TestDatabase.newDatabase();
        Path password = Files.writeString(home.resolve("password"), server.getPassword() + "\n");
        Path log = start(List.of(
                "-Drootstock.registry.database-url=jdbc:postgresql://127.0.0.1:" + server.getPortNumbers()[0] + "/"
                        + server.getDatabaseName(),
                "-Drootstock.registry.database-user=" + server.getUser(),
                "-Drootstock.registry.database-password-file=" + password));
        Version version = register(port(log));
        assertThat(production(port(log))).isEqualTo(version);
        assertThat(home.resolve("registry")).doesNotExist();
        assertThat(home.resolve("native")).doesNotExist();
    }

    private Path start(List<String> settings) throws IOException {
        Path log = launch(settings);
        RegistryHarness.eventually(() -> find(log, STARTED).isPresent());
        return log;
    }

    private Path launch(List<String> settings) throws IOException {
        Path log = home.resolve("log-" + starts++);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Drootstock.home=" + home);
        command.add("-Dquarkus.http.port=0");
        command.add("-Dquarkus.grpc.server.port=0");
        command.addAll(settings);
        command.add("-jar");
        command.add(
                Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath().toString());
        processes.addFirst(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
        return log;
    }

    private Version register(int port) throws IOException, InterruptedException {
        Path file = Files.writeString(home.resolve("model.gguf"), "weights");
        Artifact artifact = Artifact.newBuilder()
                .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                .setDigest(new DirectoryArtifactStore(home.resolve("artifacts"))
                        .putFile(file)
                        .value())
                .build();
        ManagedChannel channel = channel(port);
        try {
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
        } finally {
            close(channel);
        }
    }

    private static Version production(int port) throws InterruptedException {
        ManagedChannel channel = channel(port);
        try {
            return ModelServiceGrpc.newBlockingStub(channel)
                    .getVersion(GetVersionRequest.newBuilder()
                            .setName("base@production")
                            .build())
                    .getVersion();
        } finally {
            close(channel);
        }
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
