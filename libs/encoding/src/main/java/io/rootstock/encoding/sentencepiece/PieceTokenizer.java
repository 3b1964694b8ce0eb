package io.rootstock.encoding.sentencepiece;

import io.rootstock.checkpoint.sentencepiece.Piece;
import io.rootstock.encoding.ModelCodec;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.SpecialTokenSearch;
import io.rootstock.encoding.TokenBuffer;
import io.rootstock.encoding.TokenizedText;
import io.rootstock.encoding.Utf8;
import io.rootstock.encoding.bpe.BpeEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A tokenizer of pieces, as SentencePiece's BPE: blanks are characters of the pieces, and characters without a piece are
 * bytes or unknown. Immutable, safe for several threads.
 *
 * <p>Bytes that are not UTF-8 are encoded as their bytes where SentencePiece encodes U+FFFD, so that no data is lost.
 */
public final class PieceTokenizer implements ModelCodec {
    private final Pieces pieces;
    private final Normalization normalization;
    private final Decoding decoding;
    private final boolean fuseUnknown;
    private final BpeEncoder encoder;
    private final SpecialTokenSearch allTokens;
    private final SpecialTokenSearch textTokens;
    private final byte[][] bytes;

    /** Number of bytes of each token in normalized text; 0 for tokens that text does not produce. */
    private final int[] lengths;

    private final Map<Integer, SpecialToken> specialById = new HashMap<>();

    /** Boundaries that merges do not cross. */
    public enum Words {
        /** A mark of a blank begins no word. */
        ACROSS_MARKS,
        /** Every mark of a blank begins a word. */
        BEFORE_EVERY_MARK
    }

    /**
     * Rules of decoding.
     *
     * @param strippedBlanks maximum number of blanks that are removed from the beginning of a decoded text
     * @param oneOfEachToken whether at most one blank of each token is removed
     * @param unknown text of the unknown piece
     */
    public record Decoding(int strippedBlanks, boolean oneOfEachToken, String unknown) {}

    /**
     * @param pieces vocabulary without special tokens outside of it
     * @param normalization changes of text before merging
     * @param words boundaries of merging
     * @param decoding rules of decoding
     * @param fuseUnknown whether consecutive unknown characters are one token
     * @param specialTokens tokens that are searched in text before normalization, in id order
     */
    public PieceTokenizer(
            Pieces pieces,
            Normalization normalization,
            Words words,
            Decoding decoding,
            boolean fuseUnknown,
            List<SpecialToken> specialTokens) {
        this.pieces = pieces;
        this.normalization = normalization;
        this.decoding = decoding;
        this.fuseUnknown = fuseUnknown;
        MarkScanner scanner = switch (words) {
            case ACROSS_MARKS -> MarkScanner.across(pieces.vocabulary());
            case BEFORE_EVERY_MARK -> MarkScanner.EVERY_MARK;
        };
        this.encoder = new BpeEncoder(pieces.vocabulary(), scanner, new PieceSymbols(pieces), false);
        this.allTokens = new SpecialTokenSearch(specialTokens);
        this.textTokens = new SpecialTokenSearch(
                specialTokens.stream().filter(token -> !token.control()).toList());
        specialTokens.forEach(token -> specialById.put(token.id(), token));
        this.bytes = new byte[size()][];
        Arrays.setAll(bytes, this::decoded);
        this.lengths = pieces.list().stream()
                .mapToInt(piece -> piece.type() == Piece.Type.BYTE ? 1 : Pieces.searchable(piece).length)
                .toArray();
    }

    /** Vocabulary of pieces. */
    public Pieces pieces() {
        return pieces;
    }

    @Override
    public byte[] bytes(int id) {
        return bytes[id].clone();
    }

    @Override
    public boolean isSpecial(int id) {
        SpecialToken special = specialById.get(id);
        return special != null && special.control();
    }

    @Override
    public boolean addsBlank(boolean first) {
        return switch (normalization.prefix()) {
            case NONE -> false;
            case TEXT, TEXT_WITHOUT_BLANK -> first;
            case EVERY_PART, EVERY_PART_WITHOUT_BLANK -> true;
        };
    }

    @Override
    public int size() {
        return Math.max(
                pieces.list().size(),
                specialById.keySet().stream().mapToInt(id -> id + 1).max().orElse(0));
    }

    @Override
    public void encode(byte[] text, int from, int to, SpecialTokenPolicy policy, TokenBuffer output) {
        SpecialTokenSearch sought = policy == SpecialTokenPolicy.AS_TEXT ? textTokens : allTokens;
        sought.forEachPart(
                text, from, to, policy, (start, end) -> encodePart(text, start, end, start == from, output), output);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The blank that is added before a part belongs to its first character, as in Hugging Face tokenizers.
     *
     * @throws IllegalStateException if the tokenizer changes the number of blanks or has an unknown piece for characters
     */
    @Override
    public TokenizedText encodeWithOffsets(String text, boolean first) {
        if (normalization.collapseBlanks() || pieces.byteIds() == null) {
            throw new IllegalStateException("offsets need a tokenizer that keeps every character");
        }
        byte[] utf8 = Utf8.encode(text, 0, text.length());
        TokenBuffer tokens = new TokenBuffer();
        PieceOffsets offsets = new PieceOffsets(utf8, tokens);
        textTokens.forEachPart(
                utf8,
                0,
                utf8.length,
                SpecialTokenPolicy.AS_TEXT,
                (start, end) -> {
                    offsets.addSpecial(this::characters);
                    byte[] normalized = normalization.apply(utf8, start, end, first && start == 0);
                    encoder.encode(normalized, 0, normalized.length, tokens);
                    offsets.addPart(start, end, normalized.length, id -> lengths[id]);
                },
                tokens);
        offsets.addSpecial(this::characters);
        return offsets.build();
    }

    private int characters(int specialId) {
        return specialById.get(specialId).text().length();
    }

    private void encodePart(byte[] text, int from, int to, boolean first, TokenBuffer output) {
        byte[] normalized = normalization.apply(text, from, to, first);
        int before = output.size();
        encoder.encode(normalized, 0, normalized.length, output);
        if (fuseUnknown && pieces.byteIds() == null && pieces.unknownId() >= 0) {
            output.removeRepetitions(before, pieces.unknownId());
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>The result is UTF-8, unless the tokens of bytes are not.
     */
    @Override
    public byte[] decode(int[] ids, boolean skipSpecialTokens) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int strip = decoding.strippedBlanks();
        for (int id : ids) {
            SpecialToken special = specialById.get(id);
            byte[] token = bytes[id];
            if (special != null) {
                if (!special.control() || !skipSpecialTokens) {
                    output.writeBytes(token);
                    strip = 0;
                }
                continue;
            }
            int start = 0;
            int most = decoding.oneOfEachToken() ? (isText(id) ? 1 : 0) : token.length;
            while (strip > 0 && start < Math.min(most, token.length) && token[start] == ' ') {
                start++;
                strip--;
            }
            if (token.length > start) {
                strip = 0;
            }
            output.write(token, start, token.length - start);
        }
        return output.toByteArray();
    }

    private boolean isText(int id) {
        Piece.Type type = pieces.list().get(id).type();
        return type == Piece.Type.NORMAL || type == Piece.Type.USER_DEFINED;
    }

    private byte[] decoded(int id) {
        SpecialToken special = specialById.get(id);
        if (special != null) {
            return special.text().getBytes(StandardCharsets.UTF_8);
        }
        if (id >= pieces.list().size()) {
            return new byte[0];
        }
        Piece piece = pieces.list().get(id);
        return switch (piece.type()) {
            case NORMAL, USER_DEFINED, UNUSED ->
                piece.text().replace(Pieces.MARK, " ").getBytes(StandardCharsets.UTF_8);
            case BYTE -> new byte[] {(byte) Piece.byteOf(piece.text())};
            case CONTROL -> new byte[0];
            case UNKNOWN -> decoding.unknown().getBytes(StandardCharsets.UTF_8);
        };
    }
}
