package io.rootstock.encoding.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.TextCodec;
import io.rootstock.encoding.TokenBuffer;
import io.rootstock.encoding.bpe.ByteLevelBpe;
import io.rootstock.encoding.sentencepiece.Normalization;
import io.rootstock.encoding.sentencepiece.Normalization.Prefix;
import io.rootstock.encoding.sentencepiece.PieceTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A {@code tokenizer.json} of Hugging Face tokenizers with all its top-level fields. Every field is either followed as
 * Hugging Face does, or refused with its path and the supported values. {@link #write} writes all fields that were read.
 *
 * <p>Supported models are BPE on bytes (GPT-2, Llama 3, Qwen2, SmolLM, tekken, o200k) and on pieces (Llama 2, Mistral
 * 7B, Gemma). Safe for several threads.
 */
public final class TokenizerJson {
    private static final Set<String> FIELDS = Set.of(
            "version",
            "truncation",
            "padding",
            "added_tokens",
            "normalizer",
            "pre_tokenizer",
            "post_processor",
            "decoder",
            "model");

    private static final int MAX_BYTES = 1 << 28;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(MAX_BYTES)
                            .maxNestingDepth(32)
                            .build())
                    .build())
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private final ObjectNode json;
    private final TextCodec codec;
    private final PostProcessorField postProcessor;
    private final LengthRules lengths;

    private TokenizerJson(ObjectNode json, String file) {
        this.json = json;
        JsonField root = new JsonField(file, "", json);
        root.requireFields(FIELDS);
        if (!root.get("version").text().equals("1.0")) {
            throw root.get("version").unsupported("1.0");
        }
        lengths = LengthRules.read(root.get("truncation"), root.get("padding"));
        NormalizerField normalizer = NormalizerField.read(root.get("normalizer"));
        List<SpecialToken> added = AddedTokensField.read(
                root.get("added_tokens"), !root.get("normalizer").isNull());
        postProcessor = PostProcessorField.read(root.get("post_processor"));
        codec = codec(root, normalizer, added);
    }

    /**
     * Reads a file.
     *
     * @throws InvalidTokenizerException if it is damaged or has a field that is not supported
     */
    public static TokenizerJson read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new InvalidTokenizerException(
                    file + " has " + Files.size(file) + " bytes; the limit is " + MAX_BYTES);
        }
        JsonNode root;
        try {
            root = JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new InvalidTokenizerException(
                    file + " is not JSON: " + e.getOriginalMessage() + ", line "
                            + (e.getLocation() == null ? 0 : e.getLocation().getLineNr()),
                    e);
        }
        if (!(root instanceof ObjectNode object)) {
            throw new InvalidTokenizerException(file + " is not a JSON object");
        }
        return new TokenizerJson(object, file.toString());
    }

    private static TextCodec codec(JsonField root, NormalizerField normalizer, List<SpecialToken> added) {
        ModelField model = new ModelField(root.get("model"));
        DecoderField decoder = DecoderField.read(root.get("decoder"));
        return switch (PreTokenizerField.read(root.get("pre_tokenizer"))) {
            case PreTokenizerField.Words words -> {
                if (normalizer.prepends() || normalizer.marksBlanks()) {
                    throw root.get("normalizer").invalid("is not supported with ByteLevel");
                }
                if (!(decoder instanceof DecoderField.Bytes)) {
                    throw root.get("decoder").unsupported("ByteLevel, as the pre_tokenizer has");
                }
                yield new ByteLevelBpe(
                        model.byteLevel(added), words.pattern(), model.ignoreMerges(), normalizer.composed(), added);
            }
            case PreTokenizerField.Marks marks -> {
                if (!(decoder instanceof DecoderField.Marks decoding)) {
                    throw root.get("decoder").unsupported("Metaspace, or Replace, ByteFallback, Fuse and Strip");
                }
                if (normalizer.composed() || marks.marksBlanks() == normalizer.marksBlanks()) {
                    throw root.get("normalizer")
                            .invalid("is not supported with this pre_tokenizer; one of Replace and" + " Metaspace is");
                }
                root.get("model").get("ignore_merges").require(false);
                Prefix prefix = normalizer.prepends() ? Prefix.EVERY_PART : marks.prefix();
                yield new PieceTokenizer(
                        model.pieces(added),
                        new Normalization(prefix, false),
                        marks.splits() ? PieceTokenizer.Words.BEFORE_EVERY_MARK : PieceTokenizer.Words.ACROSS_MARKS,
                        new PieceTokenizer.Decoding(
                                decoding.strippedBlanks(),
                                false,
                                root.get("model").get("unk_token").value().asText("")),
                        model.fuseUnknown(),
                        added);
            }
        };
    }

    /** Writes all fields, also those without an effect on tokens. */
    public void write(Path file) throws IOException {
        Files.write(file, JSON.writeValueAsBytes(json));
    }

    /** Returns a copy of all fields. */
    public ObjectNode json() {
        return json.deepCopy();
    }

    /** Codec of text without the tokens of the post-processor, truncation and padding. */
    public TextCodec codec() {
        return codec;
    }

    /**
     * Encodes a text as Hugging Face's {@code encode}: added tokens are found in text, and truncation and padding apply.
     *
     * @param addSpecialTokens whether the tokens of the post-processor are added
     */
    public int[] encode(String text, boolean addSpecialTokens) {
        List<Integer> before = addSpecialTokens ? postProcessor.before() : List.of();
        List<Integer> after = addSpecialTokens ? postProcessor.after() : List.of();
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        TokenBuffer buffer = new TokenBuffer();
        codec.encode(utf8, 0, utf8.length, SpecialTokenPolicy.AS_SPECIAL, buffer);
        int[] tokens = lengths.truncated(buffer.toArray(), before.size() + after.size());
        int[] framed = new int[before.size() + tokens.length + after.size()];
        for (int i = 0; i < before.size(); i++) {
            framed[i] = before.get(i);
        }
        System.arraycopy(tokens, 0, framed, before.size(), tokens.length);
        for (int i = 0; i < after.size(); i++) {
            framed[before.size() + tokens.length + i] = after.get(i);
        }
        return lengths.padded(framed);
    }

    /**
     * Decodes tokens to text; bytes that are not UTF-8 become U+FFFD.
     *
     * @param skipSpecialTokens whether to omit special tokens
     */
    public String decode(int[] ids, boolean skipSpecialTokens) {
        return new String(codec.decode(ids, skipSpecialTokens), StandardCharsets.UTF_8);
    }
}
