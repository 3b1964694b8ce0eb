package io.rootstock.corpus.worker.step;

import io.rootstock.evaluation.contamination.RowInDocument.Place;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Cuts parts out of a text as GPT-3's authors did (Brown et al. 2020, appendix C; also {@code janitor.py} of lm-evaluation-harness):
 * each part goes with the characters around it, pieces that are too short are dropped, and a text that falls into too many pieces
 * is removed. Unlike there, a cut widens to white space, and the pieces stay one document, separated by a blank line.
 *
 * @param context characters that are removed on each side of a part
 * @param minPiece least length of a piece that stays, in characters
 * @param maxPieces largest number of pieces
 */
record ContaminatedParts(int context, int minPiece, int maxPieces) {
    /** Bytes that a cut widens at most to reach white space. */
    private static final int WIDENING = 64;

    /** Result of a cut. */
    sealed interface Result {
        /** The rest of the text. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Rest(byte[] utf8) implements Result {}

        /** The text fell into more pieces than allowed. */
        record TooManyPieces() implements Result {}

        /** All pieces were too short. */
        record NothingLeft() implements Result {}
    }

    /**
     * Cuts parts out of a text.
     *
     * @param utf8 valid UTF-8
     * @param parts at least one, in any order
     */
    Result cut(byte[] utf8, List<Place> parts) {
        List<Place> pieces = new ArrayList<>();
        int from = 0;
        for (Place part :
                parts.stream().sorted(Comparator.comparingInt(Place::from)).toList()) {
            int end = start(utf8, part.from());
            if (end > from) {
                pieces.add(trimmed(utf8, from, end));
            }
            from = Math.max(from, end(utf8, part.to()));
        }
        if (from < utf8.length) {
            pieces.add(trimmed(utf8, from, utf8.length));
        }
        pieces.removeIf(piece -> piece.from() == piece.to());
        if (pieces.size() > maxPieces) {
            return new Result.TooManyPieces();
        }
        ByteArrayOutputStream rest = new ByteArrayOutputStream(utf8.length);
        for (Place piece : pieces) {
            if (characters(utf8, piece) >= minPiece) {
                if (rest.size() > 0) {
                    rest.write('\n');
                    rest.write('\n');
                }
                rest.write(utf8, piece.from(), piece.to() - piece.from());
            }
        }
        return rest.size() == 0 ? new Result.NothingLeft() : new Result.Rest(rest.toByteArray());
    }

    private int start(byte[] utf8, int at) {
        int start = at;
        for (int i = 0; i < context && start > 0; i++) {
            start--;
            while (start > 0 && isContinuation(utf8[start])) {
                start--;
            }
        }
        int wide = start;
        while (wide > 0 && start - wide < WIDENING && !isSpace(utf8[wide - 1])) {
            wide--;
        }
        return wide == 0 || isSpace(utf8[wide - 1]) ? wide : start;
    }

    private int end(byte[] utf8, int at) {
        int end = at;
        for (int i = 0; i < context && end < utf8.length; i++) {
            end++;
            while (end < utf8.length && isContinuation(utf8[end])) {
                end++;
            }
        }
        int wide = end;
        while (wide < utf8.length && wide - end < WIDENING && !isSpace(utf8[wide])) {
            wide++;
        }
        return wide == utf8.length || isSpace(utf8[wide]) ? wide : end;
    }

    private static Place trimmed(byte[] utf8, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isSpace(utf8[start])) {
            start++;
        }
        while (end > start && isSpace(utf8[end - 1])) {
            end--;
        }
        return new Place(start, end);
    }

    private static int characters(byte[] utf8, Place piece) {
        int count = 0;
        for (int i = piece.from(); i < piece.to(); i++) {
            count += isContinuation(utf8[i]) ? 0 : 1;
        }
        return count;
    }

    private static boolean isContinuation(byte value) {
        return (value & 0xC0) == 0x80;
    }

    private static boolean isSpace(byte value) {
        return value >= 0 && value <= ' ';
    }
}
