package io.rootstock.corpus.unit;

import java.nio.file.Path;

/**
 * An input file as it was when the plan was made.
 *
 * @param name name in reports and digests: relative to the base directory if it lies there, with {@code /}
 * @param path path on this machine
 * @param format format of its content
 * @param compression compression of the whole file
 * @param bytes length
 * @param modifiedNanos time of its last change, in nanoseconds since 1970
 */
public record InputFile(
        String name, Path path, InputFormat format, Compression compression, long bytes, long modifiedNanos) {}
