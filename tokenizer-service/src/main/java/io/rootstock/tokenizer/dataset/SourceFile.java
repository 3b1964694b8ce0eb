package io.rootstock.tokenizer.dataset;

import io.rootstock.corpus.source.ParallelReader;
import io.rootstock.corpus.source.RowHandler;
import io.rootstock.corpus.source.SourceOptions;
import io.rootstock.corpus.source.SourceReader;
import io.rootstock.corpus.source.UnreadableSourceException;
import io.rootstock.service.Errors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An uploaded file.
 *
 * @param name name of the upload; its extension determines the format, and errors of rows mention it
 * @param path path of the verified bytes
 * @param bytes size of the upload
 * @param outputs the line-aligned file with the outputs, if the file is one of two
 */
public record SourceFile(String name, Path path, long bytes, Optional<SourceFile> outputs) {
    /** A file of its own. */
    public SourceFile(String name, Path path, long bytes) {
        this(name, path, bytes, Optional.empty());
    }

    /** Returns this file with the line-aligned file of its outputs. */
    public SourceFile withOutputs(SourceFile file) {
        return new SourceFile(name, path, bytes, Optional.of(file));
    }

    /** Opens a file. */
    @FunctionalInterface
    interface Input {
        InputStream open(SourceFile file) throws IOException;
    }

    /**
     * Reads all rows: of the file, or the pairs of both line-aligned files.
     *
     * @param field field of the request, for errors
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT naming file and line if the rest cannot be read
     */
    void read(SourceOptions options, Input input, String field, RowHandler handler) {
        try {
            if (outputs.isPresent()) {
                new ParallelReader(name, outputs.get().name(), options)
                        .read(input.open(this), input.open(outputs.get()), handler);
            } else {
                new SourceReader(name, options).read(input.open(this), handler);
            }
        } catch (UnreadableSourceException failure) {
            throw Errors.invalidArgument(field, failure.describe(name));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + name + ": " + failure.getMessage(), failure);
        }
    }

    /** Size of all files of the source. */
    long totalBytes() {
        return bytes + outputs.map(SourceFile::bytes).orElse(0L);
    }
}
