package io.rootstock.corpus.reader;

import io.rootstock.corpus.bytes.Utf8;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Converts text of another encoding to UTF-8, without a byte order mark.
 *
 * <p>An invalid byte sequence becomes the byte {@code 0xFF}, which UTF-8 never contains, so that {@link Utf8} rejects
 * the record with it while other records are read.
 */
final class Utf8Input extends InputStream {
    private static final int BUFFER = 1 << 15;
    private static final byte INVALID = (byte) 0xFF;
    private static final int MARK_LENGTH = 3;

    private final InputStream input;
    private final CharsetDecoder decoder;
    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).flip();
    private final CharBuffer characters = CharBuffer.allocate(BUFFER);
    private final ByteBuffer encoded = ByteBuffer.allocate(4 * BUFFER).flip();
    private boolean ended;
    private boolean flushed;
    private boolean begun;

    private Utf8Input(InputStream input, Charset encoding) {
        this.input = input;
        this.decoder = encoding.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /** Returns the text of a stream as UTF-8; invalid UTF-8 is passed on unchanged. */
    static InputStream of(InputStream input, Charset encoding) throws IOException {
        if (!encoding.equals(StandardCharsets.UTF_8)) {
            return new Utf8Input(input, encoding);
        }
        PushbackInputStream marked = new PushbackInputStream(input, MARK_LENGTH);
        byte[] first = marked.readNBytes(MARK_LENGTH);
        boolean mark = first.length == MARK_LENGTH
                && first[0] == (byte) 0xEF
                && first[1] == (byte) 0xBB
                && first[2] == (byte) 0xBF;
        if (!mark) {
            marked.unread(first);
        }
        return marked;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        while (!encoded.hasRemaining() && !flushed) {
            decode();
        }
        if (!encoded.hasRemaining()) {
            return -1;
        }
        int read = Math.min(length, encoded.remaining());
        encoded.get(buffer, offset, read);
        return read;
    }

    private void decode() throws IOException {
        encoded.clear();
        CoderResult result = decoder.decode(bytes, characters, ended);
        boolean error = result.isError();
        if (error) {
            bytes.position(bytes.position() + result.length());
        } else if (result.isUnderflow() && ended) {
            flushed = decoder.flush(characters).isUnderflow();
        } else if (result.isUnderflow()) {
            fill();
        }
        characters.flip();
        if (!begun && characters.hasRemaining()) {
            begun = true;
            if (characters.get(0) == '\uFEFF') {
                characters.get();
            }
        }
        encoder.encode(characters, encoded, flushed);
        characters.compact();
        if (error) {
            encoded.put(INVALID);
        }
        encoded.flip();
    }

    private void fill() throws IOException {
        bytes.compact();
        int read = input.read(bytes.array(), bytes.position(), bytes.remaining());
        ended = read < 0;
        bytes.position(bytes.position() + Math.max(0, read)).flip();
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
