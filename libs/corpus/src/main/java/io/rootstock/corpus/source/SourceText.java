package io.rootstock.corpus.source;

/** Checks text for characters that UTF-8 cannot encode. */
final class SourceText {
    static final String LONE_SURROGATE = "has an escaped half of a surrogate pair, which is not a character; remove it";

    private SourceText() {}

    static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (Character.isSurrogate(character)) {
                if (Character.isLowSurrogate(character)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }
}
