package io.rootstock.corpus.unit;

import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ParquetFileReader;
import io.rootstock.corpus.storage.StorageException;
import io.rootstock.corpus.storage.StoredFile;
import io.rootstock.corpus.storage.StoredParquet;
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
     * @throws StorageException if the storage does not answer
     */
    static List<UnitRange> ranges(InputFile file, StoredFile stored, long unitBytes) throws IOException {
        List<Group> groups;
        try (ParquetFileReader reader = ParquetFileReader.open(parquet(file, stored))) {
            groups = reader.getFileMetaData().rowGroups().stream()
                    .map(group -> new Group(group.numRows(), start(group), end(group)))
                    .toList();
        } catch (IOException | RuntimeException e) {
            if (StorageException.in(e).isPresent()) {
                throw StorageException.in(e).get();
            }
            throw new RefusedInputException(
                    file.place(),
                    "is not a complete parquet file (" + e.getMessage() + "); write it again, or leave it out");
        }
        return ranges(file, groups, unitBytes);
    }

    private static dev.hardwood.InputFile parquet(InputFile file, StoredFile stored) {
        return switch (file.place()) {
            case InputPlace.Local local -> dev.hardwood.InputFile.of(local.path());
            case InputPlace.Stored _ -> new StoredParquet(file.name(), stored);
        };
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
                        file.place(), "has a row group outside of the file; write it again, or leave it out");
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
