package io.rootstock.corpus.unit;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Settings of a plan.
 *
 * @param unitBytes approximate bytes of a unit, where the format permits a cut; at least 4096
 * @param text division of plain text files
 * @param encoding encoding of text formats
 */
public record UnitSettings(long unitBytes, TextRecords text, Charset encoding) {
    /** 256 MiB, blocks of 64 KiB, UTF-8. */
    public static final UnitSettings DEFAULT =
            new UnitSettings(1L << 28, new TextRecords.Blocks(1 << 16), StandardCharsets.UTF_8);

    public UnitSettings {
        if (unitBytes < 4096) {
            throw new IllegalArgumentException("a unit must have at least 4096 bytes, not " + unitBytes);
        }
    }

    /** Whether offsets and line feeds of the text are found without decoding it. */
    boolean cutsAtBytes() {
        return encoding.equals(StandardCharsets.UTF_8) || encoding.equals(StandardCharsets.US_ASCII);
    }
}
