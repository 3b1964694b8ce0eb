package io.rootstock.cli.operation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Upload;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Progress;
import io.rootstock.tokenizer.v1.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Uploads files with a progress bar. */
public final class Uploads {
    private Uploads() {}

    /** Uploads files in order; validates all of them first. */
    public static List<Source> all(Clients clients, List<Path> files, Console console) {
        files.forEach(Upload::requireReadable);
        return files.stream().map(file -> one(clients, file, console)).toList();
    }

    /** Uploads one file. */
    public static Source one(Clients clients, Path file, Console console) {
        try (Progress progress = Progress.open(console, "upload " + file.getFileName())) {
            long size = Files.size(file);
            return Upload.send(
                    clients, file, sent -> progress.show(sent, size, Format.bytes(sent) + " of " + Format.bytes(size)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
