package io.rootstock.tokenizer.source;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Formats of sources, told by the ending of the file name; {@code .gz} or {@code .zst} may follow it. */
public enum SourceFormat {
    /** Plain text. */
    TEXT(".txt"),
    /** One JSON object a line. */
    JSON_LINES(".jsonl"),
    /** One JSON array of objects. */
    JSON(".json"),
    /** Comma-separated values with double quotes. */
    CSV(".csv"),
    /** Tab-separated values; quotes are ordinary characters. */
    TSV(".tsv");

    /** What a refusal lists. */
    public static final String SUPPORTED = ".txt, .jsonl, .json, .csv or .tsv, each also with .gz or .zst";

    private final String ending;

    SourceFormat(String ending) {
        this.ending = ending;
    }

    /** The format of a file of that name, empty where the ending is unknown: {@code "a.jsonl.gz"} gives JSON_LINES. */
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
