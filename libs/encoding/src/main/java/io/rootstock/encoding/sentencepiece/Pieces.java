package io.rootstock.encoding.sentencepiece;

import io.rootstock.checkpoint.sentencepiece.Piece;
import io.rootstock.encoding.bpe.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A vocabulary of pieces: their bytes, and the ids of bytes, of the unknown piece and of user-defined pieces.
 *
 * @param list all pieces in id order
 * @param vocabulary mergeable pieces and their merges; other ids have no bytes
 * @param byteIds ids of the bytes 0 to 255; null if characters without a piece are unknown
 * @param unknownId id of the unknown piece; -1 for none, then such characters are dropped
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Pieces(List<Piece> list, Vocabulary vocabulary, int[] byteIds, int unknownId) {
    /** The mark for a blank, U+2581. */
    public static final String MARK = Piece.MARK;

    private static final byte[] NONE = new byte[0];

    public Pieces {
        list = List.copyOf(list);
    }

    /** Returns the bytes by which text finds a piece: of normal pieces their text, of others none. */
    static byte[] searchable(Piece piece) {
        return piece.type() == Piece.Type.NORMAL ? piece.text().getBytes(StandardCharsets.UTF_8) : NONE;
    }

    /**
     * Returns the ids of all bytes.
     *
     * @throws IllegalArgumentException if a byte has no piece
     */
    public static int[] byteIds(List<Piece> pieces) {
        int[] ids = new int[256];
        Arrays.fill(ids, -1);
        for (int id = 0; id < pieces.size(); id++) {
            if (pieces.get(id).type() == Piece.Type.BYTE) {
                int value = Piece.byteOf(pieces.get(id).text());
                if (value < 0) {
                    throw new IllegalArgumentException("piece " + id + " is a byte, but its text is '"
                            + pieces.get(id).text() + "', not such as <0x0A>");
                }
                ids[value] = id;
            }
        }
        for (int value = 0; value < ids.length; value++) {
            if (ids[value] < 0) {
                throw new IllegalArgumentException("the byte <0x%02X> has no piece".formatted(value));
            }
        }
        return ids;
    }
}
