package io.rootstock.encoding.pretokenizer;

/** English contractions {@code 's|'t|'re|'ve|'m|'ll|'d}. */
final class Contractions {
    /** UTF-8 of the long s (U+017F), which matches s in a case-insensitive comparison. */
    private static final byte LONG_S_FIRST = (byte) 0xC5;

    private static final byte LONG_S_SECOND = (byte) 0xBF;

    private Contractions() {}

    /** Returns the end of the contraction at the apostrophe {@code text[start]}; {@code start} if there is none. */
    static int end(byte[] text, int start, int end) {
        if (start + 1 >= end) {
            return start;
        }
        return end(start, text[start + 1], start + 2 < end ? text[start + 2] : 0);
    }

    /** As {@link #end(byte[], int, int)}, in any case: {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)}. */
    static int endInAnyCase(byte[] text, int start, int end) {
        if (start + 1 >= end) {
            return start;
        }
        byte second = text[start + 1];
        byte third = start + 2 < end ? text[start + 2] : 0;
        if (second == LONG_S_FIRST && third == LONG_S_SECOND) {
            return start + 3;
        }
        return end(start, lower(second), lower(third));
    }

    private static int end(int start, byte second, byte third) {
        return switch (second) {
            case 's', 't', 'm', 'd' -> start + 2;
            case 'r', 'v' -> third == 'e' ? start + 3 : start;
            case 'l' -> third == 'l' ? start + 3 : start;
            default -> start;
        };
    }

    private static byte lower(byte value) {
        return value >= 'A' && value <= 'Z' ? (byte) (value + ('a' - 'A')) : value;
    }
}
