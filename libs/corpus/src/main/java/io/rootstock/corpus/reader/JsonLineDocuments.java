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

/** Reads one JSON object a line. Only the fields of a document and the objects that hold them are decoded. */
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
    private final Values top = new Values();
    private final Values nested = new Values();
    private String problem;

    /** Fields of one record; null where they are missing. */
    private static final class Values {
        private byte[] text;
        private String url;
        private String licence;

        void clear() {
            text = null;
            url = null;
            licence = null;
        }
    }

    JsonLineDocuments(ByteLines lines, DocumentSink sink) {
        this.lines = lines;
        this.sink = sink;
        this.fields = sink.settings().fields();
    }

    void read() throws IOException {
        new RecordLines(lines, sink, false).read(this::readLine);
    }

    private void readLine(byte[] buffer, int from, int to, String location) {
        top.clear();
        nested.clear();
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
                readField(parser, name, top, buffer, from, to);
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
        byte[] text = top.text == null ? nested.text : top.text;
        if (problem != null) {
            sink.refuse(location, problem);
        } else if (text == null) {
            sink.refuse(
                    location,
                    "has no field '" + fields.text() + "' (it has " + String.join(", ", names)
                            + "); set the name of the text field");
        } else {
            sink.accept(
                    location,
                    text,
                    top.url == null ? nested.url : top.url,
                    top.licence == null ? nested.licence : top.licence);
        }
    }

    private void readField(JsonParser parser, String path, Values values, byte[] buffer, int from, int to)
            throws IOException {
        if (path.equals(fields.text())) {
            values.text = value(parser, path, buffer, from, to);
        } else if (path.equals(fields.url())) {
            values.url = optional(parser, path, buffer, from, to);
        } else if (path.equals(fields.licence())) {
            values.licence = optional(parser, path, buffer, from, to);
        } else if (parser.currentToken() == JsonToken.START_OBJECT && fields.hasBelow(path)) {
            readObject(parser, path, buffer, from, to);
        } else {
            parser.skipChildren();
        }
    }

    /** Reads the object at a path; a name with a dot in it is not a path. */
    private void readObject(JsonParser parser, String path, byte[] buffer, int from, int to) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            if (name.indexOf('.') >= 0) {
                parser.skipChildren();
            } else {
                readField(parser, path + "." + name, nested, buffer, from, to);
            }
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
