package io.rootstock.tokenizer.row;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.rootstock.corpus.source.RowFields;
import io.rootstock.corpus.source.RowFields.RowRefusedException;

/** JSON that rows hold as text: calls, arguments and tools. */
final class JsonTexts {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonTexts() {}

    /** @throws RowRefusedException if the text is not one JSON value */
    static JsonNode parse(String text, String place) {
        try {
            JsonNode json = JSON.readTree(text);
            if (!json.isMissingNode()) {
                return json;
            }
        } catch (JsonProcessingException invalid) {
            throw new RowRefusedException(place + " is not valid JSON (" + invalid.getOriginalMessage() + ")");
        }
        throw new RowRefusedException(place + " is empty; write JSON");
    }

    /**
     * Returns a JSON value as text, or the text that already holds it; empty if there is none.
     *
     * @throws RowRefusedException if it is not valid Unicode
     */
    static String text(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        String text = value.isTextual() ? value.textValue() : value.toString();
        return RowFields.optional(JsonNodeFactory.instance.objectNode().put("text", text), "text")
                .orElseThrow();
    }
}
