package io.rootstock.cli.score;

import io.rootstock.cli.error.CliException;
import io.rootstock.evaluation.task.SuiteFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Local files by the names that the user typed, for the readers of row files; and as strict UTF-8. */
enum OutputText implements SuiteFiles {
    FILES;

    @Override
    public boolean has(String path) {
        return Files.isReadable(Path.of(path)) && !Files.isDirectory(Path.of(path));
    }

    @Override
    public InputStream open(String path) throws IOException {
        return Files.newInputStream(Path.of(path));
    }

    /** Name of a file without {@code .gz}. */
    static String plainName(Path file) {
        String name = file.toString();
        return name.endsWith(".gz") ? name.substring(0, name.length() - ".gz".length()) : name;
    }

    /** Opens a file as strict UTF-8, decompressed if its name ends in {@code .gz}, without a byte order mark. */
    static BufferedReader reader(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            BufferedReader reader = new BufferedReader(new InputStreamReader(
                    file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)));
            reader.mark(1);
            if (reader.read() != '\uFEFF') {
                reader.reset();
            }
            return reader;
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** Returns the exception for a file that cannot be read. */
    static CliException failure(Path file, IOException failure) {
        return failure instanceof CharacterCodingException
                ? new CliException(file + " is not UTF-8", "save it as UTF-8")
                : new CliException("cannot read " + file + ": " + failure.getMessage(), "check the path");
    }

    static void requireReadable(Path file) {
        if (!FILES.has(file.toString())) {
            throw new CliException("cannot read " + file, "check the path");
        }
    }
}
