package io.rootstock.cli.pipeline;

import java.util.List;
import java.util.stream.Collectors;

/** Words as a POSIX shell reads them. */
public final class ShellWords {
    private ShellWords() {}

    /** The words in one line; those with characters of the shell in single quotes. */
    public static String join(List<String> words) {
        return words.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
    }

    private static String quote(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
