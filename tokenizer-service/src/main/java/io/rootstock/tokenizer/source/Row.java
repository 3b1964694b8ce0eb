package io.rootstock.tokenizer.source;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One row of a file.
 *
 * @param line where it begins, from 1
 * @param fields its fields: an object; a piece of a text file has the one field {@link #TEXT}
 */
public record Row(long line, JsonNode fields) {
    /** The field of rows that come from text files. */
    public static final String TEXT = "text";
}
