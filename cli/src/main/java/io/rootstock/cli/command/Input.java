package io.rootstock.cli.command;

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

    /** The argument; standard input for {@code -}. */
    public static String text(String argument) {
        if (!argument.equals("-")) {
            return argument;
        }
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read standard input", failure);
        }
    }

    /** The content of a UTF-8 file. */
    public static String file(Path file) {
        try {
            return Files.readString(file);
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
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException failure) {
            throw new CliException("cannot read " + file + ": " + failure.getMessage(), "check the path");
        }
    }
}
