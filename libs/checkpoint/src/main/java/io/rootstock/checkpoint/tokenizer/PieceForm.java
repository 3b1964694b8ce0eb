package io.rootstock.checkpoint.tokenizer;

import io.rootstock.checkpoint.sentencepiece.Piece;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Spelling and merging of a SentencePiece BPE tokenizer, as llama.cpp's tokenizer model {@code llama} has them: characters
 * merge to pieces, the highest score first, of equal scores the leftmost; a character without a piece becomes its bytes.
 *
 * @param prefix where a blank is added
 * @param pieces all tokens in id order, with their scores and types
 */
public record PieceForm(Prefix prefix, List<Piece> pieces) {
    /** Name of the pre-tokenizer of these tokenizers. */
    public static final String PRE_TOKENIZER = "sentencepiece";

    /** Parts of a text, which added tokens divide, before which a blank is added. */
    public enum Prefix {
        NONE,
        /** Every part, as llama.cpp does. */
        EVERY_PART,
        /** The first part, unless an added token precedes it or it begins with a blank. */
        FIRST_PART
    }

    public PieceForm {
        pieces = List.copyOf(pieces);
    }

    /** Returns the text of a token; of a byte, the byte. */
    byte[] bytes(int id) {
        Piece piece = pieces.get(id);
        return switch (piece.type()) {
            case BYTE -> new byte[] {(byte) Piece.byteOf(piece.text())};
            case NORMAL, UNUSED -> piece.text().replace(Piece.MARK, " ").getBytes(StandardCharsets.UTF_8);
            case UNKNOWN, CONTROL, USER_DEFINED -> piece.text().getBytes(StandardCharsets.UTF_8);
        };
    }
}
