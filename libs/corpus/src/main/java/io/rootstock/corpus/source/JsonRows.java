package io.rootstock.corpus.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Reader;

/**
 * Reads JSON objects: one a line, where reading resumes after an invalid line, or in one array, where an error makes the
 * rest unreadable.
 */
final class JsonRows {
    private final JsonMapper json;
    private final Reader reader;
    private final SourceDecoder decoder;
    private final SourceLimits limits;
    private final RowHandler handler;

    JsonRows(Reader reader, SourceDecoder decoder, SourceLimits limits, RowHandler handler) {
        json = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxStringLength(limits.maxRowCharacters())
                                .build())
                        .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                        .build())
                .build();
        this.reader = reader;
        this.decoder = decoder;
        this.limits = limits;
        this.handler = handler;
    }

    void readLines() throws IOException {
        new LineRows(reader, decoder, limits, handler).read(this::readLine);
    }

    private void readLine(String line, long number) {
        try (JsonParser parser = json.createParser(line)) {
            JsonNode row = parser.readValueAsTree();
            if (parser.nextToken() != null) {
                handler.refused(number, "has more than one JSON value; write one object a line");
            } else {
                accept(row, number);
            }
        } catch (IOException e) {
            handler.refused(number, "is not valid JSON (" + describe(e) + "); write one object a line");
        }
    }

    /** @throws UnreadableSourceException if the file is not one array, not valid JSON, or has an object above the maximum length */
    void readArray() throws IOException {
        long line = 1;
        RowLimit limit = new RowLimit(reader, limits, "cut it into several objects");
        try (JsonParser parser = json.createParser(limit)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new UnreadableSourceException(
                        1, "a .json file must hold one array of objects; for one object a line use .jsonl");
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                line = Math.max(1, parser.currentTokenLocation().getLineNr());
                limit.startRow(line);
                accept(parser.readValueAsTree(), line);
            }
            if (parser.nextToken() != null) {
                throw new UnreadableSourceException(
                        Math.max(line, parser.currentTokenLocation().getLineNr()),
                        "the file continues after the end of its array; write one array of objects");
            }
        } catch (JsonEOFException e) {
            throw new UnreadableSourceException(line, "the array is not closed; the file may be truncated");
        } catch (JsonProcessingException e) {
            throw new UnreadableSourceException(
                    e.getLocation() == null ? line : e.getLocation().getLineNr(),
                    "is not valid JSON (" + describe(e) + "); correct it, or write one object a line as .jsonl");
        }
    }

    private void accept(JsonNode row, long line) {
        if (row == null || !row.isObject()) {
            handler.refused(line, "is no JSON object; write {\"field\": value, ...}");
        } else if (decoder.isMalformed(row)) {
            handler.refused(line, decoder.reason());
        } else {
            handler.row(new Row(line, row));
        }
    }

    private static String describe(IOException e) {
        return e instanceof JsonProcessingException invalid ? invalid.getOriginalMessage() : e.getMessage();
    }
}
