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

    /**
     * Value of a field.
     *
     * @param utf8 its characters; null if the value is null or not text
     * @param problem reason why the record is refused; null if it is not
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Value(byte[] utf8, String problem) {
        static final Value NULL = new Value(null, null);
    }

    /** Fields of one record; null where they are missing. */
    private static final class Values {
        private Value text;
        private Value url;
        private Value licence;

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
        accept(location, first(top.text, nested.text), first(top.url, nested.url), first(top.licence, nested.licence));
    }

    private void accept(String location, Value text, Value url, Value licence) {
        for (Value value : new Value[] {text, url, licence}) {
            if (value != null && value.problem != null) {
                sink.refuse(location, value.problem);
                return;
            }
        }
        if (text == null) {
            sink.refuse(
                    location,
                    "has no field '" + fields.text() + "' (it has " + String.join(", ", names)
                            + "); set the name of the text field");
        } else {
            sink.accept(location, text.utf8, string(url), string(licence));
        }
    }

    /** A field with the whole name comes before one at the path. */
    private static Value first(Value whole, Value atPath) {
        return whole == null ? atPath : whole;
    }

    private static String string(Value value) {
        return value == null || value.utf8 == null ? null : new String(value.utf8, StandardCharsets.UTF_8);
    }

    private void readField(JsonParser parser, String path, Values values, byte[] buffer, int from, int to)
            throws IOException {
        if (path.equals(fields.text())) {
            values.text = value(parser, path, buffer, from, to);
        } else if (path.equals(fields.url())) {
            values.url = optional(parser, path, buffer, from, to);
        } else if (path.equals(fields.licence())) {
            values.licence = optional(parser, path, buffer, from, to);
        } else if (fields.hasBelow(path)) {
            clearBelow(path);
            readObject(parser, path, buffer, from, to);
        } else {
            parser.skipChildren();
        }
    }

    /** Forgets the fields of an earlier object at a path: of fields with one name, the last one counts. */
    private void clearBelow(String path) {
        nested.text = DocumentFields.isBelow(path, fields.text()) ? null : nested.text;
        nested.url = DocumentFields.isBelow(path, fields.url()) ? null : nested.url;
        nested.licence = DocumentFields.isBelow(path, fields.licence()) ? null : nested.licence;
    }

    /** Reads the object at a path, if it is one; a name with a dot in it is not a path. */
    private void readObject(JsonParser parser, String path, byte[] buffer, int from, int to) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            if (name.indexOf('.') >= 0) {
                parser.skipChildren();
            } else {
                readField(parser, path + "." + name, nested, buffer, from, to);
            }
        }
    }

    private static Value optional(JsonParser parser, String name, byte[] buffer, int from, int to) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_NULL ? Value.NULL : value(parser, name, buffer, from, to);
    }

    /** Returns a value as UTF-8, or with a problem. Numbers and booleans are used as written. */
    private static Value value(JsonParser parser, String name, byte[] buffer, int from, int to) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            int quote = from + (int) parser.currentTokenLocation().getByteOffset();
            byte[] utf8 = JsonStrings.decode(buffer, quote, to);
            return new Value(
                    utf8,
                    utf8 == null
                            ? "has an escaped half of a surrogate pair in field '" + name
                                    + "', which is not a character; remove it"
                            : null);
        }
        if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
            return new Value(parser.getText().getBytes(StandardCharsets.UTF_8), null);
        }
        parser.skipChildren();
        return new Value(
                null,
                token == JsonToken.VALUE_NULL
                        ? "has null in field '" + name + "'; fill it or remove the record"
                        : "has a field '" + name + "' that is not text; write a string");
    }
}
