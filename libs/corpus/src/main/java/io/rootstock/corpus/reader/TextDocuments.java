package io.rootstock.corpus.reader;

import io.rootstock.corpus.bytes.ByteLines;
import io.rootstock.corpus.bytes.Utf8;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads a plain text file as one document, or each of its lines as one. */
final class TextDocuments {
    private TextDocuments() {}

    /** Reads a file as one document, with line breaks as {@code \n}. */
    static void readWhole(InputStream input, DocumentSink sink) throws IOException {
        byte[] text = input.readNBytes(sink.settings().limits().recordBytes());
        String location = sink.line(1, 0);
        if (input.read() >= 0) {
            sink.refuseTooLong(location);
            return;
        }
        int invalid = Utf8.firstInvalid(text, 0, text.length);
        if (invalid >= 0) {
            sink.refuseInvalidUtf8(location, invalid);
        } else if (text.length > 0) {
            sink.accept(location, withLineFeeds(text), null, null);
        }
    }

    private static byte[] withLineFeeds(byte[] text) {
        int first = Utf8.indexOf(text, 0, text.length, (byte) '\r');
        if (first == text.length) {
            return text;
        }
        int to = first;
        for (int i = first; i < text.length; i++) {
            boolean beforeLineFeed = text[i] == '\r' && i + 1 < text.length && text[i + 1] == '\n';
            if (!beforeLineFeed) {
                text[to++] = text[i];
            }
        }
        return Arrays.copyOf(text, to);
    }

    /** Reads each line that is not blank as a document. */
    static void readLines(ByteLines lines, DocumentSink sink) throws IOException {
        new RecordLines(lines, sink, false)
                .read((buffer, from, to, location) ->
                        sink.accept(location, Arrays.copyOfRange(buffer, from, to), null, null));
    }
}
