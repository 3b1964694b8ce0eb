package io.rootstock.corpus.engine.count;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;

/** Counts, reports and specifications as JSON. Equal values give equal text. */
public final class CountsJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private CountsJson() {}

    /** Writes a value in one line. */
    public static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of counts is always serialisable", e);
        }
    }

    /** Writes a value in several lines, with a line break at the end. */
    public static String writePretty(Object value) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of counts is always serialisable", e);
        }
    }

    /** Reads a value; throws {@link IllegalArgumentException} if the text is not one of the type. */
    public static <T> T read(String text, Class<T> type) {
        try {
            return JSON.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON of a " + type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }
}
