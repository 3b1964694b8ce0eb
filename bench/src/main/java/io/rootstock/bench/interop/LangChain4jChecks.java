package io.rootstock.bench.interop;

import static io.rootstock.bench.interop.ClientChecks.contains;
import static io.rootstock.bench.interop.ClientChecks.equal;
import static io.rootstock.bench.interop.ClientChecks.raises;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel.OpenAiChatModelBuilder;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.TokenStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Checks of LangChain4j, with the environment of {@code ServedProgram} and a token file. */
public final class LangChain4jChecks {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String QUESTION = "What is 2+2?";
    private static final String WEATHER = "What is the weather in Paris?";
    private static final String REPORT = "Sunny, 21 degrees";
    private static final int MAX_TOKENS = 200;

    private final String url = System.getenv("ROOTSTOCK_URL");
    private final String model = System.getenv("ROOTSTOCK_MODEL");
    private final String token;

    private LangChain4jChecks() throws IOException {
        token = Files.readString(Path.of(System.getenv("ROOTSTOCK_AUTH_TOKEN_FILE")))
                .strip();
    }

    /** Services that LangChain4j implements. */
    interface Assistant {
        Result<String> answer(String question);

        City city(String question);

        TokenStream stream(String question);
    }

    enum Name {
        PARIS
    }

    record City(Name name, boolean known) {}

    static final class Weather {
        @Tool("Weather of a city")
        String weather(Name city) {
            return REPORT + " in " + city;
        }
    }

    /** Prints the reports of the checks. */
    public static void main(String[] arguments) throws IOException {
        LangChain4jChecks client = new LangChain4jChecks();
        new ClientChecks()
                .add("chat", client::chat)
                .add("stream", client::stream)
                .add("tool_call_and_result", client::toolCallAndResult)
                .add("streamed_tool_call", client::streamedToolCall)
                .add("structured_output", client::structuredOutput)
                .add("embeddings", client::embeddings)
                .add("errors", client::errors)
                .run(version());
    }

    private static String version() {
        String jar = Path.of(OpenAiChatModel.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .getFileName()
                .toString();
        return jar.replaceAll("langchain4j-open-ai-|\\.jar", "");
    }

    private void chat() {
        ChatResponse answer = chat(QUESTION, model());
        equal(answer.finishReason(), FinishReason.STOP);
        equal(answer.modelName(), "models/" + model + "/versions/1");
        if (answer.aiMessage().text().isBlank()
                || answer.tokenUsage().inputTokenCount() == 0
                || answer.tokenUsage().outputTokenCount() == 0) {
            throw new AssertionError(answer);
        }
    }

    private void stream() throws Exception {
        StringBuilder parts = new StringBuilder();
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        Assistant assistant = AiServices.create(Assistant.class, streamingModel());
        assistant.stream(QUESTION)
                .onPartialResponse(parts::append)
                .onCompleteResponse(whole::complete)
                .onError(whole::completeExceptionally)
                .start();
        ChatResponse answer = whole.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        ChatResponse unary = chat(QUESTION, model());
        equal(parts.toString(), unary.aiMessage().text());
        equal(answer.tokenUsage().outputTokenCount(), unary.tokenUsage().outputTokenCount());
    }

    private void toolCallAndResult() {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(model().build())
                .tools(new Weather())
                .chatRequestTransformer(LangChain4jChecks::toolFirst)
                .build();
        Result<String> answer = assistant.answer(WEATHER);
        equal(answer.toolExecutions().size(), 1);
        equal(answer.toolExecutions().getFirst().result(), REPORT + " in PARIS");
        contains(answer.content(), REPORT);
    }

    private void streamedToolCall() throws Exception {
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        CompletableFuture<String> result = new CompletableFuture<>();
        AiServices.builder(Assistant.class)
                .streamingChatModel(streamingModel())
                .tools(new Weather())
                .chatRequestTransformer(LangChain4jChecks::toolFirst)
                .build()
                .stream(WEATHER)
                .onPartialResponse(part -> {})
                .onToolExecuted(execution -> result.complete(execution.result()))
                .onCompleteResponse(whole::complete)
                .onError(whole::completeExceptionally)
                .start();
        contains(whole.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS).aiMessage().text(), REPORT);
        equal(result.getNow(""), REPORT + " in PARIS");
    }

    private void structuredOutput() {
        for (boolean strict : List.of(true, false)) {
            OpenAiChatModel typed = model().supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                    .strictJsonSchema(strict)
                    .build();
            equal(
                    AiServices.create(Assistant.class, typed)
                            .city("Describe a city.")
                            .name(),
                    Name.PARIS);
        }
    }

    private void embeddings() {
        EmbeddingModel embedding = OpenAiEmbeddingModel.builder()
                .baseUrl(url)
                .apiKey(token)
                .modelName(model)
                .timeout(TIMEOUT)
                .maxRetries(0)
                .build();
        List<TextSegment> texts = List.of(TextSegment.from("river"), TextSegment.from("tower"));
        equal(embedding.embedAll(texts).content().size(), 2);
        float[] vector = embedding.embed("river").content().vector();
        equal(vector.length, embedding.embedAll(texts).content().getFirst().dimension());
    }

    private void errors() {
        raises(ModelNotFoundException.class, "no-such-model", () -> chat(QUESTION, model().modelName("no-such-model")));
        raises(AuthenticationException.class, "invalid_api_key", () -> chat(QUESTION, model().apiKey("wrong")));
        raises(
                InvalidRequestException.class,
                "context_length_exceeded",
                () -> chat("many words ".repeat(12_000), model()));
    }

    private static ChatResponse chat(String question, OpenAiChatModelBuilder builder) {
        return builder.build().chat(UserMessage.from(question));
    }

    /** Requires a call until the conversation has a result, and then an answer. */
    private static ChatRequest toolFirst(ChatRequest request) {
        boolean called = request.messages().stream().anyMatch(ToolExecutionResultMessage.class::isInstance);
        return ChatRequest.builder()
                .messages(request.messages())
                .parameters(request.parameters()
                        .overrideWith(ChatRequestParameters.builder()
                                .toolChoice(called ? ToolChoice.NONE : ToolChoice.REQUIRED)
                                .build()))
                .build();
    }

    private OpenAiChatModelBuilder model() {
        return OpenAiChatModel.builder()
                .baseUrl(url)
                .apiKey(token)
                .modelName(model)
                .temperature(0.0)
                .maxTokens(MAX_TOKENS)
                .timeout(TIMEOUT)
                .maxRetries(0);
    }

    private OpenAiStreamingChatModel streamingModel() {
        return OpenAiStreamingChatModel.builder()
                .baseUrl(url)
                .apiKey(token)
                .modelName(model)
                .temperature(0.0)
                .maxTokens(MAX_TOKENS)
                .timeout(TIMEOUT)
                .build();
    }
}
