package io.rootstock.registry.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestTexts;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Tags, key to value, stored as a JSON object. */
final class Tags {
    /** Maximum number of tags of a model or version. */
    static final int MAX_TAGS = 64;

    private static final int MAX_VALUE_LENGTH = 256;
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");
    private static final JsonMapper JSON = new JsonMapper();

    private Tags() {}

    /** Returns a JSON object with sorted keys; INVALID_ARGUMENT names an invalid tag. */
    static String json(Map<String, String> tags, String field) {
        tags.forEach((key, value) -> {
            if (!KEY.matcher(key).matches()) {
                throw Errors.invalidArgument(
                        field,
                        "keys must begin with a letter or digit and have at most 63 letters, digits, \".\", \"_\", \"/\""
                                + " and \"-\", was '" + key + "'");
            }
            if (value.length() > MAX_VALUE_LENGTH || value.chars().anyMatch(Character::isISOControl)) {
                throw Errors.invalidArgument(
                        field,
                        "the value of " + key + " must have at most " + MAX_VALUE_LENGTH
                                + " characters and no control characters");
            }
            RequestTexts.requireVisible(value, field);
        });
        try {
            return JSON.writeValueAsString(new TreeMap<>(tags));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write tags", e);
        }
    }

    /** Reads a JSON object of the database. */
    static Map<String, String> parse(String json) throws SQLException {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new SQLException("column tags does not contain texts", e);
        }
    }
}
