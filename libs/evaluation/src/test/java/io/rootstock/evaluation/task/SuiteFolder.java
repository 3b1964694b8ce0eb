package io.rootstock.evaluation.task;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** A suite in a folder of a test. */
public record SuiteFolder(Path folder) implements SuiteFiles {
    public SuiteFolder with(String path, String text) {
        return with(path, text.getBytes(StandardCharsets.UTF_8));
    }

    public SuiteFolder with(String path, byte[] bytes) {
        try {
            Files.createDirectories(folder.resolve(path).getParent());
            Files.write(folder.resolve(path), bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public boolean has(String path) {
        return Files.isRegularFile(folder.resolve(path));
    }

    @Override
    public InputStream open(String path) throws IOException {
        return Files.newInputStream(folder.resolve(path));
    }
}
