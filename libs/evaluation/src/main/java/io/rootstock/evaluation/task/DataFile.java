package io.rootstock.evaluation.task;

import java.util.List;

/**
 * Row files of one split.
 *
 * @param paths files as the suite names them, concatenated; for aligned lines one file per column
 * @param format their format
 * @param source file that names them
 * @param line line in that file
 */
public record DataFile(List<String> paths, RowFormat format, String source, int line) {
    public DataFile {
        paths = List.copyOf(paths);
    }
}
