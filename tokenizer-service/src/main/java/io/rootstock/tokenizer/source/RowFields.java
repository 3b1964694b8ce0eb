package io.rootstock.tokenizer.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Takes texts out of rows, with a refusal that says what to do. */
public final class RowFields {
    private RowFields() {}

    /** A row cannot be used; the message is the reason of its refusal. */
    public static final class RowRefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /**
         * @param reason why, and how to mend it
         */
        public RowRefusedException(String reason) {
            super(reason);
        }
    }

    /**
     * A text that must be there and must not be blank.
     *
     * @throws RowRefusedException where it is not
     */
    public static String required(JsonNode fields, String name) {
        String text = optional(fields, name)
                .orElseThrow(() -> new RowRefusedException("has no field '" + name + "' (it has "
                        + String.join(", ", fieldNames(fields)) + "); name the field in the request"));
        if (text.isBlank()) {
            throw new RowRefusedException("has an empty field '" + name + "'; fill it or remove the row");
        }
        return text;
    }

    /**
     * A text that may be absent or null; numbers and booleans are taken as they are written.
     *
     * @throws RowRefusedException where it is a list or an object, or no valid Unicode
     */
    public static Optional<String> optional(JsonNode fields, String name) {
        JsonNode value = fields.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isValueNode()) {
            throw new RowRefusedException("has a field '" + name + "' that is no text; write a string");
        }
        String text = value.asText();
        if (SourceText.hasLoneSurrogate(text)) {
            throw new RowRefusedException(
                    SourceText.isMalformed(text) ? SourceText.NOT_UTF_8 : SourceText.LONE_SURROGATE);
        }
        return Optional.of(text);
    }

    private static Iterable<String> fieldNames(JsonNode fields) {
        return fields::fieldNames;
    }
}
