package io.rootstock.encoding.format;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.bpe.ByteAlphabet;
import io.rootstock.encoding.bpe.ByteLevelBpe;
import io.rootstock.encoding.bpe.Merge;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a tokenizer as a directory that Hugging Face's AutoTokenizer loads. The output is deterministic. */
public final class TokenizerWriter {
    static final String TOKENIZER_FILE = "tokenizer.json";
    static final String CONFIGURATION_FILE = "tokenizer_config.json";

    /** Key of the configuration with the name of the {@link SplitPattern}. */
    static final String SPLIT_PATTERN_KEY = TokenizerFiles.TRAINED_HERE;

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private TokenizerWriter() {}

    /**
     * Writes both files into an existing directory.
     *
     * @throws IllegalArgumentException if the tokenizer is not byte-level
     */
    public static void write(Tokenizer tokenizer, Path directory) throws IOException {
        ByteLevelBpe codec = tokenizer
                .byteLevel()
                .orElseThrow(() -> new IllegalArgumentException("a SentencePiece tokenizer keeps its own files"));
        Files.write(directory.resolve(TOKENIZER_FILE), JSON.writeValueAsBytes(tokenizerJson(tokenizer, codec)));
        Files.write(directory.resolve(CONFIGURATION_FILE), JSON.writeValueAsBytes(configurationJson(tokenizer, codec)));
    }

    private static ObjectNode tokenizerJson(Tokenizer tokenizer, ByteLevelBpe codec) {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (SpecialToken token : tokenizer.specialTokens()) {
            added.addObject()
                    .put("id", token.id())
                    .put("content", token.text())
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", token.control());
        }
        if (codec.composed()) {
            root.putObject("normalizer").put("type", "NFC");
        } else {
            root.putNull("normalizer");
        }
        root.set("pre_tokenizer", preTokenizer(codec.splitPattern()));
        root.set("post_processor", tokenizer.rule().postProcessor());
        root.set("decoder", byteLevel(true));
        root.set("model", model(codec));
        return root;
    }

    private static ObjectNode preTokenizer(SplitPattern pattern) {
        return switch (pattern) {
            case GPT2 -> byteLevel(true);
            case SMOLLM -> {
                ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
                ArrayNode steps = sequence.putArray("pretokenizers");
                steps.addObject().put("type", "Digits").put("individual_digits", true);
                steps.add(byteLevel(true));
                yield sequence;
            }
            case CL100K, LLAMA3, QWEN2, TEKKEN, O200K -> {
                ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
                ArrayNode steps = sequence.putArray("pretokenizers");
                ObjectNode split = steps.addObject().put("type", "Split");
                split.putObject("pattern").put("Regex", pattern.pattern());
                split.put("behavior", "Isolated").put("invert", false);
                steps.add(byteLevel(false));
                yield sequence;
            }
        };
    }

    private static ObjectNode byteLevel(boolean useRegex) {
        return JSON.createObjectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", useRegex);
    }

    private static ObjectNode model(ByteLevelBpe codec) {
        Vocabulary vocabulary = codec.vocabulary();
        ObjectNode model = JSON.createObjectNode();
        model.put("type", "BPE");
        model.putNull("dropout");
        model.putNull("unk_token");
        model.putNull("continuing_subword_prefix");
        model.putNull("end_of_word_suffix");
        model.put("fuse_unk", false);
        model.put("byte_fallback", false);
        model.put("ignore_merges", codec.ignoreMerges());
        ObjectNode ids = model.putObject("vocab");
        for (int id = 0; id < vocabulary.size(); id++) {
            byte[] token = vocabulary.bytes(id);
            if (token.length > 0) {
                ids.put(ByteAlphabet.spell(token), id);
            }
        }
        ArrayNode merges = model.putArray("merges");
        for (Merge merge : vocabulary.merges()) {
            // Tokens in the byte alphabet contain no blank, so a blank separates the two.
            merges.add(ByteAlphabet.spell(vocabulary.bytes(merge.left()))
                    + " "
                    + ByteAlphabet.spell(vocabulary.bytes(merge.right())));
        }
        return model;
    }

    private static ObjectNode configurationJson(Tokenizer tokenizer, ByteLevelBpe codec) {
        ObjectNode root = JSON.createObjectNode();
        root.put("tokenizer_class", "PreTrainedTokenizerFast");
        ObjectNode added = root.putObject("added_tokens_decoder");
        for (SpecialToken token : tokenizer.specialTokens()) {
            added.putObject(Integer.toString(token.id()))
                    .put("content", token.text())
                    .put("lstrip", false)
                    .put("normalized", false)
                    .put("rstrip", false)
                    .put("single_word", false)
                    .put("special", token.control());
        }
        root.put("bos_token", SpecialToken.BEGIN_OF_TEXT);
        root.put("eos_token", SpecialToken.END_OF_TEXT);
        root.put("pad_token", SpecialToken.PADDING);
        root.put("add_bos_token", tokenizer.rule().addBos());
        root.put("add_eos_token", tokenizer.rule().addEos());
        root.put("clean_up_tokenization_spaces", false);
        root.put("chat_template", tokenizer.chatTemplate());
        root.put(SPLIT_PATTERN_KEY, codec.splitPattern().id());
        return root;
    }
}
