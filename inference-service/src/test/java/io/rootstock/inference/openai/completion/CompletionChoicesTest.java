package io.rootstock.inference.openai.completion;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.rootstock.inference.openai.generation.TokenDetails;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.FinishReason;
import io.rootstock.inference.v1.TokenLogprob;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompletionChoicesTest {
    private static final TokenDetails SCORED = new TokenDetails(true, false);

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

    @Test
    void anEchoedPromptIsPartOfTheFirstChunkAndItsOffsets() {
        TokenLogprob begin = TokenLogprob.newBuilder()
                .setToken(256)
                .setPiece(ByteString.EMPTY)
                .build();
        // "é" in two tokens, neither of which is a complete character.
        List<TokenLogprob> prompt = List.of(begin, token(1, (byte) 0xc3), token(2, (byte) 0xa9), token(3, (byte) 'x'));
        CompletionChoices continuation = new CompletionChoices(
                5, new CompletionChoices.Prompt("éx", true, prompt, true, false, false, null, SCORED));

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
        var sent = new CompletionChoices(
                        0,
                        new CompletionChoices.Prompt("a<|im_end|>b<s>", true, prompt, true, false, false, null, SCORED))
                .end("c", List.of(token(4, (byte) 'c'), end), finish(FinishReason.FINISH_REASON_END_OF_TEXT, 5, 1));
        assertThat(sent.text()).isEqualTo("a<|im_end|>b<s>c");
        assertThat(sent.logprobs().tokens()).containsExactly("<s>", "a", "<|im_end|>", "b", "<s>", "c", "<|im_end|>");
        assertThat(sent.logprobs().textOffset()).containsExactly(0, 0, 1, 11, 12, 15, 16);
        // The echo of a prompt of token ids omits special tokens.
        var tokens = new CompletionChoices(
                        0, new CompletionChoices.Prompt("ab", false, prompt, true, false, false, null, SCORED))
                .text("c", List.of(token(4, (byte) 'c')));
        assertThat(tokens.logprobs().textOffset()).containsExactly(0, 0, 1, 1, 2, 2);
    }

    @Test
    void tokenIdsOfThePromptComeWithTheFirstPart() {
        TokenDetails ids = new TokenDetails(false, true);
        CompletionChoices continuation = new CompletionChoices(
                0, new CompletionChoices.Prompt("", true, List.of(), false, false, false, List.of(7, 8), ids));
        var choice = continuation.text("y", List.of(token(4, (byte) 'y')));
        assertThat(choice.tokenIds()).containsExactly(4);
        assertThat(choice.promptTokenIds()).containsExactly(7, 8);
        assertThat(choice.logprobs()).isNull();
        var end = continuation.end("", List.of(), finish(FinishReason.FINISH_REASON_LENGTH, 2, 1));
        assertThat(end.tokenIds()).isEmpty();
        assertThat(end.promptTokenIds()).isNull();
    }

    private static TokenLogprob special(int id, String text) {
        return token(id).toBuilder().setSpecial(text).build();
    }
}
