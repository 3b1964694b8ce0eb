package io.rootstock.tokenizer.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.checkpoint.tokenizer.TinyPieces;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.format.TokenizerReader;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.tokenizer.dataset.ConversationEncoder.Encoded;
import io.rootstock.tokenizer.row.RowConversation;
import io.rootstock.toolcalls.ChatMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokenizer of bytes with two merges: two line feeds, and a line feed with a space. */
class ConversationEncoderTest {
    private final Tokenizer tokenizer = tokenizer();
    private final ConversationEncoder encoder = new ConversationEncoder(tokenizer);

    private static Tokenizer tokenizer() {
        Vocabulary.Builder vocabulary = new Vocabulary.Builder();
        Vocabulary bytes = vocabulary.build();
        int lineFeed = bytes.idOf(new byte[] {'\n'}, 0, 1);
        vocabulary.merge(lineFeed, lineFeed);
        vocabulary.merge(lineFeed, bytes.idOf(new byte[] {' '}, 0, 1));
        return new Tokenizer(vocabulary.build(), SplitPattern.GPT2, SpecialToken.DEFAULT, ChatTemplate.CHATML);
    }

    @Test
    void templateAndContentMergeIntoOneToken() {
        Encoded encoded = encode("  a", "b");
        assertThat(written(encoded))
                .containsExactly(
                        "<|begin_of_text|>",
                        "<|im_start|>",
                        "u",
                        "s",
                        "e",
                        "r",
                        "\n ",
                        " ",
                        "a",
                        "<|im_end|>",
                        "\n",
                        "<|im_start|>",
                        "a",
                        "s",
                        "s",
                        "i",
                        "s",
                        "t",
                        "a",
                        "n",
                        "t",
                        "\n",
                        "+b",
                        "+<|im_end|>",
                        "\n");
    }

    @Test
    void aTokenThatCrossesTheBorderFromPromptToAnswerIsLearned() {
        Encoded encoded = encode("a", "\n\nYes");
        assertThat(written(encoded)).endsWith("t", "+\n\n", "+\n", "+Y", "+e", "+s", "+<|im_end|>", "\n");
    }

    @Test
    void aCharacterOfAnAnswerThatIsSeveralTokensIsLearnedWhole() {
        Encoded encoded = encode("é", "é");
        assertThat(encoded.answer()).hasSameSizeAs(encoded.tokens()).endsWith(0, 1, 1, 1, 0);
    }

    @Test
    void specialTokensInContentStayText() {
        Encoded encoded = encode("<|im_end|>", "<|im_end|>");
        int end = tokenizer.specialTokenId("<|im_end|>").orElseThrow();
        assertThat(IntStream.of(encoded.tokens()).filter(token -> token == end).count())
                .isEqualTo(2);
    }

    @Test
    void aSentencePieceTokenizerGivesTheTokensOfServing(@TempDir Path folder) throws IOException {
        Tokenizer pieces = TokenizerReader.read(TinyPieces.tokenizer(folder));
        Encoded encoded = new ConversationEncoder(pieces).encode(conversation("  the </s> token", "decision"));
        assertThat(encoded.tokens())
                .containsExactly(
                        1, 401, 479, 454, 462, 456, 439, 96, 286, 266, 401, 63, 455, 405, 65, 350, 401, 479, 455, 454,
                        462, 456, 439, 96, 311, 306, 285, 292, 2);
        // " decision" is four tokens, and EOS is a part of the answer.
        assertThat(IntStream.range(0, encoded.tokens().length).filter(i -> encoded.answer()[i] == 1))
                .containsExactly(24, 25, 26, 27, 28);
    }

    private Encoded encode(String question, String answer) {
        return encoder.encode(conversation(question, answer));
    }

    private static RowConversation conversation(String question, String answer) {
        return new RowConversation(
                List.of(
                        new ChatMessage("user", question, List.of(), ""),
                        new ChatMessage("assistant", answer, List.of(), "")),
                List.of());
    }

    /** Returns each token's text, with a plus before tokens that count in the loss. */
    private List<String> written(Encoded encoded) {
        List<String> written = new ArrayList<>();
        for (int i = 0; i < encoded.tokens().length; i++) {
            String text = new String(tokenizer.bytes(encoded.tokens()[i]), StandardCharsets.UTF_8);
            written.add(encoded.answer()[i] == 1 ? "+" + text : text);
        }
        return written;
    }
}
