package io.rootstock.inference.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.llama.TinyModel;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Open Inference Protocol of the packaged service over HTTP. */
@Timeout(300)
class OpenInferenceHttpIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path scratch;

    private static ServingFixture serving;

    @BeforeAll
    static void start() throws IOException {
        serving = ServingFixture.shared(scratch);
        serving.serve("reciter", TinyModel.reciting("abcdef"));
        serving.serve(serving.classifier("spam", 1, "ham", "spam"));
    }

    @AfterAll
    static void stop() {
        serving.close();
    }

    @Test
    void promptsAreCompleted() throws Exception {
        JsonNode answer = infer("reciter", """
                {"id": "seven", "parameters": {"max_tokens": 3, "temperature": 0},
                 "inputs": [{"name": "prompts", "datatype": "BYTES", "shape": [2], "data": ["a", "abc"]}]}
                """);
        assertThat(answer).isEqualTo(JSON.readTree("""
                {"model_name": "models/reciter", "model_version": "1", "id": "seven", "outputs": [
                  {"name": "completions", "datatype": "BYTES", "shape": [2], "data": ["bcd", "def"]},
                  {"name": "finish_reasons", "datatype": "BYTES", "shape": [2], "data": ["length", "length"]}]}
                """));
    }

    @Test
    void textsAreClassifiedByAVersionWithNestedData() throws Exception {
        JsonNode answer = infer("spam/versions/1", """
                {"inputs": [{"name": "texts", "datatype": "BYTES", "shape": [2, 1], "data": [["a"], ["b"]]}],
                 "outputs": [{"name": "probabilities"}]}
                """);
        assertThat(answer.path("outputs")).hasSize(1);
        JsonNode probabilities = answer.at("/outputs/0");
        assertThat(probabilities.path("datatype").asText()).isEqualTo("FP64");
        assertThat(probabilities.path("shape")).isEqualTo(JSON.readTree("[2, 2]"));
        assertThat(probabilities.path("data")).hasSize(4);
        assertThat(probabilities.at("/data/0").asDouble()
                        + probabilities.at("/data/1").asDouble())
                .isBetween(0.999, 1.001);
    }

    /** As Triton's client sends it: without a type. */
    @Test
    void tensorsAreReadAndWrittenInBinaryForm() throws Exception {
        String json = """
                {"parameters": {"max_tokens": 3, "temperature": 0, "binary_data_output": true},
                 "inputs": [{"name": "prompts", "datatype": "BYTES", "shape": [1], "parameters": {"binary_data_size": 5}}]}
                """;
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> response = client.send(
                    HttpRequest.newBuilder(serving.uri("/v2/models/reciter/infer"))
                            .header("Inference-Header-Content-Length", Integer.toString(json.length()))
                            .POST(HttpRequest.BodyPublishers.ofString(json + "\1\0\0\0a"))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).contains("application/octet-stream");
            int head = (int) response.headers()
                    .firstValueAsLong("Inference-Header-Content-Length")
                    .orElseThrow();
            byte[] body = response.body();
            assertThat(JSON.readTree(body, 0, head).path("outputs")).isEqualTo(JSON.readTree("""
                    [{"name": "completions", "datatype": "BYTES", "shape": [1], "parameters": {"binary_data_size": 7}},
                     {"name": "finish_reasons", "datatype": "BYTES", "shape": [1], "parameters": {"binary_data_size": 10}}]
                    """));
            assertThat(new String(body, head, body.length - head, StandardCharsets.UTF_8))
                    .isEqualTo("\3\0\0\0bcd\6\0\0\0length");
        }
    }

    @Test
    void aFormIsNoRequest() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(serving.uri("/v2/models/reciter/infer"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(415);
            assertThat(response.body()).contains("application/json", "application/octet-stream");
        }
    }

    @Test
    void serverAndModelsDescribeThemselves() throws Exception {
        assertThat(get("/v2/health/live")).isEqualTo(JSON.readTree("{\"live\": true}"));
        assertThat(get("/v2/health/ready")).isEqualTo(JSON.readTree("{\"ready\": true}"));
        assertThat(get("/v2").path("name").asText()).isEqualTo("inference-service");
        JsonNode model = get("/v2/models/spam");
        assertThat(model.path("name").asText()).isEqualTo("models/spam");
        assertThat(model.path("versions")).isEqualTo(JSON.readTree("[\"1\"]"));
        assertThat(model.path("inputs"))
                .isEqualTo(JSON.readTree("[{\"name\": \"texts\", \"datatype\": \"BYTES\", \"shape\": [-1]}]"));
        assertThat(get("/v2/models/reciter/ready"))
                .isEqualTo(JSON.readTree("{\"ready\": true, \"name\": \"reciter\"}"));
        assertThat(get("/v2").path("extensions")).isEqualTo(JSON.readTree("[\"binary_tensor_data\"]"));
        assertThat(serving.get("/v2/models/missing/ready").statusCode()).isEqualTo(503);
        HttpResponse<String> other = serving.get("/v2/models/reciter/versions/7/ready");
        assertThat(other.statusCode()).isEqualTo(503);
        assertThat(JSON.readTree(other.body()).path("ready").booleanValue()).isFalse();
    }

    @Test
    void errorsNameTheFieldOfTheRequest() throws Exception {
        assertRefused(
                400,
                "inputs[0].data",
                "{\"inputs\": [{\"name\": \"prompts\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [1]}]}");
        assertRefused(
                400,
                "inputs[0].shape",
                "{\"inputs\": [{\"name\": \"prompts\", \"datatype\": \"BYTES\", \"shape\": [3], \"data\": [\"a\"]}]}");
        assertRefused(
                400,
                "parameters.max_tokens",
                "{\"parameters\": {\"max_tokens\": \"x\"}, \"inputs\": [{\"name\": \"prompts\", \"datatype\": \"BYTES\","
                        + " \"shape\": [1], \"data\": [\"a\"]}]}");
        assertRefused(400, "stream", "{\"stream\": true, \"inputs\": []}");
        assertRefused(400, "one JSON object", "[]");
        HttpResponse<String> unknown = serving.post("/v2/models/missing/infer", "{\"inputs\": []}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(unknown.body()).path("error").asText()).contains("missing");
        assertThat(serving.get("/v2/models").statusCode()).isEqualTo(404);
        HttpResponse<String> method = serving.get("/v2/models/reciter/infer");
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("Allow")).contains("POST");
        assertThat(method.headers().firstValue("X-Request-Id")).isPresent();
    }

    private static void assertRefused(int status, String field, String body) throws Exception {
        HttpResponse<String> response = serving.post("/v2/models/reciter/infer", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(JSON.readTree(response.body()).path("error").asText()).contains(field);
    }

    private static JsonNode infer(String model, String body) throws Exception {
        HttpResponse<String> response = serving.post("/v2/models/" + model + "/infer", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static JsonNode get(String path) throws Exception {
        HttpResponse<String> response = serving.get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }
}
