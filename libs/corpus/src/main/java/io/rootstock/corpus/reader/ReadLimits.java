package io.rootstock.corpus.reader;

import io.rootstock.corpus.source.DecompressionLimits;

/**
 * Bounds of a unit's records, so that no input exhausts the memory.
 *
 * @param recordBytes largest record in bytes; a larger one is refused. Rows of JSON arrays and CSV with quotes are also
 *     limited to 16 Mi characters, after which the rest of the file is unreadable
 * @param decompression bounds of decompressed files
 */
public record ReadLimits(int recordBytes, DecompressionLimits decompression) {
    /** Records of 16 MiB, and the standard limits of decompression. */
    public static final ReadLimits DEFAULT = new ReadLimits(1 << 24, DecompressionLimits.DEFAULT);

    public ReadLimits {
        if (recordBytes < 1024 || recordBytes > 1 << 29) {
            throw new IllegalArgumentException("the record limit must be 1024 to 536870912 bytes, not " + recordBytes);
        }
    }
}
