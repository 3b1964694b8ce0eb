package io.rootstock.corpus.unit;

/** The part of a file that a unit consists of. */
public sealed interface UnitRange {
    /** First byte of the file that belongs to the unit. */
    long from();

    /** Byte after the last one of the unit. */
    long to();

    /**
     * A whole file: compressed, a web archive, or of a format that cannot be cut.
     *
     * @param to length of the file
     */
    record Whole(long to) implements UnitRange {
        @Override
        public long from() {
            return 0;
        }
    }

    /** Whole records between two offsets of an uncompressed file. */
    record Bytes(long from, long to) implements UnitRange {}

    /**
     * Consecutive row groups of a parquet file.
     *
     * @param firstGroup index of the first row group, from 0
     * @param groups number of row groups
     * @param firstRow index of the first row in the file
     * @param from offset of the first column chunk
     * @param to end of the last column chunk
     */
    record RowGroups(int firstGroup, int groups, long firstRow, long from, long to) implements UnitRange {}
}
