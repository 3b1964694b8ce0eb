package io.rootstock.cli.command;

import io.rootstock.cli.client.StrictText;
import io.rootstock.cli.error.CliException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads text from arguments, files and standard input. */
public final class Input {
    private Input() {}

    /**
     * The argument; standard input for {@code -}.
     *
     * @throws CliException if standard input is not valid UTF-8
     */
    public static String text(String argument) {
        if (!argument.equals("-")) {
            return argument;
        }
        try {
            return StrictText.decode(System.in.readAllBytes(), StandardCharsets.UTF_8, "standard input");
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read standard input", failure);
        }
    }

    /** The content of a UTF-8 file. */
    public static String file(Path file) {
        try {
            return StrictText.decode(Files.readAllBytes(file), StandardCharsets.UTF_8, file.toString());
        } catch (IOException failure) {
            throw new CliException("cannot read " + file + ": " + failure.getMessage(), "check the path");
        }
    }

    /** The arguments, or the non-blank lines of {@code file} if it is not null. */
    public static List<String> texts(List<String> arguments, Path file) {
        if (file == null && (arguments == null || arguments.isEmpty())) {
            throw new CliException("missing text", "pass texts as arguments, or --file with one text per line");
        }
        if (file == null) {
            return arguments;
        }
        return file(file).lines().filter(line -> !line.isBlank()).toList();
    }
}
