package io.rootstock.corpus.source;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Formats of sources, identified by the file name's extension, which {@code .gz} or {@code .zst} may follow. */
public enum SourceFormat {
    /** Plain text, without fields. */
    TEXT(".txt"),
    /** One JSON object a line. */
    JSON_LINES(".jsonl"),
    /** One JSON array of objects. */
    JSON(".json"),
    /** Comma-separated values with double quotes. */
    CSV(".csv"),
    /** Tab-separated values; quotes are ordinary characters. */
    TSV(".tsv");

    /** Supported extensions, for error messages. */
    public static final String SUPPORTED = ".txt, .jsonl, .json, .csv or .tsv, each also with .gz or .zst";

    private final String ending;

    SourceFormat(String ending) {
        this.ending = ending;
    }

    /** Returns the format of a file name, empty for an unknown extension: {@code "a.jsonl.gz"} is JSON_LINES. */
    public static Optional<SourceFormat> of(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        if (isGzip(name)) {
            name = name.substring(0, name.length() - ".gz".length());
        } else if (isZstandard(name)) {
            name = name.substring(0, name.length() - ".zst".length());
        }
        String plain = name;
        return Arrays.stream(values())
                .filter(format -> plain.endsWith(format.ending))
                .findFirst();
    }

    static boolean isGzip(String fileName) {
        return fileName.toLowerCase(Locale.ROOT).endsWith(".gz");
    }

    static boolean isZstandard(String fileName) {
        return fileName.toLowerCase(Locale.ROOT).endsWith(".zst");
    }
}
