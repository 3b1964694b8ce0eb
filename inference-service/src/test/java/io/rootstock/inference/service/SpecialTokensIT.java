package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.data.Offset.offset;

import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.v1.ChatRequest;
import io.rootstock.inference.v1.EmbedRequest;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.inference.v1.ScoreResponse;
import io.rootstock.inference.v1.TokenizeRequest;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.VersionKind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two GGUF files with equal weights: one adds BOS to a text, the other does not. */
@Timeout(300)
class SpecialTokensIT {
    @TempDir
    static Path scratch;

    private static ServingFixture serving;

    @BeforeAll
    static void start() {
        serving = ServingFixture.shared(scratch);
        serving.serve("with", 1, VersionKind.VERSION_KIND_INSTRUCT, TinyModel.random(31));
        serving.serve(
                "without",
                1,
                VersionKind.VERSION_KIND_INSTRUCT,
                TinyModel.random(31).withoutBos());
    }

    @AfterAll
    static void stop() {
        serving.close();
    }

    @Test
    void bosCountsAsAPromptTokenOnlyIfTheFileAddsIt() {
        assertThat(promptTokens("with", "xyz")).isEqualTo(4);
        assertThat(promptTokens("without", "xyz")).isEqualTo(3);
        assertThat(tokens("with")).containsExactly(TinyModel.BEGIN_OF_TEXT, TinyModel.token((byte) 'a'));
        assertThat(tokens("without")).containsExactly(TinyModel.token((byte) 'a'));
    }

    @Test
    void conversationsGetBosFromTheTemplateOnly() {
        int text = "user\na\nassistant\n".length();

        assertThat(chatTokens("with")).isEqualTo(1 + 3 + text);
        assertThat(chatTokens("without")).isEqualTo(3 + text);
    }

    @Test
    void scoresAndEmbeddingsFollowTheFilesBosRule() {
        PlainLlama plain = new PlainLlama(TinyModel.random(31));
        int x = TinyModel.token((byte) 'x');
        int y = TinyModel.token((byte) 'y');

        assertThat(score("with", "x").getScores(0).getLogprob())
                .isCloseTo(plain.logprobs(new int[] {TinyModel.BEGIN_OF_TEXT, x})[y], offset(2e-3));
        assertThat(score("without", "x").getScores(0).getLogprob())
                .isCloseTo(plain.logprobs(new int[] {x})[y], offset(2e-3));
        assertThat(embedding("with")).isNotEqualTo(embedding("without"));
    }

    @Test
    void anEmptyTextIsRejectedIfTheFileAddsNoBos() {
        assertThat(promptTokens("with", "")).isEqualTo(1);
        StatusRuntimeException refusal =
                catchThrowableOfType(StatusRuntimeException.class, () -> promptTokens("without", ""));
        assertThat(refusal.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(refusal.getStatus().getDescription())
                .contains("prompt")
                .contains("models/without/versions/1 puts no BOS token before a text");
    }

    @Test
    void continuationsOfAnEmptyPromptFollowBosAlsoIfTheFileAddsNone() {
        double first = new PlainLlama(TinyModel.random(31))
                .logprobs(new int[] {TinyModel.BEGIN_OF_TEXT})[TinyModel.token((byte) 'y')];

        assertThat(score("with", "").getScores(0).getLogprob()).isCloseTo(first, offset(2e-3));
        assertThat(score("without", "").getScores(0).getLogprob()).isCloseTo(first, offset(2e-3));
    }

    private static int promptTokens(String model, String prompt) {
        return serving.service
                .calls()
                .generate(GenerateRequest.newBuilder()
                        .setModel(model)
                        .setPrompt(prompt)
                        .setOptions(options(1))
                        .build())
                .getCompletions(0)
                .getFinish()
                .getPromptTokens();
    }

    private static int chatTokens(String model) {
        return serving.service
                .calls()
                .chat(ChatRequest.newBuilder()
                        .setModel(model)
                        .addMessages(Message.newBuilder().setRole("user").setContent("a"))
                        .setOptions(options(1))
                        .build())
                .getAnswers(0)
                .getFinish()
                .getPromptTokens();
    }

    private static ScoreResponse score(String model, String prompt) {
        return serving.service
                .calls()
                .score(ScoreRequest.newBuilder()
                        .setModel(model)
                        .setPrompt(prompt)
                        .addContinuations("y")
                        .build());
    }

    private static List<Float> embedding(String model) {
        return serving.service
                .calls()
                .embed(EmbedRequest.newBuilder().setModel(model).addTexts("xy").build())
                .getEmbeddings(0)
                .getValuesList();
    }

    private static List<Integer> tokens(String model) {
        return serving.service
                .calls()
                .tokenize(TokenizeRequest.newBuilder()
                        .setModel(model)
                        .setText("a")
                        .setAddSpecialTokens(true)
                        .build())
                .getTokensList();
    }
}
