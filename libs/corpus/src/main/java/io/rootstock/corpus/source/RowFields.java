package io.rootstock.corpus.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Reads text fields of rows; an error states the remedy. */
public final class RowFields {
    private RowFields() {}

    /** A row is invalid; the message is the reason of its rejection. */
    public static final class RowRefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /**
         * @param reason reason and remedy
         */
        public RowRefusedException(String reason) {
            super(reason);
        }
    }

    /**
     * Returns a text that must exist and must not be blank.
     *
     * @throws RowRefusedException if it is missing, null or blank
     */
    public static String required(JsonNode fields, String name) {
        if (fields.has(name) && fields.get(name).isNull()) {
            throw new RowRefusedException("has null in field '" + name + "'; fill it or remove the row");
        }
        String text = optional(fields, name)
                .orElseThrow(() -> new RowRefusedException("has no field '" + name + "' (it has "
                        + String.join(", ", fieldNames(fields)) + "); name the field in the request"));
        if (text.isBlank()) {
            throw new RowRefusedException("has an empty field '" + name + "'; fill it or remove the row");
        }
        return text;
    }

    /**
     * Returns a text that may be absent or null; numbers and booleans are used as written.
     *
     * @throws RowRefusedException if it is a list or an object, or not valid Unicode
     */
    public static Optional<String> optional(JsonNode fields, String name) {
        JsonNode value = fields.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isValueNode()) {
            throw new RowRefusedException("has a field '" + name + "' that is not text; write a string");
        }
        String text = value.asText();
        if (SourceText.hasLoneSurrogate(text)) {
            throw new RowRefusedException(SourceText.LONE_SURROGATE);
        }
        return Optional.of(text);
    }

    private static Iterable<String> fieldNames(JsonNode fields) {
        return fields::fieldNames;
    }
}
