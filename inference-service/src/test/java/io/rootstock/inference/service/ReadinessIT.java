package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.await;
import static io.rootstock.inference.service.ServingFixture.options;
import static io.rootstock.inference.service.ServingFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.rootstock.inference.service.WebStore.Behavior;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.VersionKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readiness of the packaged service while the registry or the artifact store is unavailable. */
@Timeout(180)
class ReadinessIT {
    private static final String COMPLETION = "{\"model\":\"base\",\"prompt\":\"a\",\"max_tokens\":3}";

    @TempDir
    Path home;

    @TempDir
    Path scratch;

    private static ServingStatus health(ServingFixture serving, String name) {
        return HealthGrpc.newBlockingStub(serving.service.channel())
                .withWaitForReady()
                .check(HealthCheckRequest.newBuilder().setService(name).build())
                .getStatus();
    }

    private static void expectNotReady(ServingFixture serving) throws IOException, InterruptedException {
        for (String name : new String[] {"", InferenceServiceGrpc.SERVICE_NAME, "models/base"}) {
            assertThat(health(serving, name)).as(name).isEqualTo(ServingStatus.NOT_SERVING);
        }
        assertThat(health(serving, ControlServiceGrpc.SERVICE_NAME)).isEqualTo(ServingStatus.SERVING);
        assertThat(serving.get("/q/health/ready").statusCode()).isEqualTo(503);
    }

    private static boolean listens(int port) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static String generate(ServingFixture serving) {
        return serving.service
                .calls()
                .generate(GenerateRequest.newBuilder()
                        .setModel("base")
                        .setPrompt("a")
                        .setOptions(options(10))
                        .build())
                .getCompletions(0)
                .getText();
    }

    @Test
    void isReadyOnceTheRegistryHasNamedTheVersionsAndTheyAreLoaded() throws IOException, InterruptedException {
        try (WebStore web = new WebStore(home.resolve("artifacts"));
                ServingFixture serving =
                        new ServingFixture(home, scratch, web.setting(), "rootstock.inference.load-retry=300ms")) {
            // The service of the fixture may have seen the registry already.
            serving.registry.stopServing();
            serving.restart();
            await(() -> refusal(() -> generate(serving)).equals("UNAVAILABLE REGISTRY_UNAVAILABLE"));
            await(() -> listens(serving.httpPort()));
            expectNotReady(serving);
            HttpResponse<String> refused = serving.post("/v1/completions", COMPLETION);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(refused.body()).contains("\"code\":\"registry_unavailable\"");
            assertThat(serving.get("/v1/models/base").statusCode()).isEqualTo(503);
            assertThat(serving.get("/v2/models/base").statusCode()).isEqualTo(503);

            web.setBehavior(Behavior.UNAVAILABLE);
            serving.registry.promote(
                    serving.version("base", 1, VersionKind.VERSION_KIND_BASE, TinyModel.reciting("abcd")));
            serving.registry.startServing();
            // An outage of the store may end: the version is not impossible to load.
            serving.service.await("models/base", model -> model.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
            expectNotReady(serving);
            assertThat(refusal(() -> generate(serving))).isEqualTo("UNAVAILABLE LOAD_FAILED");

            web.setBehavior(Behavior.NORMAL);
            await(() -> health(serving, "") == ServingStatus.SERVING);
            assertThat(generate(serving)).isEqualTo("bcd");
            assertThat(serving.get("/v1/models/unknown").statusCode()).isEqualTo(404);

            // A later promotion that cannot be loaded leaves the service ready.
            serving.promoteInvalid("noise", 1);
            assertThat(health(serving, "")).isEqualTo(ServingStatus.SERVING);
            // After a restart, so does one that was promoted before.
            serving.restart();
            await(() -> health(serving, "") == ServingStatus.SERVING);
            assertThat(generate(serving)).isEqualTo("bcd");
        }
    }
}
