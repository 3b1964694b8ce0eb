package io.rootstock.inference.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerateResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.llama.TinyModel;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The RPCs of the packaged service at its HTTP port, by the Connect protocol. */
@Timeout(300)
class RpcOverHttpIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GENERATE = "InferenceService/Generate";

    @TempDir
    static Path scratch;

    private static ServingFixture serving;

    @BeforeAll
    static void start() {
        serving = ServingFixture.shared(scratch);
        serving.serve("reciter", TinyModel.reciting("abcdef"));
    }

    @AfterAll
    static void stop() {
        serving.close();
    }

    @Test
    void aRequestInJsonIsAnsweredInJson() throws Exception {
        HttpResponse<byte[]> response = send(GENERATE, "application/json", """
                        {"model": "models/reciter", "prompt": "a", "options": {"maxTokens": 3, "sampling": {"temperature": 0}}}
                        """.getBytes(StandardCharsets.UTF_8));
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode completion = JSON.readTree(response.body()).at("/completions/0");
        assertThat(completion.path("text").asText()).isEqualTo("bcd");
        assertThat(completion.at("/finish/reason").asText()).isEqualTo("FINISH_REASON_LENGTH");
    }

    @Test
    void aRequestInProtobufIsAnsweredInProtobuf() throws Exception {
        byte[] request = GenerateRequest.newBuilder()
                .setModel("models/reciter")
                .setPrompt("a")
                .setOptions(GenerationOptions.newBuilder().setMaxTokens(3).setSampling(ServingFixture.GREEDY))
                .build()
                .toByteArray();
        HttpResponse<byte[]> response = send(GENERATE, "application/proto", request);
        assertThat(GenerateResponse.parseFrom(response.body()).getCompletions(0).getText())
                .isEqualTo("bcd");
    }

    @Test
    void aStreamHasFramesAndEndsWithItsStatus() throws Exception {
        byte[] json = """
                {"model": "models/reciter", "prompt": "a", "options": {"maxTokens": 3, "sampling": {"temperature": 0}}}
                """.getBytes(StandardCharsets.UTF_8);
        byte[] frame = ByteBuffer.allocate(5 + json.length)
                .put((byte) 0)
                .putInt(json.length)
                .put(json)
                .array();
        HttpResponse<byte[]> response = send("InferenceService/GenerateStream", "application/connect+json", frame);
        assertThat(response.statusCode()).isEqualTo(200);
        ByteBuffer frames = ByteBuffer.wrap(response.body());
        StringBuilder text = new StringBuilder();
        List<Integer> flags = new ArrayList<>();
        while (frames.hasRemaining()) {
            flags.add((int) frames.get());
            byte[] message = new byte[frames.getInt()];
            frames.get(message);
            text.append(JSON.readTree(message).path("text").asText());
        }
        assertThat(text).hasToString("bcd");
        assertThat(flags).endsWith(0, 2);
    }

    @Test
    void anErrorHasTheStatusTheReasonAndTheField() throws Exception {
        HttpResponse<byte[]> response = send(GENERATE, "application/json", """
                        {"model": "models/reciter", "prompt": "a", "options": {"maxTokens": -1}}
                        """.getBytes(StandardCharsets.UTF_8));
        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode error = JSON.readTree(response.body());
        assertThat(error.path("code").asText()).isEqualTo("invalid_argument");
        assertThat(error.path("message").asText()).contains("max_tokens");
        assertThat(send(GENERATE, "application/json", "{\"modle\": 1}".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(400);
        assertThat(send("InferenceService/Missing", "application/json", new byte[] {'{', '}'})
                        .statusCode())
                .isEqualTo(404);
    }

    private static HttpResponse<byte[]> send(String method, String type, byte[] body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(serving.uri("/rootstock.inference.v1." + method))
                            .header("Content-Type", type)
                            .header("Connect-Protocol-Version", "1")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        }
    }
}
