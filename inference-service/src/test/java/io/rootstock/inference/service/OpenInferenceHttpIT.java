package io.rootstock.inference.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.llama.TinyModel;
import java.io.IOException;
import java.net.http.HttpResponse;
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
    static Path home;

    @TempDir
    static Path scratch;

    private static ServingFixture serving;

    @BeforeAll
    static void start() throws IOException {
        serving = new ServingFixture(home, scratch);
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

    @Test
    void serverAndModelsDescribeThemselves() throws Exception {
        assertThat(get("/v2/health/live")).isEqualTo(JSON.readTree("{\"live\": true}"));
        assertThat(get("/v2/health/ready")).isEqualTo(JSON.readTree("{\"ready\": true}"));
        assertThat(get("/v2").path("name").asText()).isEqualTo("inference-service");
        assertThat(get("/v2").path("extensions").isArray()).isTrue();
        JsonNode model = get("/v2/models/spam");
        assertThat(model.path("name").asText()).isEqualTo("models/spam");
        assertThat(model.path("versions")).isEqualTo(JSON.readTree("[\"1\"]"));
        assertThat(model.path("inputs"))
                .isEqualTo(JSON.readTree("[{\"name\": \"texts\", \"datatype\": \"BYTES\", \"shape\": [-1]}]"));
        assertThat(get("/v2/models/reciter/ready"))
                .isEqualTo(JSON.readTree("{\"ready\": true, \"name\": \"reciter\"}"));
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
