package io.rootstock.evaluation.task;

import java.util.List;
import java.util.Optional;

/** Format of row files. A file whose name ends in {@code .gz} is decompressed first. */
public sealed interface RowFormat {
    /** One JSON object per line. */
    record JsonLines() implements RowFormat {}

    /** A JSON array of objects, at the top or in a field of the top object. */
    record JsonArray(Optional<String> field) implements RowFormat {}

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
