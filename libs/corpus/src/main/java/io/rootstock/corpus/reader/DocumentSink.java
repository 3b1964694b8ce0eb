package io.rootstock.corpus.reader;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.Text;
import io.rootstock.corpus.bytes.Utf8;
import io.rootstock.corpus.unit.Unit;
import java.util.Optional;
import java.util.TreeMap;

/** Passes the records of a unit to the handler, with checks that all formats share, and counts them. */
final class DocumentSink {
    private final Unit unit;
    private final ReadSettings settings;
    private final RecordHandler handler;
    private final TreeMap<String, Long> ignored = new TreeMap<>();
    private long documents;
    private long refused;
    private long textBytes;

    DocumentSink(Unit unit, ReadSettings settings, RecordHandler handler) {
        this.unit = unit;
        this.settings = settings;
        this.handler = handler;
    }

    ReadSettings settings() {
        return settings;
    }

    /**
     * Returns the location of a line: its number if the unit begins with the file, else its offset.
     *
     * @param number number of the line in the unit, from 1
     * @param offset offset of its first byte in the file
     */
    String line(long number, long offset) {
        return unit.range().from() == 0 ? unit.file().name() + ":" + number : at(offset);
    }

    /** Returns the location of an offset in the decompressed bytes. */
    String at(long offset) {
        return unit.file().name() + "@" + offset;
    }

    /** Returns the location of a row, from 0. */
    String row(long row) {
        return unit.file().name() + "#" + row;
    }

    /**
     * Passes on a document, unless its text is blank or contains a NUL character.
     *
     * @param text valid UTF-8, not changed afterwards
     * @param url its address, null if unknown
     * @param licence its licence, null if unknown
     */
    void accept(String location, byte[] text, String url, String licence) {
        if (Utf8.isBlank(text, 0, text.length)) {
            refuse(location, "has an empty field '" + settings.fields().text() + "'; fill it or remove the record");
            return;
        }
        int nul = Utf8.indexOf(text, 0, text.length, (byte) 0);
        if (nul < text.length) {
            refuse(
                    location,
                    "has a NUL character at byte " + nul
                            + " of its text, which is binary data or another encoding; remove it or set the encoding");
            return;
        }
        documents++;
        textBytes += text.length;
        handler.document(new Document(
                location,
                url == null ? "" : url,
                licence == null ? settings.licence() : licence,
                Text.ofValidUtf8(text)));
    }

    void refuse(String location, String reason) {
        refused++;
        handler.refused(new RefusedRecord(location, reason));
    }

    /** Refuses a record with an invalid byte sequence. */
    void refuseInvalidUtf8(String location, int index) {
        refuse(
                location,
                "is not valid " + settings.encoding().name() + " (first invalid byte at byte " + index
                        + " of the record); save the file as UTF-8, or set its encoding, such as windows-1252");
    }

    void refuseTooLong(String location) {
        refuse(
                location,
                "is longer than " + settings.limits().recordBytes()
                        + " bytes; divide it into several records, or raise the record limit");
    }

    /** Counts a record that holds no document. */
    void ignore(String reason) {
        ignored.merge(reason, 1L, Long::sum);
    }

    UnitSummary summary(String contentDigest, Optional<RefusedRecord> unreadableRest) {
        return new UnitSummary(documents, refused, textBytes, ignored, contentDigest, unreadableRest);
    }
}
