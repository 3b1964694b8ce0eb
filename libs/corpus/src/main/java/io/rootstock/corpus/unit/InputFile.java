package io.rootstock.corpus.unit;

import io.rootstock.corpus.storage.StoredFile;
import java.io.IOException;

/**
 * An input file as it was when the plan was made.
 *
 * @param name name in reports and digests: relative to the base directory if it lies there, with {@code /}; else its path or
 *     address
 * @param place path or address
 * @param format format of its content
 * @param compression compression of the whole file
 * @param bytes length
 */
public record InputFile(String name, InputPlace place, InputFormat format, Compression compression, long bytes) {
    /** Opens the file. */
    public StoredFile open() throws IOException {
        return place.open(bytes);
    }
}
