package io.rootstock.evaluation.task.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.yaml.InvalidFileException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads rows from JSON. Refuses duplicate names, integers beyond 64 bits and deep nesting. */
final class JsonRows {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(TaskLimits.ROW_DEPTH)
                    .maxStringLength(TaskLimits.ROW_CHARACTERS)
                    .maxNameLength(1000)
                    .maxNumberLength(100)
                    .build())
            .build();
    private static final String HINT = "correct the JSON";

    private final String file;

    JsonRows(String file) {
        this.file = file;
    }

    /** Reads one object per line; skips empty lines. */
    void lines(RowInput input, RowSink sink) throws IOException {
        long line = 1;
        for (String text = input.readLine(); text != null; text = input.readLine(), line++) {
            if (text.isBlank()) {
                continue;
            }
            try (JsonParser parser = JSON.createParser(text)) {
                parser.nextToken();
                Object value = value(parser, line);
                if (parser.nextToken() != null) {
                    throw new InvalidFileException(file, line, "text follows the row's JSON object", HINT);
                }
                sink.add(file, line, object(value, line));
            } catch (JsonProcessingException e) {
                throw invalid(e, line);
            }
        }
    }

    /**
     * Reads an array of rows, at the top or in a field of the top object.
     *
     * @param columns names of the items of rows that are arrays; empty if rows are objects
     */
    void array(RowInput input, Optional<String> field, List<String> columns, RowSink sink) throws IOException {
        try (JsonParser parser = JSON.createParser(input)) {
            JsonToken first = parser.nextToken();
            if (field.isPresent()) {
                if (first != JsonToken.START_OBJECT) {
                    throw new InvalidFileException(
                            file, 1, "the file is not a JSON object with '" + field.get() + "'", HINT);
                }
                toField(parser, field.get());
            }
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw new InvalidFileException(
                        file, line(parser), "the rows are not a JSON array", "state the array's field");
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                long line = line(parser);
                Object value = value(parser, line);
                sink.add(file, line, columns.isEmpty() ? object(value, line) : items(value, columns, line));
                input.rowEnds();
            }
        } catch (JsonProcessingException e) {
            throw invalid(
                    e, Math.max(1, e.getLocation() == null ? 1 : e.getLocation().getLineNr()));
        }
    }

    private void toField(JsonParser parser, String field) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = parser.currentName().equals(field);
            parser.nextToken();
            if (found) {
                return;
            }
            parser.skipChildren();
        }
        throw new InvalidFileException(
                file, 1, "the JSON object has no field '" + field + "'", "correct the field's name");
    }

    private static long line(JsonParser parser) {
        return Math.max(1, parser.currentTokenLocation().getLineNr());
    }

    private InvalidFileException invalid(JsonProcessingException failure, long line) {
        String reason = failure instanceof StreamConstraintsException
                ? "the JSON exceeds a limit: " + failure.getOriginalMessage()
                : "invalid JSON: " + failure.getOriginalMessage();
        return new InvalidFileException(file, line, reason, HINT);
    }

    private Map<String, Object> object(Object value, long line) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> fields = new LinkedHashMap<>();
            map.forEach((key, item) -> fields.put((String) key, item));
            return fields;
        }
        throw new InvalidFileException(file, line, "the row is not a JSON object", "write {\"FIELD\": VALUE, ...}");
    }

    private Map<String, Object> items(Object value, List<String> columns, long line) {
        if (!(value instanceof List<?> items) || items.size() != columns.size()) {
            throw new InvalidFileException(
                    file,
                    line,
                    "the row is not a JSON array of " + columns.size() + " items",
                    "name the items of a row in columns: " + columns);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            fields.put(columns.get(i), items.get(i));
        }
        return fields;
    }

    private Object value(JsonParser parser, long line) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, value(parser, line));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser, line));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> {
                if (parser.getNumberValue() instanceof BigInteger big) {
                    throw new InvalidFileException(file, line, "the integer " + big + " exceeds 64 bits", "quote it");
                }
                yield parser.getLongValue();
            }
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new InvalidFileException(file, line, "the JSON ends early", HINT);
        };
    }
}
