package io.rootstock.cli.completion;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Shells with a completion script. */
public enum Shell {
    BASH,
    ZSH,
    FISH;

    /** The script that completes commands when the shell reads it, such as in {@code ~/.bashrc}. */
    public String script() {
        try (InputStream file = Shell.class.getResourceAsStream("rootstock." + name().toLowerCase(Locale.ROOT))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
