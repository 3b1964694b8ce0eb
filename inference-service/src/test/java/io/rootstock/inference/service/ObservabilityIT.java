package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.await;
import static io.rootstock.inference.service.ServingFixture.options;
import static io.rootstock.inference.service.ServingFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.rootstock.inference.service.CollectedSpans.Span;
import io.rootstock.inference.v1.ChatRequest;
import io.rootstock.inference.v1.EmbedRequest;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.llama.TinyModel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tracing of the packaged service: spans if configured, without the content of requests. */
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

    private static Span span(CollectedSpans collector, String name) {
        await(() -> collector.find(name).isPresent());
        return collector.find(name).orElseThrow();
    }

    private static void overHttp(ServingFixture serving, String caller) throws IOException, InterruptedException {
        String body = """
                {"model": "models/base", "messages": [{"role": "user", "content": "%s"}], "max_tokens": 4, "temperature": 0}
                """.formatted(SECRET);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + serving.httpPort() + "/v1/chat/completions"))
                    .header("content-type", "application/json")
                    .header("traceparent", caller)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void everyOperationIsASpanNamedByTheGenAiSemanticConventions() throws IOException, InterruptedException {
        try (CollectedSpans collector = new CollectedSpans();
                ServingFixture serving = new ServingFixture(
                        home, scratch, "rootstock.inference.traces-endpoint=" + collector.endpoint())) {
            serving.serve("base", TinyModel.repeating("abc"));
            Metadata headers = new Metadata();
            headers.put(
                    Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
                    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
            InferenceServiceBlockingStub calls = serving.service.calls();
            calls.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .generate(request("base"));
            calls.chat(ChatRequest.newBuilder()
                    .setModel("base")
                    .addMessages(Message.newBuilder().setRole("user").setContent(SECRET))
                    .setOptions(options(2))
                    .build());
            calls.embed(
                    EmbedRequest.newBuilder().setModel("base").addTexts(SECRET).build());
            calls.score(ScoreRequest.newBuilder()
                    .setModel("base")
                    .setPrompt(SECRET)
                    .addContinuations("a")
                    .build());
            assertThat(refusal(() -> calls.generate(request("unknown")))).startsWith("NOT_FOUND");
            overHttp(serving, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

            Span text = span(collector, "text_completion base");
            // The parent is the caller's span.
            assertThat(text.trace()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
            assertThat(text.parent()).isEqualTo("00f067aa0ba902b7");
            assertThat(text.failed()).isFalse();
            assertThat(text.attributes())
                    .contains(
                            entry("gen_ai.operation.name", "text_completion"),
                            entry("gen_ai.provider.name", "rootstock"),
                            entry("gen_ai.request.model", "base"),
                            entry("gen_ai.request.max_tokens", 3L),
                            entry("gen_ai.request.temperature", 0.0),
                            entry("gen_ai.response.model", "models/base/versions/1"),
                            entry("gen_ai.response.id", "traced-1"),
                            entry("gen_ai.response.finish_reasons", List.of("length")),
                            entry("gen_ai.usage.input_tokens", SECRET.length() + 1L),
                            entry("gen_ai.usage.output_tokens", 3L));
            Span chat = span(collector, "chat base");
            assertThat(chat.parent()).isEmpty();
            assertThat(chat.attributes())
                    .contains(entry("gen_ai.operation.name", "chat"), entry("gen_ai.usage.output_tokens", 2L));
            assertThat(span(collector, "embeddings base").attributes())
                    .contains(
                            entry("gen_ai.operation.name", "embeddings"),
                            entry("gen_ai.response.model", "models/base/versions/1"),
                            // BOS is the only token that this tokenizer adds.
                            entry("gen_ai.usage.input_tokens", SECRET.length() + 1L));
            assertThat(span(collector, "score base").attributes()).contains(entry("gen_ai.operation.name", "score"));
            Span http = span(collector, "chat models/base");
            assertThat(http.trace()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
            assertThat(http.parent()).isEqualTo("b7ad6b7169203331");
            assertThat(http.attributes()).contains(entry("gen_ai.usage.output_tokens", 4L));
            Span refused = span(collector, "text_completion unknown");
            assertThat(refused.failed()).isTrue();
            assertThat(refused.attributes()).contains(entry("error.type", "RESOURCE_NOT_FOUND"));
            assertThat(collector.raw()).doesNotContain("SECRET");
            assertThat(Scrape.of(serving).lines()).noneMatch(line -> line.contains("SECRET"));
        }
        assertThat(Files.readString(home.resolve("service.log"))).doesNotContain("SECRET");
    }
}
