package io.rootstock.corpus.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/**
 * Decodes the bytes of a source.
 *
 * <p>An invalid byte sequence becomes {@link #MALFORMED}, a lone surrogate, which valid bytes never produce, so that the
 * row with it is rejected while other rows are read. Read into buffers of at least two characters.
 */
final class SourceDecoder extends Reader {
    /** Replacement of an invalid byte sequence. */
    private static final char MALFORMED = '\uDFFF';

    private static final int BUFFER = 1 << 16;

    private final InputStream input;
    private final CharsetDecoder decoder;
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).flip();
    private long bytesBefore;
    private boolean ended;
    private boolean flushed;
    private long firstInvalid = -1;
    private int invalidByte;

    SourceDecoder(InputStream input, Charset encoding) {
        this.input = input;
        this.decoder = encoding.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /** Whether the text contains a replaced byte sequence. */
    boolean isMalformed(String text) {
        return firstInvalid >= 0 && SourceText.hasLoneSurrogate(text);
    }

    /** Whether a value, or one inside of it, contains a replaced byte sequence. */
    boolean isMalformed(JsonNode value) {
        return firstInvalid >= 0 && isMalformed(value.toString());
    }

    /** Reason of the rejection of a row that {@link #isMalformed}. */
    String reason() {
        boolean utf16 = firstInvalid == 0 && invalidByte >= 0xFE;
        return "is not valid %s (first invalid byte of the file: 0x%02X at byte offset %d); save the file as UTF-8, or set its encoding, such as %s"
                .formatted(
                        decoder.charset().name(),
                        invalidByte,
                        firstInvalid,
                        utf16 ? "UTF-16, whose byte order mark it begins with" : "windows-1252");
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        CharBuffer output = CharBuffer.wrap(buffer, offset, length);
        while (!flushed) {
            CoderResult result = decoder.decode(bytes, output, ended);
            if (result.isError() && output.hasRemaining()) {
                replace(result.length(), output);
            } else if (!result.isUnderflow() || output.position() > offset) {
                return output.position() - offset;
            } else if (ended) {
                flushed = decoder.flush(output).isUnderflow();
                if (output.position() > offset) {
                    return output.position() - offset;
                }
            } else {
                fill();
            }
        }
        return -1;
    }

    private void replace(int length, CharBuffer output) {
        if (firstInvalid < 0) {
            firstInvalid = bytesBefore + bytes.position();
            invalidByte = Byte.toUnsignedInt(bytes.get(bytes.position()));
        }
        output.put(MALFORMED);
        bytes.position(bytes.position() + length);
    }

    private void fill() throws IOException {
        bytesBefore += bytes.position();
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
