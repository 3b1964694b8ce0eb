package io.rootstock.corpus.source;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One row of a file.
 *
 * @param line number of its first line, from 1
 * @param fields fields as a JSON object; a row of a text file has only the field {@link #TEXT}
 */
public record Row(long line, JsonNode fields) {
    /** Field of rows from text files. */
    public static final String TEXT = "text";
}
