package io.rootstock.corpus.source;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reading options of a file.
 *
 * @param encoding encoding of the text
 * @param delimiter character between two values of CSV and TSV files; empty: a comma or a tab
 * @param columns column names of CSV and TSV files without a header row, in order; empty: the first row is the header
 * @param textChunk minimum characters of a row of a text file, see {@link TextChunks}; 0: a line is a row
 * @param limits bounds of rows and of decompressed files
 */
public record SourceOptions(
        Charset encoding, Optional<Character> delimiter, List<String> columns, int textChunk, SourceLimits limits) {

    public SourceOptions {
        columns = List.copyOf(columns);
    }

    /** Options with the standard limits. */
    public SourceOptions(Charset encoding, Optional<Character> delimiter, List<String> columns, int textChunk) {
        this(encoding, delimiter, columns, textChunk, SourceLimits.DEFAULT);
    }

    /** UTF-8 and the standard delimiters, with a header row. */
    public static SourceOptions standard(int textChunk) {
        return new SourceOptions(StandardCharsets.UTF_8, Optional.empty(), List.of(), textChunk);
    }

    /**
     * Returns the encoding of a name; UTF-8 for an empty name.
     *
     * @throws IllegalArgumentException if it is unknown
     */
    public static Charset encoding(String name) {
        try {
            return name.isBlank() ? StandardCharsets.UTF_8 : Charset.forName(name.strip());
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new IllegalArgumentException(
                    "unknown encoding '" + name + "'; use a name such as UTF-8, UTF-16, ISO-8859-1 or windows-1252", e);
        }
    }

    /**
     * Returns the delimiter of a request.
     *
     * @throws IllegalArgumentException if it is not one character or has another meaning
     */
    public static Optional<Character> delimiter(String delimiter) {
        if (delimiter.isEmpty()) {
            return Optional.empty();
        }
        char character = delimiter.charAt(0);
        if (delimiter.length() > 1 || character == '"' || character == '\n' || character == '\r') {
            throw new IllegalArgumentException(
                    "must be one character, and not a quote or a line break, was '" + delimiter + "'");
        }
        return Optional.of(character);
    }

    /** Returns the column names of a request: {@code "label, text"} names two. */
    public static List<String> columns(String columns) {
        return columns.isBlank()
                ? List.of()
                : Arrays.stream(columns.split(",", -1)).map(String::strip).toList();
    }
}
