package io.rootstock.corpus.unit;

import java.nio.charset.StandardCharsets;

/**
 * A part of a file that one worker reads from its beginning to its end.
 *
 * <p>Two digests name its content. {@link #identity()} is known without reading it and belongs into the key of the
 * receipt of the stage that reads it: it changes if the file's name, length, time of change (of a file of a storage: its
 * version) or sampled bytes change. The
 * SHA-256 of all bytes is computed while the unit is read and belongs into that receipt; keys of later stages contain
 * it, not the identity, so that a copied or touched file with equal content repeats only the reading.
 *
 * @param file file
 * @param range part of the file
 * @param sample SHA-256 of the first and last {@value ByteSample#BYTES} bytes of the range, as hexadecimal digits; empty for a
 *     file of a storage, whose version names its content
 */
public record Unit(InputFile file, UnitRange range, String sample) {
    /** Number of bytes to read. */
    public long bytes() {
        return range.to() - range.from();
    }

    /** Name in receipts and reports: the file, and the range if it is not whole. */
    public String name() {
        return switch (range) {
            case UnitRange.Whole _ -> file.name();
            case UnitRange.Bytes bytes -> file.name() + "[" + bytes.from() + "-" + bytes.to() + ")";
            case UnitRange.RowGroups rows ->
                file.name() + "[row groups " + rows.firstGroup() + "-" + (rows.firstGroup() + rows.groups()) + ")";
        };
    }

    /** SHA-256, as hexadecimal digits, of name, length, time of change or version, and sample. */
    public String identity() {
        String fields = String.join(
                "\n",
                name(),
                file.format().name(),
                Long.toString(file.bytes()),
                file.place().state(),
                Long.toString(range.from()),
                Long.toString(range.to()),
                sample);
        return ByteSample.sha256(fields.getBytes(StandardCharsets.UTF_8));
    }
}
