package io.rootstock.encoding.format;

import io.rootstock.checkpoint.sentencepiece.Piece;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.bpe.ByteAlphabet;
import io.rootstock.encoding.bpe.Merge;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.sentencepiece.Pieces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code model}: BPE. */
final class ModelField {
    private static final Set<String> FIELDS = Set.of(
            "type",
            "dropout",
            "unk_token",
            "continuing_subword_prefix",
            "end_of_word_suffix",
            "fuse_unk",
            "byte_fallback",
            "ignore_merges",
            "vocab",
            "merges");
    private static final byte[] NONE = new byte[0];
    private static final int MAX_IDS = (1 << 20) - 1;

    private final JsonField field;

    /** Token texts in id order; null for unused ids. */
    private final String[] texts;

    private final Map<String, Integer> ids = new HashMap<>();

    ModelField(JsonField field) {
        this.field = field;
        field.requireFields(FIELDS);
        if (!field.type().equals("BPE")) {
            throw field.get("type").unsupported("BPE");
        }
        if (!field.get("dropout").isNull() && field.get("dropout").value().asDouble() != 0) {
            throw field.get("dropout").unsupported("null");
        }
        requireEmpty(field.get("continuing_subword_prefix"));
        requireEmpty(field.get("end_of_word_suffix"));
        JsonField vocabulary = field.get("vocab");
        if (!vocabulary.value().isObject() || vocabulary.value().isEmpty()) {
            throw vocabulary.invalid("must be an object of tokens and ids");
        }
        vocabulary.value().properties().forEach(token -> {
            int id = token.getValue().asInt(-1);
            if (id < 0 || id >= MAX_IDS || !token.getValue().isInt()) {
                throw vocabulary.get(token.getKey()).invalid("must be an id of 0.." + (MAX_IDS - 1));
            }
            ids.put(token.getKey(), id);
        });
        texts = new String[1 + ids.values().stream().mapToInt(id -> id).max().orElse(0)];
        ids.forEach((text, id) -> {
            if (texts[id] != null) {
                throw vocabulary.get(text).invalid("is the id of '" + texts[id] + "' too");
            }
            texts[id] = text;
        });
    }

    boolean ignoreMerges() {
        return field.get("ignore_merges").bool(false);
    }

    boolean fuseUnknown() {
        return field.get("fuse_unk").bool(false);
    }

    boolean byteFallback() {
        return field.get("byte_fallback").bool(false);
    }

    /** Returns the vocabulary of byte-level BPE: tokens are in GPT-2's alphabet. */
    Vocabulary byteLevel(List<SpecialToken> added) {
        field.get("byte_fallback").require(false);
        Set<Integer> special = idsOf(added);
        List<byte[]> tokens = new ArrayList<>();
        for (int id = 0; id < texts.length; id++) {
            tokens.add(texts[id] == null || special.contains(id) ? NONE : spelled(texts[id]));
        }
        Vocabulary vocabulary = Vocabulary.of(tokens, merges());
        for (int value = 0; value < ByteAlphabet.SIZE; value++) {
            boolean exists = vocabulary.idOf(new byte[] {(byte) value}, 0, 1) >= 0;
            if (!exists && !field.get("unk_token").isNull()) {
                throw field.get("unk_token").invalid("is not supported with a vocabulary without the byte " + value);
            }
        }
        return vocabulary;
    }

    /** Returns the vocabulary of SentencePiece's BPE: tokens are text with marks of blanks. */
    Pieces pieces(List<SpecialToken> added) {
        Set<Integer> special = idsOf(added);
        String unknown =
                field.get("unk_token").isNull() ? null : field.get("unk_token").text();
        List<Piece> pieces = new ArrayList<>();
        for (int id = 0; id < texts.length; id++) {
            pieces.add(new Piece(texts[id] == null ? "" : texts[id], 0, type(id, unknown, special)));
        }
        List<byte[]> tokens = pieces.stream()
                .map(piece -> piece.type() == Piece.Type.NORMAL ? piece.text().getBytes(StandardCharsets.UTF_8) : NONE)
                .toList();
        if (unknown != null && !ids.containsKey(unknown)) {
            throw field.get("unk_token").invalid("is not in vocab");
        }
        try {
            return new Pieces(
                    pieces,
                    Vocabulary.of(tokens, merges()),
                    byteFallback() ? Pieces.byteIds(pieces) : null,
                    unknown == null ? -1 : ids.get(unknown));
        } catch (IllegalArgumentException e) {
            throw field.get("byte_fallback").invalid("is not supported: " + e.getMessage());
        }
    }

    private Piece.Type type(int id, String unknown, Set<Integer> special) {
        String text = texts[id];
        if (text == null) {
            return Piece.Type.UNUSED;
        }
        if (text.equals(unknown)) {
            return Piece.Type.UNKNOWN;
        }
        if (special.contains(id)) {
            return Piece.Type.CONTROL;
        }
        return byteFallback() && Piece.byteOf(text) >= 0 ? Piece.Type.BYTE : Piece.Type.NORMAL;
    }

    private List<Merge> merges() {
        List<Merge> merges = new ArrayList<>();
        for (JsonField merge : field.get("merges").elements()) {
            String left;
            String right;
            if (merge.value().isTextual()) {
                int blank = merge.text().indexOf(' ');
                if (blank < 0 || blank != merge.text().lastIndexOf(' ')) {
                    throw merge.invalid("must be two tokens and one blank, or an array of two");
                }
                left = merge.text().substring(0, blank);
                right = merge.text().substring(blank + 1);
            } else {
                left = merge.value().path(0).asText();
                right = merge.value().path(1).asText();
            }
            merges.add(new Merge(id(merge, left), id(merge, right), id(merge, left + right)));
        }
        return merges;
    }

    private int id(JsonField merge, String token) {
        Integer id = ids.get(token);
        if (id == null) {
            throw merge.invalid("has a side or result that is not in vocab: '" + token + "'");
        }
        return id;
    }

    private byte[] spelled(String token) {
        try {
            return ByteAlphabet.bytes(token);
        } catch (IllegalArgumentException e) {
            throw field.get("vocab").get(token).invalid("is not in the byte-level alphabet: " + e.getMessage());
        }
    }

    private static Set<Integer> idsOf(List<SpecialToken> added) {
        return Set.copyOf(added.stream().map(SpecialToken::id).toList());
    }

    private static void requireEmpty(JsonField text) {
        if (!text.isNull() && !text.text().isEmpty()) {
            throw text.unsupported("null");
        }
    }
}
