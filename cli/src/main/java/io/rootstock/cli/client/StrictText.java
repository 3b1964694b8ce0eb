package io.rootstock.cli.client;

import io.rootstock.cli.error.CliException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/** Decodes bytes without replacing invalid ones. */
public final class StrictText {
    private StrictText() {}

    /**
     * Returns the text of the bytes.
     *
     * @param place name of the input in errors
     * @throws CliException if a byte is invalid, with its offset
     */
    public static String decode(byte[] bytes, Charset encoding, String place) {
        ByteBuffer input = ByteBuffer.wrap(bytes);
        CharsetDecoder decoder = encoding.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer output = CharBuffer.allocate((int) Math.ceil(bytes.length * (double) decoder.maxCharsPerByte()) + 1);
        CoderResult result = decoder.decode(input, output, true);
        if (result.isError()) {
            throw new CliException(
                    "%s is not valid %s: byte 0x%02X at offset %d"
                            .formatted(
                                    place,
                                    encoding.name(),
                                    Byte.toUnsignedInt(bytes[input.position()]),
                                    input.position()),
                    "convert it to UTF-8, for example with: iconv -f WINDOWS-1252 -t UTF-8");
        }
        decoder.flush(output);
        return output.flip().toString();
    }
}
