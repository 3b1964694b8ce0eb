package io.rootstock.corpus.reader;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.rootstock.corpus.bytes.ByteLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads one JSON object a line. Only the fields of a document are decoded. */
final class JsonLineDocuments {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final ByteLines lines;
    private final DocumentSink sink;
    private final DocumentFields fields;
    private final List<String> names = new ArrayList<>();
    private byte[] text;
    private String url;
    private String licence;
    private String problem;

    JsonLineDocuments(ByteLines lines, DocumentSink sink) {
        this.lines = lines;
        this.sink = sink;
        this.fields = sink.settings().fields();
    }

    void read() throws IOException {
        new RecordLines(lines, sink, false).read(this::readLine);
    }

    private void readLine(byte[] buffer, int from, int to, String location) {
        text = null;
        url = null;
        licence = null;
        problem = null;
        names.clear();
        try (JsonParser parser = JSON.createParser(buffer, from, to - from)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                sink.refuse(location, "is not a JSON object; write {\"" + fields.text() + "\": \"...\", ...}");
                return;
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                names.add(name);
                parser.nextToken();
                readField(parser, name, buffer, from, to);
            }
            if (parser.nextToken() != null) {
                sink.refuse(location, "has more than one JSON value; write one object a line");
                return;
            }
        } catch (JsonProcessingException e) {
            sink.refuse(location, "is not valid JSON (" + e.getOriginalMessage() + "); write one object a line");
            return;
        } catch (IOException e) {
            throw new IllegalStateException("a parser of bytes in memory does not read", e);
        }
        if (problem != null) {
            sink.refuse(location, problem);
        } else if (text == null) {
            sink.refuse(
                    location,
                    "has no field '" + fields.text() + "' (it has " + String.join(", ", names)
                            + "); set the name of the text field");
        } else {
            sink.accept(location, text, url, licence);
        }
    }

    private void readField(JsonParser parser, String name, byte[] buffer, int from, int to) throws IOException {
        if (name.equals(fields.text())) {
            text = value(parser, name, buffer, from, to);
        } else if (name.equals(fields.url())) {
            url = optional(parser, name, buffer, from, to);
        } else if (name.equals(fields.licence())) {
            licence = optional(parser, name, buffer, from, to);
        } else {
            parser.skipChildren();
        }
    }

    private String optional(JsonParser parser, String name, byte[] buffer, int from, int to) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        byte[] value = value(parser, name, buffer, from, to);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    /** Returns a value as UTF-8, or null with a {@link #problem}. Numbers and booleans are used as written. */
    private byte[] value(JsonParser parser, String name, byte[] buffer, int from, int to) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            int quote = from + (int) parser.currentTokenLocation().getByteOffset();
            byte[] value = JsonStrings.decode(buffer, quote, to);
            if (value == null) {
                problem = "has an escaped half of a surrogate pair in field '" + name
                        + "', which is not a character; remove it";
            }
            return value;
        }
        if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
            return parser.getText().getBytes(StandardCharsets.UTF_8);
        }
        problem = token == JsonToken.VALUE_NULL
                ? "has null in field '" + name + "'; fill it or remove the record"
                : "has a field '" + name + "' that is not text; write a string";
        parser.skipChildren();
        return null;
    }
}
