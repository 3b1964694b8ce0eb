package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.await;
import static io.rootstock.inference.service.ServingFixture.options;
import static io.rootstock.inference.service.ServingFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.llama.TinyModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What operators see of a packaged service: metrics and, where they ask for them, spans; never what users wrote. */
@Timeout(300)
class ObservabilityIT {
    private static final String SECRET = "abcSECRETabc";

    @TempDir
    Path home;

    @TempDir
    Path scratch;

    private static GenerateRequest request(String model) {
        return GenerateRequest.newBuilder()
                .setModel(model)
                .setPrompt(SECRET)
                .setOptions(options(3).setRequestId("traced-1"))
                .build();
    }

    @Test
    void requestsAreCountedAndTimed() throws IOException, InterruptedException {
        try (ServingFixture serving = new ServingFixture(home, scratch)) {
            serving.serve("base", TinyModel.repeating("abc"));
            serving.service.calls().generate(request("base"));
            assertThat(refusal(() -> serving.service.calls().generate(request("nobody"))))
                    .startsWith("NOT_FOUND");
            String metrics = serving.get("/q/metrics").body();
            for (String name : List.of(
                    "rootstock_inference_time_to_first_token_seconds_bucket{model=\"models/base\"",
                    "rootstock_inference_inter_token_latency_seconds_bucket{model=\"models/base\"",
                    "rootstock_inference_queue_wait_seconds_bucket{model=\"models/base\"",
                    "rootstock_inference_queue_depth{model=\"models/base\"",
                    "rootstock_inference_queue_tokens{model=\"models/base\"",
                    "rootstock_inference_active{model=\"models/base\"",
                    "rootstock_inference_slots{model=\"models/base\"",
                    "rootstock_inference_batch_tokens_bucket{model=\"models/base\"",
                    "rootstock_inference_kv_cells_used{model=\"models/base\"",
                    "rootstock_inference_kv_cells{model=\"models/base\"",
                    "rootstock_inference_request_duration_seconds_bucket{operation=\"text_completion\",outcome=\"ok\"",
                    "rootstock_inference_tokens_total{type=\"input\"} " + (SECRET.length() + 1.0),
                    "rootstock_inference_tokens_total{type=\"output\"} 3.0",
                    "rootstock_inference_tokens_total{type=\"cached\"}",
                    "rootstock_inference_refusals_total{reason=\"resource_not_found\"} 1.0")) {
                assertThat(metrics).contains(name);
            }
            assertThat(metrics).doesNotContain(SECRET);
            assertThat(Files.readString(home.resolve("service.log"))).doesNotContain(SECRET);
        }
    }

    @Test
    void spansGoToTheCollectorAndTellNothingOfTheText() throws IOException {
        List<String> received = new CopyOnWriteArrayList<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try (ServingFixture serving = new ServingFixture(
                home,
                scratch,
                "rootstock.inference.traces-endpoint=http://127.0.0.1:"
                        + collector.getAddress().getPort())) {
            serving.serve("base", TinyModel.repeating("abc"));
            Metadata headers = new Metadata();
            headers.put(
                    Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
                    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
            serving.service
                    .calls()
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .generate(request("base"));
            await(() -> !received.isEmpty());
            String span = received.getFirst();
            assertThat(span)
                    .contains(
                            "text_completion base",
                            "gen_ai.operation.name",
                            "gen_ai.request.model",
                            "gen_ai.request.max_tokens",
                            "gen_ai.response.model",
                            "models/base/versions/1",
                            "gen_ai.response.id",
                            "traced-1",
                            "gen_ai.usage.input_tokens",
                            "gen_ai.usage.output_tokens",
                            "gen_ai.response.finish_reasons",
                            // The caller's span is the parent.
                            new String(
                                    new byte[] {
                                        0x00, (byte) 0xf0, 0x67, (byte) 0xaa, 0x0b, (byte) 0xa9, 0x02, (byte) 0xb7
                                    },
                                    StandardCharsets.ISO_8859_1))
                    .doesNotContain("SECRET");
        } finally {
            collector.stop(0);
        }
    }
}
