package io.rootstock.corpus.source;

/**
 * Bounds of what a reader holds in memory and decompresses.
 *
 * @param maxRowCharacters longest row in characters, which is also the memory of a reader. A longer line is refused
 *     alone; a longer row of a CSV file, a JSON array or a pair of files makes
 *     the rest unreadable. 65,536 to 536,870,912
 * @param decompression bounds of decompressed files
 */
public record SourceLimits(int maxRowCharacters, DecompressionLimits decompression) {
    /** Rows of 16 Mi characters, and the standard limits of decompression. */
    public static final SourceLimits DEFAULT = new SourceLimits(1 << 24, DecompressionLimits.DEFAULT);

    /** Well above the read-ahead of the parsers, which counts as part of a row. */
    private static final int MIN_ROW_CHARACTERS = 1 << 16;

    private static final int MAX_ROW_CHARACTERS = 1 << 29;

    public SourceLimits {
        if (maxRowCharacters < MIN_ROW_CHARACTERS || maxRowCharacters > MAX_ROW_CHARACTERS) {
            throw new IllegalArgumentException("the limit of a row must be " + MIN_ROW_CHARACTERS + " to "
                    + MAX_ROW_CHARACTERS + " characters, was " + maxRowCharacters);
        }
    }

    /** Reason of the refusal of a row above the limit. */
    String tooLong(String remedy) {
        return "is longer than " + maxRowCharacters + " characters; " + remedy + ", or raise the limit";
    }
}
