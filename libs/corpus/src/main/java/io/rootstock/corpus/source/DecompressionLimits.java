package io.rootstock.corpus.source;

/**
 * Bounds of decompressed data, against files that expand without end.
 *
 * @param freeBytes decompressed bytes that are permitted at any ratio
 * @param largestRatio largest ratio of decompressed to compressed bytes after {@code freeBytes}; text compresses to a
 *     tenth or twentieth
 * @param mostBytes largest number of decompressed bytes of a file
 */
public record DecompressionLimits(long freeBytes, long largestRatio, long mostBytes) {
    /** 256 MiB at any ratio, 200 times the compressed bytes after that, and at most 256 GiB. */
    public static final DecompressionLimits DEFAULT = new DecompressionLimits(1L << 28, 200, 1L << 38);

    public DecompressionLimits {
        if (freeBytes < 0 || largestRatio < 1 || mostBytes < 1) {
            throw new IllegalArgumentException("limits of decompression must be positive: " + freeBytes
                    + " bytes, ratio " + largestRatio + ", " + mostBytes + " bytes");
        }
    }
}
