package io.rootstock.checkpoint.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.sentencepiece.Piece;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles.AddedToken;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Recognizes the SentencePiece tokenizers of Llama 2, Mistral 7B and Gemma in {@code tokenizer.json}, and rejects those that
 * llama.cpp would tokenize in another way.
 */
final class PieceFields {
    private PieceFields() {}

    /** Whether the file describes pieces with marks for blanks, not words in the byte alphabet. */
    static boolean describe(JsonNode json) {
        String preTokenizer = json.path("pre_tokenizer").path("type").asText();
        return json.path("model").path("byte_fallback").asBoolean(false)
                || preTokenizer.equals("Metaspace")
                || normalizers(json.path("normalizer")).stream()
                        .map(step -> step.path("type").asText())
                        .anyMatch(Set.of("Prepend", "Replace", "Precompiled")::contains);
    }

    static PieceForm read(Path file, JsonNode json, List<String> tokens, List<AddedToken> added, List<String> merges) {
        JsonNode model = json.path("model");
        PieceForm.Prefix prefix =
                json.path("pre_tokenizer").path("type").asText().equals("Metaspace")
                        ? metaspace(file, json, added)
                        : prepended(file, normalizers(json.path("normalizer")));
        requireNoWords(file, json.path("pre_tokenizer"));
        require(
                model.path("byte_fallback").asBoolean(false),
                file,
                "model.byte_fallback is not true; llama.cpp ends its process at a character without a piece");
        require(
                !model.path("ignore_merges").asBoolean(false),
                file,
                "model.ignore_merges is true; false is supported for SentencePiece");
        int index = 0;
        for (JsonNode token : json.path("added_tokens")) {
            require(
                    !token.path("normalized").asBoolean(false),
                    file,
                    "added_tokens[" + index++ + "].normalized of '"
                            + token.path("content").asText()
                            + "' is true, so that the token is searched in changed text;"
                            + " llama.cpp searches it before; set it to false, as newer versions of these files have it");
        }
        List<Piece> pieces = pieces(tokens, added, model.path("unk_token").asText(""));
        Set<Integer> bytes = new HashSet<>();
        pieces.stream()
                .filter(piece -> piece.type() == Piece.Type.BYTE)
                .forEach(piece -> bytes.add(Piece.byteOf(piece.text())));
        for (int value = 0; value < 256; value++) {
            require(bytes.contains(value), file, "model.vocab has no token <0x%02X>".formatted(value));
        }
        for (String merge : merges) {
            for (String side : merge.split(" ", -1)) {
                require(Piece.byteOf(side) < 0, file, "model.merges has a merge of the byte " + side);
            }
        }
        return new PieceForm(prefix, new PieceScores(file, pieces).ofMerges(merges));
    }

    private static List<Piece> pieces(List<String> tokens, List<AddedToken> added, String unknown) {
        Map<Integer, AddedToken> addedById = new HashMap<>();
        added.forEach(token -> addedById.put(token.id(), token));
        List<Piece> pieces = new ArrayList<>(tokens.size());
        for (int id = 0; id < tokens.size(); id++) {
            String text = tokens.get(id);
            pieces.add(new Piece(text, 0, type(text, Optional.ofNullable(addedById.get(id)), unknown)));
        }
        return pieces;
    }

    private static Piece.Type type(String text, Optional<AddedToken> added, String unknown) {
        if (text.equals(unknown)) {
            return Piece.Type.UNKNOWN;
        }
        if (added.isPresent()) {
            return added.get().special() ? Piece.Type.CONTROL : Piece.Type.USER_DEFINED;
        }
        return Piece.byteOf(text) >= 0 ? Piece.Type.BYTE : Piece.Type.NORMAL;
    }

    private static List<JsonNode> normalizers(JsonNode normalizer) {
        if (normalizer.isMissingNode() || normalizer.isNull()) {
            return List.of();
        }
        return normalizer.path("type").asText().equals("Sequence")
                ? StreamSupport.stream(normalizer.path("normalizers").spliterator(), false)
                        .toList()
                : List.of(normalizer);
    }

    private static PieceForm.Prefix prepended(Path file, List<JsonNode> steps) {
        boolean adds =
                !steps.isEmpty() && steps.getFirst().path("type").asText().equals("Prepend");
        JsonNode replace = steps.isEmpty() ? Json.MAPPER.nullNode() : steps.getLast();
        require(
                steps.size() == (adds ? 2 : 1)
                        && replace.path("type").asText().equals("Replace")
                        && replace.at("/pattern/String").asText().equals(" ")
                        && replace.path("content").asText().equals(Piece.MARK)
                        && (!adds || steps.getFirst().path("prepend").asText().equals(Piece.MARK)),
                file,
                "normalizer is " + steps + "; of SentencePiece tokenizers, Replace of blanks by " + Piece.MARK
                        + " is supported, with or without Prepend of " + Piece.MARK
                        + " before it: llama.cpp changes no other characters");
        return adds ? PieceForm.Prefix.EVERY_PART : PieceForm.Prefix.NONE;
    }

    private static PieceForm.Prefix metaspace(Path file, JsonNode json, List<AddedToken> added) {
        JsonNode metaspace = json.path("pre_tokenizer");
        String scheme = metaspace.path("prepend_scheme").asText();
        require(
                (scheme.equals("first") || scheme.equals("never"))
                        && metaspace.path("replacement").asText().equals(Piece.MARK)
                        && !metaspace.path("split").asBoolean(true),
                file,
                "pre_tokenizer is " + metaspace + "; Metaspace with replacement " + Piece.MARK
                        + ", prepend_scheme first or never and split false is supported: with always, a blank is added"
                        + " before each part that does not begin with one, and with split, blanks divide words; llama.cpp"
                        + " does neither");
        require(
                normalizers(json.path("normalizer")).isEmpty(),
                file,
                "normalizer is " + json.path("normalizer") + " beside Metaspace; null is supported");
        if (scheme.equals("never")) {
            return PieceForm.Prefix.NONE;
        }
        for (AddedToken token : added) {
            require(
                    token.special(),
                    file,
                    "added token '" + token.content() + "' is not special, and Metaspace adds a blank before a text"
                            + " unless it begins with such a token; mark it as special");
        }
        return PieceForm.Prefix.FIRST_PART;
    }

    private static void requireNoWords(Path file, JsonNode preTokenizer) {
        String type = preTokenizer.path("type").asText();
        boolean blanks = type.equals("Split")
                && preTokenizer.at("/pattern/String").asText().equals(" ");
        // Gemma splits at blanks after its normalizer has replaced all of them.
        require(
                preTokenizer.isMissingNode() || preTokenizer.isNull() || blanks || type.equals("Metaspace"),
                file,
                "pre_tokenizer is " + preTokenizer + "; of SentencePiece tokenizers, null and Metaspace are supported");
    }

    private static void require(boolean condition, Path file, String otherwise) {
        if (!condition) {
            throw new InvalidCheckpointException(file + ": " + otherwise);
        }
    }
}
