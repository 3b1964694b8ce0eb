package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.await;
import static io.rootstock.inference.service.ServingFixture.options;
import static io.rootstock.inference.service.ServingFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.rootstock.access.v1.Role;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.VersionKind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A new instance of the packaged service, with an empty home, while the registry and its artifacts are unavailable. */
@Timeout(180)
class PeersIT {
    /** Result of a request before the service listens. */
    private static final int STARTING = 0;

    private static final String TOKEN = "a-token-of-services-0123456789";

    @TempDir
    static Path home;

    @TempDir
    static Path scratch;

    @TempDir
    Path other;

    /** A service with a token. */
    private static ServingFixture secured;

    private static String tokenFile;

    @BeforeAll
    static void startSecured() throws IOException {
        Path file = Files.writeString(scratch.resolve("token"), TOKEN + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        tokenFile = "rootstock.auth.token-file=" + file;
        secured = new ServingFixture(home, scratch, tokenFile);
    }

    @AfterAll
    static void stopSecured() {
        secured.close();
    }

    private static String generate(ServiceProcess service, String model) {
        return service.calls()
                .generate(GenerateRequest.newBuilder()
                        .setModel(model)
                        .setPrompt("a")
                        .setOptions(options(10))
                        .build())
                .getCompletions(0)
                .getText();
    }

    private static ServingStatus health(ServiceProcess service) {
        return HealthGrpc.newBlockingStub(service.channel())
                .withWaitForReady()
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus();
    }

    private static int status(HttpClient client, HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString()).statusCode();
        } catch (IOException _) {
            return STARTING;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An instance without a registry and without its artifacts. */
    private ServiceProcess start(ServingFixture serving, String... settings) throws IOException {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("rootstock.inference.peers=http://127.0.0.1:" + serving.httpPort());
        all.add("rootstock.inference.artifacts=http://127.0.0.1:" + ServiceProcess.freePort() + "/artifacts");
        all.add("rootstock.inference.load-retry=300ms");
        all.add("rootstock.inference.threads=1");
        return new ServiceProcess(other, serving.registry.port(), all.toArray(String[]::new));
    }

    @Test
    void servesWhatAnotherInstanceServesUntilTheRegistryIsAvailable() throws IOException, InterruptedException {
        try (ServingFixture serving = ServingFixture.shared(scratch)) {
            serving.serve("base", 1, VersionKind.VERSION_KIND_BASE, TinyModel.reciting("abcd"));
            serving.registry.stopServing();
            try (ServiceProcess late = start(serving)) {
                late.await("models/base", model -> model.getState() == ServedState.SERVED_STATE_READY);
                assertThat(generate(late, "base")).isEqualTo("bcd");
                await(() -> health(late) == ServingStatus.SERVING);
                // It is unknown whether another model exists.
                assertThat(refusal(() -> generate(late, "unknown"))).isEqualTo("UNAVAILABLE REGISTRY_UNAVAILABLE");
                assertThat(other.resolve("inference/served.json"))
                        .hasSameTextualContentAs(serving.home().resolve("inference/served.json"));

                serving.registry.promote(
                        serving.version("base", 2, VersionKind.VERSION_KIND_BASE, TinyModel.reciting("acbd")));
                serving.registry.startServing();
                // The new version's file is at no peer before that has loaded it, and is fetched then.
                late.await("models/base", model -> model.getVersion().equals("models/base/versions/2"));
                assertThat(generate(late, "base")).isEqualTo("cbd");
            }
        }
    }

    @Test
    void waitsForTheRegistryIfNoOtherInstanceServes() throws IOException, InterruptedException {
        try (ServingFixture serving = ServingFixture.shared(scratch)) {
            serving.registry.stopServing();
            try (ServiceProcess late = start(serving)) {
                await(() -> refusal(() -> generate(late, "base")).equals("UNAVAILABLE REGISTRY_UNAVAILABLE"));
                assertThat(health(late)).isEqualTo(ServingStatus.NOT_SERVING);
            }
            serving.registry.startServing();
        }
    }

    @Test
    void answersTheCallersThatAnotherInstanceKnows() throws IOException, InterruptedException {
        secured.registry.admit("users/alice", Role.ROLE_VIEWER);
        secured.registry.promote(secured.version("base", 1, VersionKind.VERSION_KIND_BASE, TinyModel.reciting("abcd")));
        await(() -> answer(secured.service, "alices").equals("bcd"));
        secured.registry.stopServing();
        try (ServiceProcess late = start(secured, tokenFile)) {
            await(() -> answer(late, "alices").equals("bcd"));
            // Whether this token is valid is unknown.
            assertThat(answer(late, "bobs")).isEqualTo("UNAVAILABLE IDENTITY_UNAVAILABLE");
        }
        secured.registry.startServing();
    }

    @Test
    void answersInstancesWithTheTokenOnly() {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String address = "http://127.0.0.1:" + secured.httpPort();
            String zeros = "0".repeat(62);
            for (String path :
                    List.of("/peers/served", "/peers/callers/00" + zeros, "/peers/artifacts/sha256/00/" + zeros)) {
                HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path));
                await(() -> status(client, request) != STARTING);
                assertThat(status(client, request)).as(path).isEqualTo(401);
                request.header("Authorization", "Bearer " + TOKEN);
                assertThat(status(client, request)).as(path).isEqualTo(path.endsWith("served") ? 200 : 404);
            }
        }
    }

    /** The completion for a caller with a token, or the refusal. */
    private static String answer(ServiceProcess service, String token) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        try {
            return service.calls()
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .generate(GenerateRequest.newBuilder()
                            .setModel("base")
                            .setPrompt("a")
                            .setOptions(options(10))
                            .build())
                    .getCompletions(0)
                    .getText();
        } catch (StatusRuntimeException e) {
            return refusal(() -> {
                throw e;
            });
        }
    }
}
