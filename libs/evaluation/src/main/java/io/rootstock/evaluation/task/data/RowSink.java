package io.rootstock.evaluation.task.data;

import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.yaml.InvalidFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Collects the rows of a split and limits their number. */
final class RowSink {
    private final List<Row> rows = new ArrayList<>();

    void add(String file, long line, Map<String, Object> fields) {
        if (rows.size() == TaskLimits.ROWS) {
            throw new InvalidFileException(
                    file, line, "the split has more than " + TaskLimits.ROWS + " rows", "remove rows from the file");
        }
        rows.add(new Row(rows.size(), file, line, fields));
    }

    List<Row> rows() {
        return rows;
    }
}
