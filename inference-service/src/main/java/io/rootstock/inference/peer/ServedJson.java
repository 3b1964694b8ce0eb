package io.rootstock.inference.peer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.rootstock.inference.model.ServedVersion;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** JSON of the versions by alias, in a file and between the instances of this service. */
public final class ServedJson {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ServedJson() {}

    /** Writes the versions. */
    public static byte[] write(Map<String, ServedVersion> versions) throws JsonProcessingException {
        return JSON.writeValueAsBytes(new TreeMap<>(versions));
    }

    /**
     * Reads the versions.
     *
     * @throws JsonProcessingException if the JSON has other fields, such as the JSON of another release
     */
    public static Map<String, ServedVersion> read(byte[] json) throws IOException {
        return JSON.readValue(json, new TypeReference<TreeMap<String, ServedVersion>>() {});
    }
}
