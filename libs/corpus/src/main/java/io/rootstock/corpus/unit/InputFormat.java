package io.rootstock.corpus.unit;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Formats of input files, identified by the ending of the file name, before {@code .gz} or {@code .zst}. */
public enum InputFormat {
    /** Plain text, also Markdown. */
    TEXT(".txt", ".md"),
    /** One JSON object a line. */
    JSON_LINES(".jsonl", ".ndjson"),
    /** One JSON array of objects. */
    JSON(".json"),
    /** Comma-separated values with double quotes. */
    CSV(".csv"),
    /** Tab-separated values; quotes are ordinary characters. */
    TSV(".tsv"),
    /** Apache Parquet. */
    PARQUET(".parquet"),
    /** Text of web pages in {@code conversion} records of a web archive. */
    WET(".wet"),
    /** Web pages in {@code response} records of a web archive. */
    WARC(".warc");

    /** Endings that are read, for error messages. */
    public static final String SUPPORTED = Arrays.stream(values())
                    .flatMap(format -> format.endings.stream())
                    .collect(Collectors.joining(", "))
            + ", each but .parquet also with .gz or .zst";

    private final List<String> endings;

    InputFormat(String... endings) {
        this.endings = List.of(endings);
    }

    /** A file name of this format without compression, for readers that take the format from the name. */
    public String sourceName() {
        return "file" + endings.getFirst();
    }

    /** Returns the format of a file name, empty for an unknown ending: {@code "a.jsonl.gz"} is JSON_LINES. */
    public static Optional<InputFormat> of(String fileName) {
        String plain = Compression.of(fileName).strip(fileName.toLowerCase(Locale.ROOT));
        return Arrays.stream(values())
                .filter(format -> format.endings.stream().anyMatch(plain::endsWith))
                .findFirst();
    }
}
