package io.rootstock.corpus.reader;

import io.rootstock.corpus.bytes.Utf8;
import io.rootstock.corpus.html.HtmlEncoding;
import io.rootstock.corpus.html.HtmlExtractor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.netpreserve.jwarc.HttpResponse;
import org.netpreserve.jwarc.MediaType;
import org.netpreserve.jwarc.ParsingException;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;

/**
 * Reads web archives (ISO 28500): HTML and plain text in responses with status 200, and the text of {@code conversion}
 * records, which WET files consist of.
 *
 * <p>A record that cannot be parsed is refused alone. The rest is unreadable after a record whose length is unknown.
 */
final class WebArchiveDocuments {
    private static final int BUFFER = 1 << 16;
    private static final char REPLACEMENT = '\uFFFD';
    private static final int MAX_REPLACED_PART = 100;

    private final InputStream input;
    private final DocumentSink sink;
    private final HtmlExtractor extractor;
    private ByteBuffer body = ByteBuffer.allocate(BUFFER);

    WebArchiveDocuments(InputStream input, DocumentSink sink) {
        this.input = input;
        this.sink = sink;
        this.extractor = new HtmlExtractor(sink.settings().html());
    }

    void read() throws IOException {
        long position = 0;
        try (WarcReader reader = new WarcReader(
                Channels.newChannel(input), ByteBuffer.allocate(BUFFER).flip())) {
            for (Optional<WarcRecord> record = next(reader); record.isPresent(); record = next(reader)) {
                position = reader.position();
                readRecord(record.get(), sink.at(position));
            }
        } catch (ParsingException e) {
            throw new UnreadableRestException(
                    sink.at(position),
                    "the next record is not a WARC record (" + e.getMessage() + "); download the file again");
        } catch (EOFException e) {
            throw new UnreadableRestException(
                    sink.at(position), "is truncated inside of this record; download the file again");
        }
    }

    /** Reads the header of the next record. The library reports a bad value in it, such as its length, in two ways. */
    private static Optional<WarcRecord> next(WarcReader reader) throws IOException {
        try {
            return reader.next();
        } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            throw new ParsingException(e.getMessage());
        }
    }

    private void readRecord(WarcRecord record, String location) throws IOException {
        switch (record.headers().first("WARC-Type").orElse("")) {
            case "response" -> readResponse(record, location);
            case "conversion" -> readConversion(record, location);
            default -> sink.ignore("record type other than response or conversion");
        }
    }

    private void readConversion(WarcRecord record, String location) throws IOException {
        int length = readBody(record.body());
        if (length < 0) {
            sink.refuseTooLong(location);
            return;
        }
        int invalid = Utf8.firstInvalid(body.array(), 0, length);
        if (invalid >= 0) {
            sink.refuseInvalidUtf8(location, invalid);
        } else {
            sink.accept(location, Arrays.copyOf(body.array(), length), url(record), null);
        }
    }

    private void readResponse(WarcRecord record, String location) throws IOException {
        Page page;
        try {
            page = page(record);
        } catch (EOFException e) {
            requireComplete(record, e);
            sink.refuse(location, "has no complete HTTP header; crawl the page again or leave it out");
            return;
        } catch (IOException | IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            sink.refuse(location, "has an HTTP response that cannot be parsed (" + e.getMessage() + "); leave it out");
            return;
        }
        if (page.status != 200) {
            sink.ignore("HTTP status other than 200");
        } else if (!page.isHtml() && !page.isPlain()) {
            sink.ignore("content type other than HTML or plain text");
        } else {
            readPage(record, page, location);
        }
    }

    /**
     * An HTTP response.
     *
     * @param type media type in lower case
     * @param charset its charset, null if it has none
     * @param body body without Content-Encoding
     */
    private record Page(int status, String type, String charset, ReadableByteChannel body) {
        boolean isHtml() {
            return type.equals("text/html") || type.equals("application/xhtml+xml");
        }

        boolean isPlain() {
            return type.equals("text/plain");
        }
    }

    private static Page page(WarcRecord record) throws IOException {
        HttpResponse response = HttpResponse.parse(record.body());
        MediaType type = response.contentType();
        return new Page(
                response.status(),
                (type.type() + "/" + type.subtype()).toLowerCase(Locale.ROOT),
                type.parameters().get("charset"),
                response.bodyDecoded());
    }

    private void readPage(WarcRecord record, Page page, String location) throws IOException {
        int length;
        try {
            length = readBody(page.body);
        } catch (IOException e) {
            requireComplete(record, e);
            sink.refuse(location, "has a damaged HTTP body (" + e.getMessage() + "); leave it out");
            return;
        }
        if (length < 0) {
            sink.refuseTooLong(location);
        } else {
            accept(location, HtmlEncoding.decode(body.array(), length, page.charset), page.isHtml(), url(record));
        }
    }

    private void accept(String location, String page, boolean html, String url) {
        int replaced = count(page, REPLACEMENT);
        if (replaced > page.length() / MAX_REPLACED_PART) {
            sink.refuse(
                    location,
                    "has " + replaced + " invalid byte sequences in " + page.length()
                            + " characters, so that its encoding is unknown; leave it out");
            return;
        }
        String text = html ? extractor.extract(page) : page;
        if (text.isBlank()) {
            sink.ignore("page without text");
        } else {
            sink.accept(location, text.getBytes(StandardCharsets.UTF_8), url, null);
        }
    }

    private static int count(String text, char character) {
        int count = 0;
        for (int i = text.indexOf(character); i >= 0; i = text.indexOf(character, i + 1)) {
            count++;
        }
        return count;
    }

    /** A body that ends with the file is a truncated file; one that ends inside of its record is a bad record. */
    private static void requireComplete(WarcRecord record, IOException failure) throws IOException {
        try {
            record.body().consume();
        } catch (EOFException _) {
            throw new EOFException(failure.getMessage());
        }
    }

    private static String url(WarcRecord record) {
        return record.headers()
                .first("WARC-Target-URI")
                .map(WebArchiveDocuments::withoutBrackets)
                .orElse(null);
    }

    /** WARC 1.0 encloses addresses in angle brackets. */
    private static String withoutBrackets(String url) {
        return url.startsWith("<") && url.endsWith(">") ? url.substring(1, url.length() - 1) : url;
    }

    /** Reads a body into the buffer; returns its length, or -1 if it is longer than the record limit. */
    private int readBody(ReadableByteChannel channel) throws IOException {
        int limit = sink.settings().limits().recordBytes();
        body.clear();
        while (true) {
            if (!body.hasRemaining()) {
                int length = body.capacity();
                if (length > limit) {
                    body = ByteBuffer.allocate(BUFFER);
                    return -1;
                }
                ByteBuffer larger = ByteBuffer.allocate((int) Math.min(2L * length, limit + 1L));
                body.flip();
                body = larger.put(body);
            }
            int read = channel.read(body);
            if (read < 0) {
                return body.position();
            }
        }
    }
}
