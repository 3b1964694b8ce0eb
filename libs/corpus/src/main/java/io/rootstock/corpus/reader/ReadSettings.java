package io.rootstock.corpus.reader;

import io.rootstock.corpus.html.HtmlSettings;
import io.rootstock.corpus.source.DecompressionLimits;
import io.rootstock.corpus.unit.TextRecords;
import io.rootstock.corpus.unit.UnitSettings;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Settings of document readers.
 *
 * @param fields names of fields and columns
 * @param licence SPDX identifier of documents without a licence field; empty if unknown
 * @param text division of plain text files; equal to the one of {@link UnitSettings}
 * @param encoding encoding of text formats; parquet is UTF-8, and web pages state their encoding
 * @param delimiter character between two values of CSV and TSV files; empty: a comma or a tab
 * @param columns column names of CSV and TSV files without a header row; empty: the first row is the header
 * @param html extraction of text from web pages
 * @param limits bounds of records
 */
public record ReadSettings(
        DocumentFields fields,
        String licence,
        TextRecords text,
        Charset encoding,
        Optional<Character> delimiter,
        List<String> columns,
        HtmlSettings html,
        ReadLimits limits) {
    /** Fields {@code text} and {@code url}, unknown licence, blocks of 64 KiB, UTF-8, standard limits. */
    public static final ReadSettings DEFAULT = new ReadSettings(
            DocumentFields.DEFAULT,
            "",
            UnitSettings.DEFAULT.text(),
            StandardCharsets.UTF_8,
            Optional.empty(),
            List.of(),
            HtmlSettings.DEFAULT,
            ReadLimits.DEFAULT);

    public ReadSettings {
        columns = List.copyOf(columns);
    }

    /** Returns these settings with other field names. */
    public ReadSettings withFields(DocumentFields changed) {
        return new ReadSettings(changed, licence, text, encoding, delimiter, columns, html, limits);
    }

    /** Returns these settings with another division of plain text. */
    public ReadSettings withText(TextRecords changed) {
        return new ReadSettings(fields, licence, changed, encoding, delimiter, columns, html, limits);
    }

    /** Returns these settings with another encoding. */
    public ReadSettings withEncoding(Charset changed) {
        return new ReadSettings(fields, licence, text, changed, delimiter, columns, html, limits);
    }

    /** Returns these settings with other limits. */
    public ReadSettings withLimits(ReadLimits changed) {
        return new ReadSettings(fields, licence, text, encoding, delimiter, columns, html, changed);
    }

    /**
     * Bounds of a unit's records, so that no input exhausts the memory.
     *
     * @param recordBytes largest record in bytes; a larger one is refused. Rows of JSON arrays and CSV with quotes are also
     *     limited to 16 Mi characters, after which the rest of the file is unreadable
     * @param decompression bounds of decompressed files
     */
    public record ReadLimits(int recordBytes, DecompressionLimits decompression) {
        /** Records of 16 MiB, and the standard limits of decompression. */
        public static final ReadLimits DEFAULT = new ReadLimits(1 << 24, DecompressionLimits.DEFAULT);

        public ReadLimits {
            if (recordBytes < 1024 || recordBytes > 1 << 29) {
                throw new IllegalArgumentException(
                        "the record limit must be 1024 to 536870912 bytes, not " + recordBytes);
            }
        }
    }
}
