package io.rootstock.trainer.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A minimal byte-level tokenizer: 256 bytes, no merges, five special tokens. */
public final class ByteTokenizer {
    /** Vocabulary size: 256 bytes and 5 special tokens. */
    public static final int VOCABULARY = 261;

    /** BOS, the first token of every row. */
    public static final int BEGIN = 256;

    /** EOS, the last token of every text. */
    public static final int END = 257;

    private static final List<String> SPECIAL =
            List.of("<|begin_of_text|>", "<|end_of_text|>", "<|im_start|>", "<|im_end|>", "<|pad|>");
    /** BOS is added to a text, as in tokenizers trained by Rootstock. */
    private static final SpecialTokenRule RULE = new SpecialTokenRule(
            true,
            false,
            Optional.of(new SpecialTokenRule.Token(BEGIN, SPECIAL.get(0))),
            new SpecialTokenRule.Token(END, SPECIAL.get(1)),
            List.of(),
            new SpecialTokenRule.Token(BEGIN + 4, SPECIAL.get(4)));

    private static final List<Character> ALPHABET = alphabet();

    private ByteTokenizer() {}

    /** Token ids of a text's bytes, between BOS and EOS. */
    public static int[] row(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] row = new int[bytes.length + 2];
        row[0] = BEGIN;
        for (int i = 0; i < bytes.length; i++) {
            row[i + 1] = id(bytes[i] & 0xff);
        }
        row[row.length - 1] = END;
        return row;
    }

    /** Puts the tokenizer's files into the store. */
    public static Digest store(ArtifactStore store) throws IOException {
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            ObjectMapper json = new ObjectMapper();
            ObjectNode root = json.createObjectNode().put("version", "1.0");
            ArrayNode added = root.putArray("added_tokens");
            for (int i = 0; i < SPECIAL.size(); i++) {
                added.addObject()
                        .put("id", 256 + i)
                        .put("content", SPECIAL.get(i))
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", true);
            }
            root.putNull("normalizer");
            root.putObject("pre_tokenizer")
                    .put("type", "ByteLevel")
                    .put("add_prefix_space", false)
                    .put("trim_offsets", true)
                    .put("use_regex", true);
            root.set("post_processor", RULE.postProcessor());
            root.putObject("decoder").put("type", "ByteLevel");
            ObjectNode model = root.putObject("model").put("type", "BPE").put("ignore_merges", false);
            ObjectNode vocabulary = model.putObject("vocab");
            for (int i = 0; i < ALPHABET.size(); i++) {
                vocabulary.put(ALPHABET.get(i).toString(), i);
            }
            model.putArray("merges");
            json.writeValue(folder.resolve("tokenizer.json").toFile(), root);
            ObjectNode config = json.createObjectNode()
                    .put("bos_token", SPECIAL.get(0))
                    .put("eos_token", SPECIAL.get(1))
                    .put("pad_token", SPECIAL.get(4))
                    .put("rootstock_pre_tokenizer", "gpt2")
                    .put("tokenizer_class", "PreTrainedTokenizerFast")
                    .put(
                            "chat_template",
                            "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
                                    + "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}");
            json.writeValue(folder.resolve("tokenizer_config.json").toFile(), config);
            return store.putDirectory(folder.path());
        }
    }

    /** Characters of the bytes in GPT-2's order: printable ones unchanged, the others mapped beyond Latin-1. */
    private static List<Character> alphabet() {
        List<Character> alphabet = new ArrayList<>();
        for (int value = 0; value < 256; value++) {
            if (printable(value)) {
                alphabet.add((char) value);
            }
        }
        int moved = 256;
        for (int value = 0; value < 256; value++) {
            if (!printable(value)) {
                alphabet.add((char) moved++);
            }
        }
        return alphabet;
    }

    private static int id(int value) {
        int id = 0;
        for (int other = 0; other < 256; other++) {
            if (printable(other) == printable(value) ? other < value : printable(other)) {
                id++;
            }
        }
        return id;
    }

    private static boolean printable(int value) {
        return (value >= '!' && value <= '~') || (value >= 0xa1 && value <= 0xac) || value >= 0xae;
    }
}
