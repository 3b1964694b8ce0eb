package io.rootstock.cli.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.cli.error.CliException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A folder whose files are the rows of a class. */
public final class ClassFolder {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MAX_FILE = 16 << 20;

    private ClassFolder() {}

    /**
     * Writes the files of a folder as JSON Lines with the field {@code text}, in order of their names, to {@code
     * target}. Names that begin with a dot are skipped.
     *
     * @throws CliException if the folder has no files or has folders, or if a file is blank, larger than 16 MiB, or not
     *     in the encoding
     */
    public static void pack(Path folder, Charset encoding, Path target) {
        try (Writer writer = Files.newBufferedWriter(target)) {
            for (Path file : files(folder)) {
                writer.write(JSON.writeValueAsString(Map.of("text", text(file, encoding))));
                writer.write('\n');
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + folder, failure);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            List<Path> files = list.filter(
                            file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new CliException("no files in " + folder, "a class folder holds one text file for each row");
            }
            return files;
        }
    }

    private static String text(Path file, Charset encoding) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new CliException(
                    "cannot read " + file, "a class folder holds one text file for each row, and no folders");
        }
        if (Files.size(file) > MAX_FILE) {
            throw new CliException("file above 16 MiB: " + file, "divide it into several files");
        }
        String text = StrictText.decode(Files.readAllBytes(file), encoding, file.toString());
        if (text.isBlank()) {
            throw new CliException("blank file: " + file, "fill it or remove it");
        }
        return text;
    }
}
