package io.rootstock.service;

import java.util.Optional;

/** Checks texts of a request that are stored and shown to others. */
public final class RequestTexts {
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private RequestTexts() {}

    /**
     * Requires that a text looks like its characters: it has no invisible format characters, such as U+202E, which
     * reverses the text after it. The joiners of scripts and emoji are allowed.
     *
     * @param field field of the request, for the error
     * @return the text
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if it has one
     */
    public static String requireVisible(String text, String field) {
        violation(text).ifPresent(description -> {
            throw Errors.invalidArgument(field, description);
        });
        return text;
    }

    /** Says which invisible format character a text has, for an error of several fields; empty if it has none. */
    public static Optional<String> violation(String text) {
        return text.codePoints()
                .filter(RequestTexts::isInvisible)
                .boxed()
                .findFirst()
                .map(character -> "must have no invisible format characters, has U+%04X".formatted(character));
    }

    private static boolean isInvisible(int character) {
        return Character.getType(character) == Character.FORMAT
                && character != ZERO_WIDTH_NON_JOINER
                && character != ZERO_WIDTH_JOINER
                && !isSign(character);
    }

    /** Whether this is a format character with a glyph: Unicode's property Prepended_Concatenation_Mark. */
    private static boolean isSign(int character) {
        return switch (character) {
            case 0x0600,
                    0x0601,
                    0x0602,
                    0x0603,
                    0x0604,
                    0x0605,
                    0x06DD,
                    0x070F,
                    0x0890,
                    0x0891,
                    0x08E2,
                    0x110BD,
                    0x110CD -> true;
            default -> false;
        };
    }
}
