package io.rootstock.cli.display;

/** Texts of rows, which may hold any character, for a terminal or a page. */
public final class VisibleText {
    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private VisibleText() {}

    /**
     * Returns the text in one line, without characters that control a terminal or change the writing direction: they are
     * shown as escapes.
     */
    public static String of(String text) {
        StringBuilder result = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> result.append("\\n");
                case '\r' -> result.append("\\r");
                case '\t' -> result.append("\\t");
                case '\\' -> result.append("\\\\");
                default -> append(c, result);
            }
        });
        return result.toString();
    }

    /** Appends a code point, or its escape {@code \\u{...}}. */
    public static void append(int codePoint, StringBuilder text) {
        if (isVisible(codePoint)) {
            text.appendCodePoint(codePoint);
        } else {
            text.append("\\u{").append(Integer.toHexString(codePoint)).append('}');
        }
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            case Character.FORMAT -> c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER;
            default -> true;
        };
    }
}
