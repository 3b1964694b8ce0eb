package io.rootstock.corpus.unit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Formats of input files: stated by the user, or identified by the ending of the file name, before {@code .gz} or
 * {@code .zst}.
 */
public enum InputFormat {
    /** Plain text, also Markdown. */
    TEXT(".txt .md"),
    /** One JSON object a line. */
    JSON_LINES(".jsonl .ndjson"),
    /** One JSON array of objects. */
    JSON(".json"),
    /** Comma-separated values with double quotes. */
    CSV(".csv"),
    /** Tab-separated values; quotes are ordinary characters. */
    TSV(".tsv"),
    PARQUET(".parquet"),
    /** Text of web pages in {@code conversion} records of a web archive. */
    WET(".wet"),
    /** Web pages in {@code response} records of a web archive. */
    WARC(".warc");

    /** Endings that are read, for error messages. */
    public static final String SUPPORTED =
            Arrays.stream(values()).flatMap(InputFormat::endings).collect(Collectors.joining(", "))
                    + ", each but .parquet also with .gz or .zst";

    private final String endings;

    /**
     * @param endings endings of file names, separated by spaces
     */
    InputFormat(String endings) {
        this.endings = endings;
    }

    /**
     * Returns the format that a recipe states: {@code text}, {@code markdown}, {@code jsonl}, {@code json}, {@code csv},
     * {@code tsv}, {@code parquet}, {@code warc} or {@code wet}.
     *
     * @throws IllegalArgumentException naming them, if it is another one
     */
    public static InputFormat named(String name) {
        return switch (name) {
            case "text", "markdown" -> TEXT;
            case "jsonl" -> JSON_LINES;
            case "json" -> JSON;
            case "csv" -> CSV;
            case "tsv" -> TSV;
            case "parquet" -> PARQUET;
            case "wet" -> WET;
            case "warc" -> WARC;
            default ->
                throw new IllegalArgumentException("unknown format '" + name
                        + "'; choose from text, markdown, jsonl, json, csv, tsv, parquet, warc, wet");
        };
    }

    private Stream<String> endings() {
        return Arrays.stream(endings.split(" ", -1));
    }

    /** A file name of this format without compression, for readers that take the format from the name. */
    public String sourceName() {
        return "file" + endings().findFirst().orElseThrow();
    }

    /** Returns the format of a file name, empty for an unknown ending: {@code "a.jsonl.gz"} is JSON_LINES. */
    public static Optional<InputFormat> of(String fileName) {
        String plain = Compression.of(fileName).strip(fileName.toLowerCase(Locale.ROOT));
        return Arrays.stream(values())
                .filter(format -> format.endings().anyMatch(plain::endsWith))
                .findFirst();
    }
}
