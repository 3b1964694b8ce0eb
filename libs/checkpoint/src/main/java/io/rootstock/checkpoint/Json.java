package io.rootstock.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Strict JSON: rejects duplicate names and content after the end. */
public final class Json {
    private static final int MAX_TEXT_LENGTH = 50_000_000;

    public static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(MAX_TEXT_LENGTH)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    public static JsonNode readObject(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidCheckpointException("file not found: " + file);
        }
        try {
            JsonNode json = MAPPER.readTree(Files.readString(file));
            if (!json.isObject()) {
                throw new InvalidCheckpointException(file + " is no JSON object");
            }
            return json;
        } catch (JacksonException e) {
            throw new InvalidCheckpointException(file + " is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    public static void write(Path file, JsonNode json) throws IOException {
        AtomicFile.write(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }
}
