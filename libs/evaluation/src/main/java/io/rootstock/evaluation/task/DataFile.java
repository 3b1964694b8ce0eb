package io.rootstock.evaluation.task;

import java.util.List;
import java.util.Map;

/**
 * Row files of one split.
 *
 * @param paths files as the suite names them, concatenated; for aligned lines one file per column
 * @param format their format
 * @param otherRow names of added fields, with the field whose value they have in the row half the split further on; a control
 *     that pairs a row with the source of another
 * @param source file that names them
 * @param line line in that file
 */
public record DataFile(List<String> paths, RowFormat format, Map<String, String> otherRow, String source, int line) {
    public DataFile {
        paths = List.copyOf(paths);
        otherRow = Map.copyOf(otherRow);
    }

    /** Creates files without added fields. */
    public DataFile(List<String> paths, RowFormat format, String source, int line) {
        this(paths, format, Map.of(), source, line);
    }
}
