package io.rootstock.grammar.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.util.Set;
import java.util.stream.Collectors;

/** A JSON Schema in an independent validator (draft 2020-12, with format assertions). */
final class JudgedSchema {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final JsonSchema schema;

    JudgedSchema(String schema) {
        try {
            this.schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(JSON.readTree(schema));
        } catch (JsonProcessingException e) {
            throw new AssertionError(schema, e);
        }
    }

    /** Validates a text and returns the validator's messages; empty if the text is valid. */
    String validationErrors(String text) {
        try {
            Set<String> messages = schema
                    .validate(
                            JSON.readTree(text),
                            context -> context.getExecutionConfig().setFormatAssertionsEnabled(true))
                    .stream()
                    .map(Object::toString)
                    .collect(Collectors.toSet());
            return messages.isEmpty() ? "" : messages.toString();
        } catch (JsonProcessingException e) {
            return "invalid JSON: " + e.getOriginalMessage();
        }
    }
}
