package io.rootstock.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.rootstock.artifacts.ArtifactCache;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.artifacts.FetchProgress;
import io.rootstock.artifacts.HttpArtifactSource;
import io.rootstock.client.ServiceChannel;
import io.rootstock.client.tls.ReloadListener;
import io.rootstock.client.tls.ReloadedTls;
import io.rootstock.client.tls.SecretVolume;
import io.rootstock.client.tls.TestAuthority;
import io.rootstock.client.tls.TlsFiles;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ModelServiceGrpc;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service over mutual TLS: gRPC, artifacts, the probes of Kubernetes, and invalid files at the start. */
class RegistryTlsIT {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Pattern GRPC = Pattern.compile("Started gRPC server on 127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern HTTPS = Pattern.compile("Listening on: https://127\\.0\\.0\\.1:(\\d+)");

    @TempDir
    private Path home;

    private final TestAuthority authority = new TestAuthority("authority");
    private SecretVolume files;
    private Path log;
    private Process process;

    @BeforeEach
    void write() {
        files = new SecretVolume(home.resolve("tls"));
        files.replace(authority.issue("registry", DAY, "127.0.0.1"), authority.certificate());
    }

    @AfterEach
    void end() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void servesClientsWithACertificateAndProbesWithout() throws Exception {
        byte[] content = "weights".getBytes(StandardCharsets.UTF_8);
        Digest artifact = new DirectoryArtifactStore(home.resolve("artifacts"))
                .putFile(Files.write(home.resolve("model.gguf"), content));
        start();
        RegistryHarness.eventually(() -> port(HTTPS).isPresent());
        URI base = URI.create("https://127.0.0.1:" + port(HTTPS).orElseThrow());

        try (ReloadedTls client = client(true)) {
            ManagedChannel channel =
                    ServiceChannel.open("127.0.0.1:" + port(GRPC).orElseThrow(), Optional.of(client), Optional.empty());
            try {
                assertThat(ModelServiceGrpc.newBlockingStub(channel)
                                .listModels(ListModelsRequest.getDefaultInstance())
                                .getModelsList())
                        .isEmpty();
            } finally {
                channel.shutdownNow();
            }
            HttpArtifactSource source = new HttpArtifactSource(
                    base.resolve("/artifacts"), Optional::empty, Optional.of(client.clientContext()));
            assertThat(new ArtifactCache(home.resolve("cache"), source, 1 << 30).fetch(artifact, FetchProgress.PATIENT))
                    .hasBinaryContent(content);
        }
        try (ReloadedTls anonymous = client(false)) {
            for (String path : List.of("/q/health/started", "/q/health/ready", "/q/health/live")) {
                assertThat(status(anonymous, base.resolve(path))).as(path).isEqualTo(200);
            }
            assertThat(status(anonymous, base.resolve("/q/metrics"))).isEqualTo(401);
            assertThat(status(anonymous, base.resolve("/artifacts/sha256/00/" + "0".repeat(62))))
                    .isEqualTo(401);
        }
    }

    @Test
    void doesNotStartWithTheKeyOfAnotherCertificate() throws Exception {
        files.replace(
                authority.issue("registry", DAY).certificate(),
                authority.issue("other", DAY).key(),
                authority.certificate());
        start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isNotZero();
        assertThat(Files.readString(log))
                .contains("rootstock.tls.key-file: the key in " + files.key()
                        + " does not belong to the certificate of rootstock.tls.certificate-file");
    }

    private void start() throws IOException {
        RegistryProcess registry = RegistryProcess.launch(
                home,
                List.of(
                        "-Drootstock.tls.certificate-file=" + files.certificate(),
                        "-Drootstock.tls.key-file=" + files.key(),
                        "-Drootstock.tls.client-authority-file=" + files.authority(),
                        "-Drootstock.tls.client-authentication=required"));
        process = registry.process();
        log = registry.log();
    }

    private ReloadedTls client(boolean withCertificate) {
        SecretVolume client = new SecretVolume(home.resolve("client-" + withCertificate));
        client.replace(authority.issue("client", DAY), authority.certificate());
        return new ReloadedTls(
                new TlsFiles(
                        new TlsFiles.Names("certificate", "key", "authority"),
                        Optional.of(client.certificate()).filter(_ -> withCertificate),
                        Optional.of(client.key()).filter(_ -> withCertificate),
                        Optional.of(client.authority())),
                ReloadedTls.DEFAULT_PERIOD,
                ReloadListener.NONE);
    }

    private static int status(ReloadedTls tls, URI address) throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(tls.clientContext()).build()) {
            return client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private Optional<Integer> port(Pattern pattern) {
        try {
            Matcher matcher = pattern.matcher(Files.readString(log));
            return matcher.find() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
