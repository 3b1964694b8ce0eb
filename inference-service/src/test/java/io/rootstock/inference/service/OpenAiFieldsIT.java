package io.rootstock.inference.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.inference.v1.Classification;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.ClassifyResponse;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.VersionKind;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fields of requests and responses that OpenAI's client library does not show: JSON of the packaged service. */
@Timeout(300)
class OpenAiFieldsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHAT = "/v1/chat/completions";
    private static final String TEXTS = "/v1/completions";
    private static final String QUESTION = "\"messages\": [{\"role\": \"user\", \"content\": \"How warm is it?\"}]";
    private static final String LINK = "{\"type\": \"object\", \"properties\": {\"link\": {\"type\": \"string\","
            + " \"format\": \"uri\", \"maxLength\": 3}}, \"required\": [\"link\"], \"additionalProperties\": false}";

    @TempDir
    static Path home;

    @TempDir
    static Path scratch;

    private static ServingFixture serving;

    @BeforeAll
    static void start() throws IOException {
        serving = new ServingFixture(home, scratch, "rootstock.inference.context-limit=2048");
        serving.serve("reciter", 3, VersionKind.VERSION_KIND_BASE, TinyModel.reciting("abcdefg"));
        serving.serve("plain", TinyModel.random(52).withoutBos());
        serving.serve("random", TinyModel.random(51).contextLength(4096));
        serving.serve(serving.classifier("spam", 1, "ham", "spam"));
    }

    @AfterAll
    static void stop() {
        serving.close();
    }

    private static JsonNode post(String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> response = serving.post(path, json);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static List<JsonNode> stream(String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> response = serving.post(path, json);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<JsonNode> events = new ArrayList<>();
        for (String line : response.body().lines().toList()) {
            if (line.startsWith("data: {")) {
                events.add(JSON.readTree(line.substring("data: ".length())));
            }
        }
        return events;
    }

    private static void refused(String param, String phrase, String path, String json)
            throws IOException, InterruptedException {
        HttpResponse<String> response = serving.post(path, json);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode error = JSON.readTree(response.body()).get("error");
        assertThat(error.get("param").asText()).isEqualTo(param);
        assertThat(error.get("message").asText()).contains(phrase);
    }

    private static String reciter(String options) {
        return "{\"model\": \"reciter\", \"temperature\": 0, " + options + "}";
    }

    private static List<Integer> integers(JsonNode list) {
        List<Integer> integers = new ArrayList<>();
        list.forEach(item -> integers.add(item.intValue()));
        return integers;
    }

    @Test
    void theMinimumAndTheAllowedTokensAreObeyed() throws IOException, InterruptedException {
        JsonNode plain = post(TEXTS, reciter("\"prompt\": \"e\", \"max_tokens\": 20"));
        assertThat(plain.at("/choices/0/text").asText()).isEqualTo("fg");
        JsonNode longer = post(TEXTS, reciter("\"prompt\": \"e\", \"max_tokens\": 20, \"min_tokens\": 7"));
        assertThat(longer.at("/usage/completion_tokens").asInt()).isBetween(7, 20);
        assertThat(longer.at("/choices/0/text").asText()).startsWith("fg");
        int x = TinyModel.token((byte) 'x');
        JsonNode only =
                post(TEXTS, reciter("\"prompt\": \"e\", \"max_tokens\": 4, \"allowed_token_ids\": [" + x + "]"));
        assertThat(only.at("/choices/0/text").asText()).isEqualTo("xxxx");

        refused(
                "min_tokens",
                "must be 0 to the maximum of 4 tokens, was 5",
                TEXTS,
                reciter("\"prompt\": \"e\", \"max_tokens\": 4, \"min_tokens\": 5"));
        refused(
                "allowed_token_ids[1]",
                "must be a token of the model",
                TEXTS,
                reciter("\"prompt\": \"e\", \"allowed_token_ids\": [1, 99999]"));
        refused(
                "allowed_token_ids",
                "must hold a token that does not end the text",
                TEXTS,
                reciter("\"prompt\": \"e\", \"min_tokens\": 1, \"allowed_token_ids\": [" + TinyModel.END_OF_TEXT
                        + "]"));
    }

    @Test
    void tokenIdsAreReturned() throws IOException, InterruptedException {
        String request = "\"prompt\": \"e\", \"max_tokens\": 20, \"return_token_ids\": true";
        List<Integer> expected =
                List.of(TinyModel.token((byte) 'f'), TinyModel.token((byte) 'g'), TinyModel.END_OF_TEXT);
        JsonNode whole = post(TEXTS, reciter(request)).at("/choices/0");
        assertThat(integers(whole.get("token_ids"))).isEqualTo(expected);
        assertThat(integers(whole.get("prompt_token_ids")))
                .containsExactly(TinyModel.BEGIN_OF_TEXT, TinyModel.token((byte) 'e'));
        assertThat(whole.get("logprobs").isNull()).isTrue();

        List<JsonNode> events = stream(TEXTS, reciter(request + ", \"stream\": true"));
        List<Integer> streamed = new ArrayList<>();
        events.forEach(event -> streamed.addAll(integers(event.at("/choices/0/token_ids"))));
        assertThat(streamed).isEqualTo(expected);
        assertThat(events.stream().filter(event -> event.at("/choices/0").has("prompt_token_ids")))
                .containsExactly(events.getFirst());

        JsonNode answer = post(CHAT, reciter(QUESTION + ", \"max_tokens\": 3, \"return_token_ids\": true"));
        assertThat(answer.get("prompt_token_ids"))
                .hasSize(answer.at("/usage/prompt_tokens").asInt());
        assertThat(answer.at("/choices/0/token_ids").size()).isBetween(1, 3);
    }

    @Test
    void usageIsInTheLastEventOrInAll() throws IOException, InterruptedException {
        for (String path : List.of(CHAT, TEXTS)) {
            String request = (path.equals(CHAT) ? QUESTION : "\"prompt\": \"a\"")
                    + ", \"max_tokens\": 5, \"ignore_eos\": true, \"stream\": true";
            for (JsonNode event : stream(path, reciter(request))) {
                assertThat(event.has("usage")).isFalse();
            }
            List<JsonNode> last = stream(path, reciter(request + ", \"stream_options\": {\"include_usage\": true}"));
            last.subList(0, last.size() - 1)
                    .forEach(event -> assertThat(event.get("usage").isNull()).isTrue());
            assertThat(last.getLast().at("/usage/completion_tokens").asInt()).isEqualTo(5);

            List<JsonNode> all = stream(
                    path,
                    reciter(request + ", \"stream_options\": {\"include_usage\": true,"
                            + " \"continuous_usage_stats\": true}"));
            int made = 0;
            for (JsonNode event : all) {
                int now = event.at("/usage/completion_tokens").asInt(-1);
                assertThat(now).isGreaterThanOrEqualTo(made);
                assertThat(event.at("/usage/total_tokens").asInt())
                        .isEqualTo(now + event.at("/usage/prompt_tokens").asInt());
                made = now;
            }
            assertThat(made).isEqualTo(5);
        }
    }

    @Test
    void responsesHaveTheFieldsThatOpenAiRequires() throws IOException, InterruptedException {
        JsonNode answer = post(CHAT, reciter(QUESTION + ", \"max_tokens\": 2"));
        JsonNode choice = answer.at("/choices/0");
        assertThat(choice.get("logprobs").isNull()).isTrue();
        assertThat(choice.at("/message").has("content")).isTrue();
        assertThat(choice.at("/message").get("refusal").isNull()).isTrue();
        assertThat(answer.get("system_fingerprint").asText()).matches("fp_[0-9a-f]{10}");
        assertThat(post(TEXTS, reciter("\"prompt\": \"a\"")).get("system_fingerprint"))
                .isEqualTo(answer.get("system_fingerprint"));
        assertThat(stream(CHAT, reciter(QUESTION + ", \"max_tokens\": 2, \"stream\": true")))
                .allSatisfy(event ->
                        assertThat(event.get("system_fingerprint")).isEqualTo(answer.get("system_fingerprint")));
        assertThat(post(TEXTS, "{\"model\": \"random\", \"prompt\": \"a\", \"max_tokens\": 1}")
                        .get("system_fingerprint"))
                .isNotEqualTo(answer.get("system_fingerprint"));
    }

    @Test
    void theModelOfAnAnswerIsAModelOfRequests() throws IOException, InterruptedException {
        String version = post(TEXTS, reciter("\"prompt\": \"a\"")).get("model").asText();
        assertThat(version).isEqualTo("models/reciter/versions/3");
        assertThat(post(TEXTS, "{\"model\": \"" + version + "\", \"prompt\": \"a\", \"temperature\": 0}")
                        .at("/choices/0/text")
                        .asText())
                .isEqualTo("bcdefg");
        HttpResponse<String> other =
                serving.post(TEXTS, "{\"model\": \"models/reciter/versions/2\", \"prompt\": \"a\"}");
        assertThat(other.statusCode()).isEqualTo(404);
        assertThat(other.body()).contains("model_not_found", "serves models/reciter/versions/3 now");
        HttpResponse<String> unknown =
                serving.post(TEXTS, "{\"model\": \"models/none/versions/2\", \"prompt\": \"a\"}");
        assertThat(unknown.statusCode()).isEqualTo(404);
    }

    @Test
    void modelsHaveTheirVersionsTimeAndContextLength() throws IOException, InterruptedException {
        for (String path : List.of("/v1/models/reciter", "/v1/models/models%2Freciter%2Fversions%2F3")) {
            JsonNode model = JSON.readTree(serving.get(path).body());
            assertThat(model.get("created").asLong()).isEqualTo(ServingFixture.CREATED + 3);
            assertThat(model.get("max_model_len").asInt()).isEqualTo(512);
        }
        JsonNode random = JSON.readTree(serving.get("/v1/models").body()).at("/data/1");
        assertThat(random.get("id").asText()).isEqualTo("random");
        assertThat(random.get("max_model_len").asInt()).isEqualTo(2048);
    }

    @Test
    void anOmittedPromptIsTheBeginningOfAText() throws IOException, InterruptedException {
        String rest = ", \"max_tokens\": 2, \"return_token_ids\": true, \"echo\": true}";
        JsonNode withBos = post(TEXTS, "{\"model\": \"random\"" + rest).at("/choices/0");
        assertThat(integers(withBos.get("prompt_token_ids"))).containsExactly(TinyModel.BEGIN_OF_TEXT);
        JsonNode withoutBos = post(TEXTS, "{\"model\": \"plain\"" + rest).at("/choices/0");
        assertThat(integers(withoutBos.get("prompt_token_ids"))).containsExactly(TinyModel.END_OF_TEXT);
    }

    @Test
    void temperaturesAreAsInOpenAisApi() throws IOException, InterruptedException {
        String request = "{\"model\": \"random\", \"prompt\": \"a\", \"max_tokens\": 1, \"temperature\": %s}";
        post(TEXTS, request.formatted("2"));
        refused("temperature", "must be 0 to 2, was 2.1", TEXTS, request.formatted("2.1"));
    }

    @Test
    void unsupportedKeywordsAreIgnoredUnlessStrict() throws IOException, InterruptedException {
        String format = "{\"model\": \"random\", \"temperature\": 0, " + QUESTION
                + ", \"max_tokens\": 400, \"response_format\":"
                + " {\"type\": \"json_schema\", \"json_schema\": {\"name\": \"s\", %s \"schema\": " + LINK + "}}}";
        HttpResponse<String> relaxed = serving.post(CHAT, format.formatted(""));
        assertThat(relaxed.statusCode()).as(relaxed.body()).isEqualTo(200);
        assertThat(relaxed.headers().firstValue("X-Rootstock-Warning"))
                .contains("ignored schema keywords: response_format.json_schema.schema#/properties/link/format");
        String content =
                JSON.readTree(relaxed.body()).at("/choices/0/message/content").asText();
        assertThat(JSON.readTree(content).get("link").asText()).hasSizeLessThanOrEqualTo(3);
        refused(
                "response_format.json_schema.schema",
                "/properties/link/format: the format uri is not supported",
                CHAT,
                format.formatted("\"strict\": true,"));

        HttpResponse<String> guided = serving.post(
                TEXTS,
                "{\"model\": \"random\", \"prompt\": \"a\", \"max_tokens\": 400, \"stream\": true, \"guided_json\": "
                        + LINK + "}");
        assertThat(guided.headers().firstValue("X-Rootstock-Warning"))
                .contains("ignored schema keywords: guided_json#/properties/link/format");
        HttpResponse<String> supported = serving.post(
                TEXTS,
                "{\"model\": \"random\", \"prompt\": \"a\", \"max_tokens\": 9, \"guided_json\":"
                        + " {\"type\": \"boolean\"}}");
        assertThat(supported.headers().firstValue("X-Rootstock-Warning")).isEmpty();
    }

    @Test
    void unsupportedKeywordsOfToolsAreIgnoredUnlessStrict() throws IOException, InterruptedException {
        String tools = "{\"model\": \"random\", \"temperature\": 0, " + QUESTION
                + ", \"max_tokens\": 800, \"tool_choice\": \"required\","
                + " \"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"now\"}},"
                + " {\"type\": \"function\", \"function\": {\"name\": \"open\", %s \"parameters\": " + LINK + "}}]}";
        HttpResponse<String> relaxed = serving.post(CHAT, tools.formatted(""));
        assertThat(relaxed.statusCode()).as(relaxed.body()).isEqualTo(200);
        assertThat(relaxed.headers().firstValue("X-Rootstock-Warning"))
                .contains("ignored schema keywords: tools[1].function.parameters#/properties/link/format");
        assertThat(JSON.readTree(relaxed.body())
                        .at("/choices/0/message/tool_calls/0/function/name")
                        .asText())
                .isIn("now", "open");
        refused(
                "tools[1].function.parameters",
                "/properties/link/format: the format uri is not supported",
                CHAT,
                tools.formatted("\"strict\": true,"));
    }

    @Test
    void aLegacyFunctionIsCalled() throws IOException, InterruptedException {
        String request = "{\"model\": \"random\", \"temperature\": 0, " + QUESTION
                + ", \"max_tokens\": 800, \"functions\":" + " [{\"name\": \"open\", \"parameters\": " + LINK
                + "}], \"function_call\": {\"name\": \"open\"}";
        JsonNode choice = post(CHAT, request + "}").at("/choices/0");
        assertThat(choice.get("finish_reason").asText()).isEqualTo("function_call");
        assertThat(choice.at("/message/function_call/name").asText()).isEqualTo("open");
        assertThat(choice.at("/message/content").isNull()).isTrue();
        assertThat(JSON.readTree(choice.at("/message/function_call/arguments").asText())
                        .has("link"))
                .isTrue();
        List<JsonNode> events = stream(CHAT, request + ", \"stream\": true}");
        assertThat(events.stream().filter(event -> event.at("/choices/0/delta").has("function_call")))
                .hasSize(1);
        assertThat(events.getLast().at("/choices/0/finish_reason").asText()).isEqualTo("function_call");
        refused("functions[0].name", "must be 1 to 64 letters", CHAT, request.replace("\"open\"", "\"a b\"") + "}");
    }

    @Test
    void schemasAreReadInTheFormsOfLlamaServer() throws Exception {
        String letters = "{\"enum\": [\"bcd\"]}";
        for (String form : List.of(
                "\"json_schema\": " + letters,
                "\"response_format\": {\"type\": \"json_object\", \"schema\": " + letters + "}")) {
            JsonNode answer = post(TEXTS, reciter("\"prompt\": \"a\", \"max_tokens\": 20, " + form));
            assertThat(answer.at("/choices/0/text").asText()).isEqualTo("\"bcd\"");
        }
        refused(
                "json_schema",
                "is not a type",
                TEXTS,
                reciter("\"prompt\": \"a\", \"json_schema\": {\"type\": \"hiccup\"}"));
        refused(
                "response_format.schema",
                "is not a type",
                TEXTS,
                reciter("\"prompt\": \"a\", \"response_format\": {\"type\": \"json_object\","
                        + " \"schema\": {\"type\": \"hiccup\"}}"));
    }

    @Test
    void textsAreClassifiedInTheFormOfVllm() throws Exception {
        JsonNode answer = post("/v1/classify", """
                {"model": "spam", "input": ["hello", "xy"], "user": "me"}
                """);
        assertThat(answer.path("object").asText()).isEqualTo("list");
        assertThat(answer.path("model").asText()).isEqualTo("models/spam/versions/1");
        assertThat(answer.path("labels")).isEqualTo(JSON.readTree("[\"ham\", \"spam\"]"));
        ClassifyResponse expected = serving.service
                .calls()
                .classify(ClassifyRequest.newBuilder()
                        .setModel("spam")
                        .addTexts("hello")
                        .addTexts("xy")
                        .build());
        assertThat(answer.path("data")).hasSize(2);
        for (int i = 0; i < 2; i++) {
            JsonNode text = answer.path("data").path(i);
            Classification classification = expected.getClassifications(i);
            assertThat(text.path("index").asInt()).isEqualTo(i);
            assertThat(text.path("label").asText()).isEqualTo(classification.getLabel());
            assertThat(text.path("num_classes").asInt()).isEqualTo(2);
            assertThat(text.path("truncated").asBoolean()).isFalse();
            for (int label = 0; label < 2; label++) {
                assertThat(text.path("probs").path(label).asDouble())
                        .isEqualTo(classification.getProbabilities(label).getProbability());
            }
        }
        // One token per byte, and BOS for each text.
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(5 + 1 + 2 + 1);
        assertThat(post("/v1/classify", "{\"model\": \"spam\", \"input\": \"hello\"}")
                        .path("data"))
                .hasSize(1);
    }

    @Test
    void classificationNamesTheFieldThatIsWrong() throws Exception {
        refused("input", "1 to 1000", "/v1/classify", "{\"model\": \"spam\", \"input\": []}");
        refused("priority", "", "/v1/classify", "{\"model\": \"spam\", \"input\": \"a\", \"priority\": 1}");
        HttpResponse<String> response = serving.post("/v1/classify", "{\"model\": \"random\", \"input\": \"a\"}");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).at("/error/code").asText()).isEqualTo("not_a_classifier");
    }
}
