package io.rootstock.chat;

import java.util.Objects;

/**
 * One message of a conversation, such as {@code new Turn("user", "What is a record?")}.
 *
 * @param role who speaks: {@code system}, {@code user} or {@code assistant}, or another word a template knows. Letters,
 *     digits, {@code _} and {@code -} only, at most 32, because templates write it outside of the content
 * @param content what is said, any text
 */
public record Turn(String role, String content) {
    /** The role whose content is an answer. */
    public static final String ASSISTANT = "assistant";

    private static final int LONGEST_ROLE = 32;

    public Turn {
        Objects.requireNonNull(content, "content");
        if (role.isEmpty() || role.length() > LONGEST_ROLE || !role.chars().allMatch(Turn::belongsToRole)) {
            throw new IllegalArgumentException(
                    "a role is 1 to 32 letters, digits, '_' or '-', such as user or assistant, was: " + role);
        }
    }

    private static boolean belongsToRole(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '_'
                || character == '-';
    }
}
