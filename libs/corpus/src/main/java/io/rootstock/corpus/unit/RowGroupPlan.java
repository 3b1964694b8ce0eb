package io.rootstock.corpus.unit;

import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ParquetFileReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Divides a parquet file into units of consecutive row groups, by the sizes in its footer. */
final class RowGroupPlan {
    private RowGroupPlan() {}

    /**
     * Returns the ranges of a file; none for a file without rows.
     *
     * @throws RefusedInputException if the footer cannot be read
     */
    static List<UnitRange> ranges(InputFile file, long unitBytes) {
        List<Group> groups;
        try (ParquetFileReader reader = ParquetFileReader.open(dev.hardwood.InputFile.of(file.path()))) {
            groups = reader.getFileMetaData().rowGroups().stream()
                    .map(group -> new Group(group.numRows(), start(group), end(group)))
                    .toList();
        } catch (IOException | RuntimeException e) {
            throw new RefusedInputException(
                    file.path(),
                    "is not a complete parquet file (" + e.getMessage() + "); write it again, or leave it out");
        }
        return ranges(file, groups, unitBytes);
    }

    private record Group(long rows, long from, long to) {}

    private static List<UnitRange> ranges(InputFile file, List<Group> groups, long unitBytes) {
        List<UnitRange> ranges = new ArrayList<>();
        int first = 0;
        long firstRow = 0;
        long rows = 0;
        for (int i = 0; i < groups.size(); i++) {
            rows += groups.get(i).rows;
            long from = groups.get(first).from;
            long to = groups.get(i).to;
            if (from < 0 || to > file.bytes() || from >= to || groups.get(i).rows < 0) {
                throw new RefusedInputException(
                        file.path(), "has a row group outside of the file; write it again, or leave it out");
            }
            if (i + 1 == groups.size() || groups.get(i + 1).to - from > unitBytes) {
                if (rows > firstRow) {
                    ranges.add(new UnitRange.RowGroups(first, i + 1 - first, firstRow, from, to));
                }
                first = i + 1;
                firstRow = rows;
            }
        }
        return ranges;
    }

    private static long start(RowGroup group) {
        return group.columns().stream()
                .mapToLong(ColumnChunk::chunkStartOffset)
                .min()
                .orElse(0);
    }

    private static long end(RowGroup group) {
        return group.columns().stream()
                .mapToLong(chunk -> chunk.chunkStartOffset() + chunk.metaData().totalCompressedSize())
                .max()
                .orElse(0);
    }
}
