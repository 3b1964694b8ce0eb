package io.rootstock.tokenizer.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Reads the rows of one file.
 *
 * @param fileName file name, whose extension determines the format
 * @param columns column names of CSV and TSV files without a header row, in order; empty: the first row is the header
 * @param textChunk minimum characters of a row of a text file, see {@link TextChunks}
 */
public record SourceReader(String fileName, List<String> columns, int textChunk) {
    /** Maximum length of a row in characters. */
    static final int LONGEST_ROW = 1 << 24;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(LONGEST_ROW)
                            .build())
                    .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .build();

    public SourceReader {
        columns = List.copyOf(columns);
    }

    /**
     * Reads all rows.
     *
     * @param bytes bytes of the file, compressed according to its name; closed by this method
     * @throws IOException if the bytes cannot be read at all
     */
    public void read(InputStream bytes, RowHandler handler) throws IOException {
        SourceFormat format = SourceFormat.of(fileName)
                .orElseThrow(() -> new IllegalArgumentException(
                        fileName + " has no known ending; name it " + SourceFormat.SUPPORTED));
        if (!SourceFormat.isGzip(fileName) && !SourceFormat.isZstandard(fileName)) {
            readPlain(bytes, format, handler);
            return;
        }
        try {
            readPlain(decompressed(bytes), format, handler);
        } catch (IOException e) {
            // Corruption is detected during decompression, after earlier rows have been delivered.
            handler.refused(1, "is damaged or not compressed as its name says (" + e.getMessage() + "); pack it again");
        } finally {
            bytes.close();
        }
    }

    private void readPlain(InputStream bytes, SourceFormat format, RowHandler handler) throws IOException {
        try (Reader reader = withoutByteOrderMark(new InputStreamReader(bytes, SourceText.decoder()))) {
            switch (format) {
                case TEXT -> new TextChunks(reader, textChunk, handler).read();
                case JSON_LINES -> readJsonLines(reader, handler);
                case JSON -> readJsonArray(reader, handler);
                case CSV, TSV -> new DelimitedRows(format, columns, handler).read(reader);
            }
        }
    }

    private InputStream decompressed(InputStream bytes) throws IOException {
        InputStream buffered = new BufferedInputStream(bytes, 1 << 16);
        return SourceFormat.isGzip(fileName) ? new GZIPInputStream(buffered, 1 << 16) : new ZstdInputStream(buffered);
    }

    private static Reader withoutByteOrderMark(Reader reader) throws IOException {
        PushbackReader pushback = new PushbackReader(new BufferedReader(reader, 1 << 16), 1);
        int first = pushback.read();
        if (first >= 0 && first != BYTE_ORDER_MARK) {
            pushback.unread(first);
        }
        return pushback;
    }

    private static void readJsonLines(Reader reader, RowHandler handler) throws IOException {
        LineReader lines = new LineReader(reader, LONGEST_ROW);
        boolean inLongLine = false;
        for (String line = lines.next(); line != null; line = lines.next()) {
            boolean tooLong = lines.cut();
            if (tooLong && !inLongLine) {
                handler.refused(lines.number(), "is longer than 16 Mi characters; cut it into several rows");
            } else if (!tooLong && !inLongLine && !line.isBlank()) {
                readJsonLine(line, lines.number(), handler);
            }
            inLongLine = tooLong;
        }
    }

    private static void readJsonLine(String line, long number, RowHandler handler) {
        if (SourceText.isMalformed(line)) {
            handler.refused(number, SourceText.NOT_UTF_8);
            return;
        }
        try (JsonParser parser = JSON.createParser(line)) {
            JsonNode row = parser.readValueAsTree();
            if (parser.nextToken() != null) {
                handler.refused(number, "has more than one JSON value; write one object a line");
            } else {
                accept(row, number, handler);
            }
        } catch (IOException e) {
            handler.refused(number, "is not valid JSON (" + describe(e) + "); write one object a line");
        }
    }

    private static void readJsonArray(Reader reader, RowHandler handler) throws IOException {
        try (JsonParser parser = JSON.createParser(reader)) {
            long line = 1;
            try {
                if (parser.nextToken() != JsonToken.START_ARRAY) {
                    handler.refused(1, "a .json file must hold one array of objects; for one object a line use .jsonl");
                    return;
                }
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    line = Math.max(1, parser.currentTokenLocation().getLineNr());
                    if (parser.currentToken() == null) {
                        handler.refused(line, "the array is not closed; the file may be cut off");
                        return;
                    }
                    accept(parser.readValueAsTree(), line, handler);
                }
            } catch (JsonProcessingException e) {
                long errorLine =
                        e.getLocation() == null ? line : e.getLocation().getLineNr();
                handler.refused(errorLine, "is not valid JSON (" + describe(e) + "); nothing after it can be read");
            }
        }
    }

    private static void accept(JsonNode row, long line, RowHandler handler) {
        if (row == null || !row.isObject()) {
            handler.refused(line, "is no JSON object; write {\"field\": value, ...}");
        } else {
            handler.row(new Row(line, row));
        }
    }

    private static String describe(IOException e) {
        return e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    }
}
