package io.rootstock.encoding.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.encoding.SpecialTokenInTextException;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.ByteAlphabet;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An external tokenizer: special tokens first (SmolLM), bytes in another order, one byte missing, NFC (Qwen). */
class ImportedTokenizerTest {
    private static final int END = 0;
    private static final int TOOL = 1;
    private static final int MISSING_BYTE = 0xF5;

    @TempDir
    private Path folder;

    private Tokenizer tokenizer;

    @BeforeEach
    void read() throws IOException {
        JsonMapper json = JsonMapper.builder().build();
        ObjectNode root = json.createObjectNode();
        ArrayNode added = root.putArray("added_tokens");
        added.addObject().put("id", END).put("content", "<|endoftext|>").put("special", true);
        added.addObject().put("id", TOOL).put("content", "<tool_call>").put("special", false);
        root.putObject("normalizer").put("type", "NFC");
        ObjectNode steps = root.putObject("pre_tokenizer").put("type", "Sequence");
        ArrayNode sequence = steps.putArray("pretokenizers");
        sequence.addObject().put("type", "Digits").put("individual_digits", true);
        sequence.addObject()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("use_regex", true);
        ObjectNode model = root.putObject("model").put("type", "BPE");
        ObjectNode vocabulary = model.putObject("vocab");
        vocabulary.put("<|endoftext|>", END).put("<tool_call>", TOOL);
        for (int value = 255; value >= 0; value--) {
            if (value != MISSING_BYTE) {
                vocabulary.put(ByteAlphabet.spell(new byte[] {(byte) value}), vocabulary.size());
            }
        }
        vocabulary.put("the", vocabulary.size());
        vocabulary.put("th", vocabulary.size());
        model.putArray("merges").add("t h").add("th e");
        Files.write(folder.resolve("tokenizer.json"), json.writeValueAsBytes(root));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"<|endoftext|>\"}");
        tokenizer = TokenizerReader.read(folder);
    }

    @Test
    void itsOwnIdsAreUsed() {
        assertThat(tokenizer.byteLevel().orElseThrow().splitPattern()).isEqualTo(SplitPattern.SMOLLM);
        assertThat(tokenizer.size()).isEqualTo(259);
        assertThat(tokenizer.rule().addBos()).isFalse();
        assertThat(tokenizer.rule().bos()).isEmpty();
        assertThat(tokenizer.rule().eosId()).isEqualTo(END);
        assertThat(tokenizer.encode("the", SpecialTokenPolicy.REFUSE)).containsExactly(257);
        assertThat(tokenizer.encode("th", SpecialTokenPolicy.REFUSE)).containsExactly(258);
    }

    @Test
    void textComesBack() {
        String text = "the 42nd häuser,\nthe <tool_call> end";
        int[] ids = tokenizer.encode(text, SpecialTokenPolicy.REFUSE);

        assertThat(new String(tokenizer.decode(ids, true), StandardCharsets.UTF_8))
                .isEqualTo(text);
    }

    @Test
    void addedTokensThatAreNotSpecialAreFoundInEveryText() {
        assertThat(tokenizer.encode("<tool_call>", SpecialTokenPolicy.AS_TEXT)).containsExactly(TOOL);
        assertThat(tokenizer.encode("<|endoftext|>", SpecialTokenPolicy.AS_TEXT))
                .hasSizeGreaterThan(5);
        assertThatThrownBy(() -> tokenizer.encode("<|endoftext|>", SpecialTokenPolicy.REFUSE))
                .isInstanceOf(SpecialTokenInTextException.class);
    }

    @Test
    void textIsComposedFirst() {
        assertThat(tokenizer.encode("a\u0308", SpecialTokenPolicy.REFUSE))
                .isEqualTo(tokenizer.encode("ä", SpecialTokenPolicy.REFUSE));
    }
}
