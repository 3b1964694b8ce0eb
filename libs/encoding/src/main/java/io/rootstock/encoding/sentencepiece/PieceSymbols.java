package io.rootstock.encoding.sentencepiece;

import io.rootstock.encoding.bpe.Symbols;
import io.rootstock.encoding.bpe.Vocabulary;

/**
 * Symbols of normalized text: a user-defined piece, the longest first; a character with a piece; else the bytes of the
 * character, or the unknown piece. A byte that is not part of valid UTF-8 is a character.
 */
final class PieceSymbols implements Symbols {
    private final Vocabulary vocabulary;
    private final int[] byteIds;
    private final int unknownId;
    private final PieceTrie userDefined;

    PieceSymbols(Pieces pieces) {
        this.vocabulary = pieces.vocabulary();
        this.byteIds = pieces.byteIds();
        this.unknownId = pieces.unknownId();
        this.userDefined = PieceTrie.ofUserDefined(pieces.list());
    }

    @Override
    public int split(byte[] text, int from, int to, int[] ids, int[] starts) {
        int count = 0;
        for (int at = from; at < to; ) {
            int length = userDefined.longest(text, at, to);
            int end = at + (length > 0 ? length : characterLength(text, at, to));
            int id = length > 0 ? userDefined.idOf(text, at, end) : vocabulary.idOf(text, at, end);
            if (id >= 0) {
                ids[count] = id;
                starts[count++] = at;
            } else if (byteIds != null) {
                for (int i = at; i < end; i++) {
                    ids[count] = byteIds[Byte.toUnsignedInt(text[i])];
                    starts[count++] = i;
                }
            } else if (unknownId >= 0) {
                ids[count] = unknownId;
                starts[count++] = at;
            }
            at = end;
        }
        return count;
    }

    @Override
    public int boundary(byte[] text, int from, int index, int to) {
        int at = from;
        while (true) {
            int length = userDefined.longest(text, at, to);
            int end = at + (length > 0 ? length : characterLength(text, at, to));
            if (end > index) {
                return at > from ? at : end;
            }
            if (end == to) {
                return to;
            }
            at = end;
        }
    }

    /** Returns the number of bytes of the character at {@code index}; 1 if it is not valid UTF-8. */
    static int characterLength(byte[] text, int index, int end) {
        int first = Byte.toUnsignedInt(text[index]);
        if (first < 0xC2 || first > 0xF4) {
            return 1;
        }
        int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (index + length > end) {
            return 1;
        }
        for (int i = 1; i < length; i++) {
            if (text[index + i] >= (byte) 0xC0) {
                return 1;
            }
        }
        int second = Byte.toUnsignedInt(text[index + 1]);
        boolean valid = switch (first) {
            case 0xE0 -> second >= 0xA0;
            case 0xED -> second < 0xA0;
            case 0xF0 -> second >= 0x90;
            case 0xF4 -> second < 0x90;
            default -> true;
        };
        return valid ? length : 1;
    }
}
