package io.rootstock.inference.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** JSON mapping of this API. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, null))
            // Numbers in a schema are passed on without rounding.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    /**
     * Parses one object.
     *
     * @throws JsonProcessingException if the text is not exactly one JSON object
     */
    public static ObjectNode object(byte[] text) throws JsonProcessingException {
        try {
            return MAPPER.readerFor(ObjectNode.class).readValue(text);
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory cannot be read", e);
        }
    }

    /** Converts an object to a map, for chat templates. */
    @SuppressWarnings("unchecked") // an object is a map of texts
    public static Map<String, Object> map(ObjectNode object) {
        return MAPPER.convertValue(object, Map.class);
    }

    /** Converts an answer, or a list of answers, to a tree. */
    public static JsonNode tree(Object answer) {
        return MAPPER.valueToTree(answer);
    }

    /** Serializes a response. */
    public static byte[] bytes(Object answer) {
        try {
            return MAPPER.writeValueAsBytes(answer);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("an answer cannot be written", e);
        }
    }
}
