package io.rootstock.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.rootstock.inference.generate.Piece;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.FinishReason;
import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.inference.v1.ToolCall;
import io.rootstock.service.Errors;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** OpenAI-compatible chunks, usage and errors. */
class WritingAnswersTest {
    private static final Answer ANSWER = new Answer("chatcmpl-1", 7, "models/m/versions/1");

    private static String json(Object answer) {
        return new String(Json.bytes(answer), StandardCharsets.UTF_8);
    }

    private static Finish finish(FinishReason reason, int prompt, int made) {
        return Finish.newBuilder()
                .setReason(reason)
                .setPromptTokens(prompt)
                .setCachedTokens(prompt - 1)
                .setCompletionTokens(made)
                .build();
    }

    private static TokenLogprob token(int id, byte... piece) {
        return TokenLogprob.newBuilder()
                .setToken(id)
                .setPiece(ByteString.copyFrom(piece))
                .setLogprob(-0.5f)
                .build();
    }

    private static String events(ChatEvents events, Piece piece) {
        return json(ChatAnswer.piece(ANSWER, events.of(piece), null, List.of()));
    }

    @Test
    void aStreamBeginsWithItsRoleAndEndsWithItsFinishReason() {
        ChatEvents events = new ChatEvents(false);
        String head = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":7,"
                + "\"model\":\"models/m/versions/1\",\"choices\":[";
        assertThat(events(events, new Piece.Text(0, "Hi", List.of())))
                .isEqualTo(head
                        + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null},"
                        + "{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}");
        assertThat(events(events, new Piece.End(0, finish(FinishReason.FINISH_REASON_STOP_STRING, 4, 2))))
                .isEqualTo(head + "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
        assertThat(json(events.usage()))
                .isEqualTo("{\"prompt_tokens\":4,\"completion_tokens\":2,\"total_tokens\":6,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":3}}");
    }

    @Test
    void callsAreNumberedAndOnlyTheFirstIsSentWithoutParallelCalls() {
        Piece.Calls two = new Piece.Calls(
                1,
                List.of(
                        ToolCall.newBuilder()
                                .setId("a")
                                .setName("f")
                                .setArguments("{}")
                                .build(),
                        ToolCall.newBuilder()
                                .setId("b")
                                .setName("g")
                                .setArguments("{}")
                                .build()));
        assertThat(events(new ChatEvents(false), two))
                .contains(
                        "{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}")
                .contains(
                        "{\"index\":1,\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}");
        assertThat(events(new ChatEvents(true), two)).contains("\"id\":\"a\"").doesNotContain("\"id\":\"b\"");
    }

    @Test
    void usageCountsEachPromptOnce() {
        Finish first = finish(FinishReason.FINISH_REASON_LENGTH, 10, 3);
        Usage usage =
                Usage.of(List.of(List.of(first, first), List.of(finish(FinishReason.FINISH_REASON_LENGTH, 5, 1))));
        assertThat(usage).isEqualTo(new Usage(15, 7, 22, new Usage.PromptDetails(13)));
    }

    @Test
    void anEchoedPromptIsPartOfTheFirstChunkAndItsOffsets() {
        TokenLogprob begin = TokenLogprob.newBuilder()
                .setToken(256)
                .setPiece(ByteString.EMPTY)
                .build();
        // "é" in two tokens, neither of which is a complete character.
        List<TokenLogprob> prompt = List.of(begin, token(1, (byte) 0xc3), token(2, (byte) 0xa9), token(3, (byte) 'x'));
        Continuation continuation =
                new Continuation(5, new Continuation.Prompt("éx", true, prompt, true, false, false));

        var choice = continuation.text("y", List.of(token(4, (byte) 'y')));
        assertThat(choice.index()).isEqualTo(5);
        assertThat(choice.text()).isEqualTo("éxy");
        assertThat(choice.logprobs().tokens()).containsExactly("", "bytes:\\xc3", "bytes:\\xa9", "x", "y");
        assertThat(choice.logprobs().tokenLogprobs()).containsExactly(null, -0.5f, -0.5f, -0.5f, -0.5f);
        assertThat(choice.logprobs().textOffset()).containsExactly(0, 0, 1, 1, 2);
        assertThat(choice.logprobs().topLogprobs()).isNull();
        var next = continuation.text("z", List.of(token(5, (byte) 'z')));
        assertThat(next.text()).isEqualTo("z");
        assertThat(next.logprobs().textOffset()).containsExactly(3);
    }

    @Test
    void offsetsOfSpecialTokensAreThoseOfTheSentText() {
        TokenLogprob end = special(259, "<|im_end|>");
        List<TokenLogprob> prompt =
                List.of(special(256, "<s>"), token(1, (byte) 'a'), end, token(3, (byte) 'b'), special(256, "<s>"));
        // The tokenizer's rule adds the first <s>; the second is part of the text.
        var sent = new Continuation(0, new Continuation.Prompt("a<|im_end|>b<s>", true, prompt, true, false, false))
                .end("c", List.of(token(4, (byte) 'c'), end), finish(FinishReason.FINISH_REASON_END_OF_TEXT, 5, 1));
        assertThat(sent.text()).isEqualTo("a<|im_end|>b<s>c");
        assertThat(sent.logprobs().tokens()).containsExactly("<s>", "a", "<|im_end|>", "b", "<s>", "c", "<|im_end|>");
        assertThat(sent.logprobs().textOffset()).containsExactly(0, 0, 1, 11, 12, 15, 16);
        // The echo of a prompt of token ids omits special tokens.
        var tokens = new Continuation(0, new Continuation.Prompt("ab", false, prompt, true, false, false))
                .text("c", List.of(token(4, (byte) 'c')));
        assertThat(tokens.logprobs().textOffset()).containsExactly(0, 0, 1, 1, 2, 2);
    }

    private static TokenLogprob special(int id, String text) {
        return token(id).toBuilder().setSpecial(text).build();
    }

    @Test
    void errorsHaveTheirStatusFieldAndCode() {
        expect(
                ApiError.of(Errors.invalidArgument("n", "must be 1")),
                400,
                "invalid_request_error",
                "n",
                "invalid_value");
        expect(
                ApiError.of(Errors.notFound("models/m/aliases/production", "see")),
                404,
                "invalid_request_error",
                "model",
                "model_not_found");
        expect(
                ApiError.of(Errors.notFound("models/m/versions/1/adapters/a", "see")),
                404,
                "invalid_request_error",
                "adapter",
                "adapter_not_found");
        expect(
                ApiError.of(Errors.aborted("REQUEST_ABORTED", "")),
                409,
                "invalid_request_error",
                null,
                "request_aborted");
        ApiError full = ApiError.of(Errors.resourceExhausted("QUEUE_FULL", Duration.ofMillis(1250)));
        expect(full, 429, "rate_limit_error", null, "queue_full");
        assertThat(full.retryAfter()).contains(Duration.ofMillis(1250));
        ApiError draining = ApiError.of(Errors.unavailable("DRAINING", "later"));
        expect(draining, 503, "server_error", null, "draining");
        assertThat(draining.retryAfter()).isPresent();
        ApiError defect = ApiError.of(new IllegalStateException("secret"));
        expect(defect, 500, "server_error", null, "internal");
        assertThat(json(defect.body())).doesNotContain("secret");
        expect(ApiError.of(Status.DEADLINE_EXCEEDED.asRuntimeException()), 504, "server_error", null, "internal");
    }

    private static void expect(ApiError error, int status, String type, String param, String code) {
        assertThat(error.status()).isEqualTo(status);
        ApiError.Description told = error.body().error();
        assertThat(told.type()).isEqualTo(type);
        assertThat(told.param()).isEqualTo(param);
        assertThat(told.code()).isEqualTo(code);
    }
}
