package io.rootstock.cli.command;

import io.rootstock.cli.error.CliException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Texts from arguments, files or standard input. */
public final class Input {
    private Input() {}

    /** The argument itself, or all of standard input for {@code -}. */
    public static String text(String argument) {
        if (!argument.equals("-")) {
            return argument;
        }
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException("standard input cannot be read", failure);
        }
    }

    /** All of a file. */
    public static String file(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new CliException("cannot read " + file + ": " + failure.getMessage(), "check the path");
        }
    }

    /** The arguments, or the lines of a file that are not blank. */
    public static List<String> texts(List<String> arguments, Path file) {
        if (file == null && (arguments == null || arguments.isEmpty())) {
            throw new CliException("no text was given", "add texts as arguments, or --file with one text a line");
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
