package io.rootstock.checkpoint.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.checkpoint.sentencepiece.Piece;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/** A SentencePiece tokenizer of 480 pieces, a model with random weights for it, and frozen ids of other tokenizers. */
public final class TinyPieces {
    public static final int VOCABULARY = 480;
    public static final ModelShape SHAPE = new ModelShape(VOCABULARY, 64, 2, 4, 2, 128, 256, 1e-5, 10_000, false, 0);
    public static final ModelConfig CONFIG = new ModelConfig(SHAPE, 1, 2);

    private TinyPieces() {}

    /**
     * A text with its tokens.
     *
     * @param ids tokens of sentencepiece
     * @param parsed tokens of Hugging Face tokenizers, with special tokens in the text
     * @param first tokens of Hugging Face tokenizers that add a blank before the first part only
     * @param firstParsed as {@code first}, with special tokens in the text
     * @param decoded text of {@code ids}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Case(String text, int[] ids, int[] parsed, int[] first, int[] firstParsed, String decoded) {}

    /** Writes {@code tokenizer.json} and its configuration. */
    public static Path tokenizer(Path directory) throws IOException {
        return copy(directory, TokenizerFiles.TOKENIZER);
    }

    /** Writes {@code tokenizer.json} in the form of Mistral 7B v0.3: a blank is added before the first part only. */
    public static Path firstPart(Path directory) throws IOException {
        Path file = tokenizer(directory).resolve(TokenizerFiles.TOKENIZER);
        ObjectNode json = (ObjectNode) Json.readObject(file);
        json.putNull("normalizer");
        json.putObject("pre_tokenizer")
                .put("type", "Metaspace")
                .put("replacement", Piece.MARK)
                .put("prepend_scheme", "first")
                .put("split", false);
        Json.write(file, json);
        return directory;
    }

    /** Writes {@code tokenizer.model} and its configuration. */
    public static Path model(Path directory) throws IOException {
        return copy(directory, TokenizerFiles.SENTENCE_PIECE_MODEL);
    }

    /** Writes a model in Hugging Face's format, which must not exist. */
    public static Path huggingFace(Path directory, Path tokenizer) throws IOException {
        HuggingFaceDirectory.write(directory, CONFIG, TinyModel.tensors(SHAPE), tokenizer, List.of());
        return directory;
    }

    private static Path copy(Path directory, String definition) throws IOException {
        Files.createDirectories(directory);
        for (String name : List.of(definition, TokenizerFiles.CONFIGURATION)) {
            try (InputStream content = TinyPieces.class.getResourceAsStream("pieces/" + name)) {
                Files.copy(content, directory.resolve(name));
            }
        }
        return directory;
    }

    /** Frozen results. */
    public static List<Case> cases() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                TinyPieces.class.getResourceAsStream("pieces/ids.jsonl"), StandardCharsets.US_ASCII))) {
            return lines.lines().map(TinyPieces::parsed).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Case parsed(String line) {
        try {
            JsonNode node = Json.MAPPER.readTree(line);
            return new Case(
                    node.path("text").textValue(),
                    ids(node.path("ids")),
                    ids(node.path("parsed")),
                    ids(node.path("first")),
                    ids(node.path("first_parsed")),
                    node.path("decoded").textValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int[] ids(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }
}
