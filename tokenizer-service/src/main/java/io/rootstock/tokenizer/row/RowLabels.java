package io.rootstock.tokenizer.row;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.corpus.source.Row;
import io.rootstock.corpus.source.RowFields;
import io.rootstock.corpus.source.RowFields.RowRefusedException;
import io.rootstock.tokenizer.v1.FieldNames;
import java.util.Optional;

/** Reads the text and the label of a row. */
public record RowLabels(FieldNames fields) {
    /**
     * Returns the text. Rows of text files have only the field text; the request's field name applies to other formats.
     *
     * @throws RowRefusedException if it is missing or blank
     */
    public String text(JsonNode row) {
        return RowFields.required(row, isLine(row) ? Row.TEXT : FieldRole.TEXT.field(fields));
    }

    /** Whether the row is a line of a text file. */
    public static boolean isLine(JsonNode row) {
        return row.size() == 1 && row.has(Row.TEXT);
    }

    /**
     * Returns the label of a row.
     *
     * @param labelOfSource label of all rows of the source; empty: none
     * @throws RowRefusedException if it is missing, blank, or not the source's label
     */
    String required(JsonNode row, String labelOfSource) {
        return labelOfSource.isEmpty()
                ? RowFields.required(row, FieldRole.LABEL.field(fields))
                : optional(row, labelOfSource).orElseThrow();
    }

    /** Returns the label of a row, if it has one; see {@link #required}. */
    public Optional<String> optional(JsonNode row, String labelOfSource) {
        Optional<String> label = RowFields.optional(row, FieldRole.LABEL.field(fields))
                .filter(text -> !labelOfSource.isEmpty() || !text.isBlank());
        if (labelOfSource.isEmpty()) {
            return label;
        }
        if (!label.orElse(labelOfSource).equals(labelOfSource)) {
            throw new RowRefusedException("has the label '" + label.get() + "', its source has the label '"
                    + labelOfSource + "'; remove one of them");
        }
        return Optional.of(labelOfSource);
    }
}
