package io.rootstock.tokenizer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.StatusRuntimeException;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule.Token;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.tokenizer.row.RowForm;
import io.rootstock.tokenizer.row.RowReader;
import io.rootstock.tokenizer.row.Shape;
import io.rootstock.tokenizer.split.Example;
import io.rootstock.tokenizer.v1.FieldNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rules of special tokens: a tokenizer that adds BOS to a text, and one that does not. */
class RowEncoderTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Vocabulary BYTES = Vocabulary.of(
            IntStream.range(0, 256).mapToObj(value -> new byte[] {(byte) value}).toList(), List.of());

    /** Rule of tokenizers trained by Rootstock. */
    private static final Tokenizer WITH_BOS =
            new Tokenizer(BYTES, SplitPattern.GPT2, SpecialToken.DEFAULT, ChatTemplate.CHATML);

    private static final ObjectNode DOCUMENT = JSON.createObjectNode().put("text", "some text");
    private static final ObjectNode LABELLED =
            JSON.createObjectNode().put("text", "some text").put("label", "a");
    private static final ObjectNode INSTRUCTION =
            JSON.createObjectNode().put("instruction", "Say").put("output", "Hi");

    @Test
    void aTokenizerThatAddsBosBeginsEveryRowWithIt() {
        assertThat(row(WITH_BOS, DatasetKind.PRETRAINING, DOCUMENT))
                .isEqualTo("<|begin_of_text|>some text<|end_of_text|>");
        assertThat(row(WITH_BOS, DatasetKind.CLASSIFICATION, LABELLED)).isEqualTo("<|begin_of_text|>some text");
        assertThat(row(WITH_BOS, DatasetKind.INSTRUCTION, INSTRUCTION))
                .isEqualTo("<|begin_of_text|><|im_start|>user\nSay<|im_end|>\n<|im_start|>assistant\nHi<|im_end|>\n");
    }

    @Test
    void aTokenizerThatAddsNoneDoesNot() {
        Tokenizer imported = imported(false, "");

        assertThat(row(imported, DatasetKind.PRETRAINING, DOCUMENT)).isEqualTo("some text<|im_end|>");
        assertThat(row(imported, DatasetKind.CLASSIFICATION, LABELLED)).isEqualTo("some text");
        assertThat(row(imported, DatasetKind.INSTRUCTION, INSTRUCTION))
                .isEqualTo("<|im_start|>user\nSay<|im_end|>\n<|im_start|>assistant\nHi<|im_end|>\n");
    }

    @Test
    void theTemplateAloneDecidesWhatBeginsAConversation() {
        assertThat(row(imported(true, ""), DatasetKind.INSTRUCTION, INSTRUCTION))
                .startsWith("<|im_start|>user");
        assertThat(row(imported(false, "{{ bos_token }}"), DatasetKind.INSTRUCTION, INSTRUCTION))
                .startsWith("<|im_start|><|im_start|>user");
        assertThat(row(imported(false, "{{ eos_token }}"), DatasetKind.INSTRUCTION, INSTRUCTION))
                .startsWith("<|im_end|><|im_start|>user");
    }

    @Test
    void longTextsAreCutSoThatTheSpecialTokensFit() {
        assertThat(row(WITH_BOS, DatasetKind.CLASSIFICATION, LABELLED, 5)).isEqualTo("<|begin_of_text|>some");
        assertThat(row(imported(false, ""), DatasetKind.CLASSIFICATION, LABELLED, 4))
                .isEqualTo("some");
    }

    @Test
    void aHostileTemplateRefusesConversationsAndNothingElse() {
        Tokenizer hostile =
                imported(false, "{% set ns = namespace(s='x') %}" + "{% set ns.s = ns.s + ns.s %}".repeat(60));
        assertThat(row(hostile, DatasetKind.CLASSIFICATION, LABELLED)).isNotEmpty();
        assertThatThrownBy(() -> row(hostile, DatasetKind.INSTRUCTION, INSTRUCTION))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageStartingWith("FAILED_PRECONDITION: the tokenizer cannot render conversations: ")
                .hasMessageContaining("a text becomes longer than 4194304 characters");
    }

    /** Rule of SmolLM2: the token that begins a message is BOS, the one that ends it is EOS. */
    private static Tokenizer imported(boolean addBos, String beforeTemplate) {
        Token eos = new Token(259, SpecialToken.MESSAGE_END);
        return new Tokenizer(
                BYTES,
                SplitPattern.GPT2,
                false,
                false,
                WITH_BOS.specialTokens(),
                new SpecialTokenRule(
                        addBos, false, Optional.of(new Token(258, SpecialToken.MESSAGE_START)), eos, List.of(eos), eos),
                beforeTemplate + ChatTemplate.CHATML.replace("{{ bos_token }}", ""));
    }

    private static String row(Tokenizer tokenizer, DatasetKind kind, ObjectNode row) {
        return row(tokenizer, kind, row, 200);
    }

    private static String row(Tokenizer tokenizer, DatasetKind kind, ObjectNode row, int maxTokens) {
        Shape shape = switch (kind) {
            case PRETRAINING -> Shape.TEXT;
            case CLASSIFICATION -> Shape.TEXT_LABEL;
            case INSTRUCTION -> Shape.ALPACA;
            case PREFERENCE -> Shape.PREFERENCE_TEXTS;
        };
        RowReader reader = new RowReader(new RowForm(shape, FieldNames.getDefaultInstance()), "", "");
        Example example = new RowEncoder(tokenizer, maxTokens, true).encode(reader.read(row));
        return new String(tokenizer.decode(example.tokens(), false), StandardCharsets.UTF_8);
    }
}
