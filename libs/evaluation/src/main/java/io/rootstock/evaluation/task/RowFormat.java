package io.rootstock.evaluation.task;

import java.util.List;
import java.util.Optional;

/** Format of row files. A file whose name ends in {@code .gz} is decompressed first. */
public sealed interface RowFormat {
    /** One JSON object per line. */
    record JsonLines() implements RowFormat {}

    /**
     * A JSON array of rows, at the top or in fields of the top object.
     *
     * @param fields fields with arrays, read in this order; empty if the array is at the top
     * @param columns names of the items of a row that is an array; empty if rows are objects
     */
    record JsonArray(List<String> fields, List<String> columns) implements RowFormat {
        public JsonArray {
            fields = List.copyOf(fields);
            columns = List.copyOf(columns);
        }

        /** Creates the format of objects. */
        public JsonArray(Optional<String> field) {
            this(field.stream().toList(), List.of());
        }
    }

    /** lm-evaluation-harness' {@code dataset_path: json}: an array if the file begins with a bracket, else JSON lines. */
    record AnyJson() implements RowFormat {}

    /**
     * Delimited text. Without names the first line has them. A column whose values are all integers, all numbers or all
     * True and False has that type, as in pandas; an empty value is None.
     *
     * @param delimiter character between values
     * @param columns names of the columns; empty if the first line has them
     * @param quotes whether double quotes enclose values
     */
    record Delimited(char delimiter, List<String> columns, boolean quotes) implements RowFormat {
        public Delimited {
            columns = List.copyOf(columns);
        }
    }

    /** One file per column; lines with one number are a row. */
    record AlignedLines(List<String> columns) implements RowFormat {
        public AlignedLines {
            columns = List.copyOf(columns);
        }
    }

    /** SQuAD's nested JSON: one row per question with id, title, context, question and answers (a list of texts). */
    record Squad() implements RowFormat {}
}
