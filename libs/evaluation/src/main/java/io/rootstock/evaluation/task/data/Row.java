package io.rootstock.evaluation.task.data;

import io.rootstock.yaml.InvalidFileException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A row of a split.
 *
 * @param index position in its split, from 0
 * @param file row file as the suite names it
 * @param line line where the row begins, from 1; of SQuAD files, of the article
 * @param fields values by name: String, Long, Double, Boolean, null, lists and maps of these
 */
public record Row(int index, String file, long line, Map<String, Object> fields) {
    public Row {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** File and line, for errors. */
    public String place() {
        return file + ":" + line;
    }

    /** Returns the exception for this row. */
    public InvalidFileException error(String reason, String hint) {
        return new InvalidFileException(file, line, reason, hint);
    }
}
