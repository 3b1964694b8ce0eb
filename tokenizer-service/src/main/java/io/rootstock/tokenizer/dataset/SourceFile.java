package io.rootstock.tokenizer.dataset;

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

    /** Size of all files of the source. */
    long totalBytes() {
        return bytes + outputs.map(SourceFile::bytes).orElse(0L);
    }
}
