package io.rootstock.corpus.unit;

import java.util.Optional;

/**
 * Format and compression of a file.
 *
 * @param format format of its content
 * @param compression compression of the whole file
 */
record FileKind(InputFormat format, Compression compression) {
    /**
     * Identifies the kind of a file.
     *
     * @param place path or address, for errors
     * @param name name, with its ending
     * @param stated format of all files; empty: by the name
     * @throws RefusedInputException if the ending is unknown, or names a compressed parquet file
     */
    static FileKind of(Object place, String name, Optional<InputFormat> stated) {
        InputFormat format = stated.or(() -> InputFormat.of(name))
                .orElseThrow(() -> new RefusedInputException(
                        place,
                        "has an unknown ending; files must end in " + InputFormat.SUPPORTED
                                + ", or the source states their format"));
        Compression compression = Compression.of(name);
        if (format == InputFormat.PARQUET && compression != Compression.NONE) {
            throw new RefusedInputException(place, "is parquet inside of " + compression + "; decompress the file");
        }
        return new FileKind(format, compression);
    }
}
