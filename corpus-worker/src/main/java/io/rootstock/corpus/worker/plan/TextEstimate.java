package io.rootstock.corpus.worker.plan;

import io.rootstock.corpus.unit.Compression;
import io.rootstock.corpus.unit.InputFile;
import io.rootstock.corpus.unit.InputFormat;
import io.rootstock.corpus.unit.Unit;

/** Estimates of text before it is read, from the format and compression of files. */
public final class TextEstimate {
    /** UTF-8 bytes of a token, as of English text with a vocabulary of 32,000 to 100,000 tokens. */
    public static final double BYTES_PER_TOKEN = 4.2;

    /** Typical ratios of gzip and Zstandard on text. */
    private static final double GZIP = 3.5;

    private static final double ZSTD = 4;

    private TextEstimate() {}

    /** Estimated UTF-8 bytes of the text of a unit. */
    public static long bytes(Unit unit) {
        return Math.round(
                unit.bytes() * uncompressed(unit.file()) * textShare(unit.file().format()));
    }

    private static double uncompressed(InputFile file) {
        return switch (Compression.of(file.name())) {
            case NONE -> 1;
            case GZIP -> GZIP;
            case ZSTD -> ZSTD;
        };
    }

    /** Share of text in the uncompressed bytes; of web pages mostly markup. */
    private static double textShare(InputFormat format) {
        return switch (format) {
            case TEXT, CSV, TSV -> 1;
            case JSON_LINES, JSON, WET -> 0.9;
            case PARQUET -> 2.2;
            case WARC -> 0.12;
        };
    }
}
