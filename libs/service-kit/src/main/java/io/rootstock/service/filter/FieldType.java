package io.rootstock.service.filter;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/** Type of a field of a list. */
public enum FieldType {
    /** A String; {@code =} and {@code !=} take a prefix that ends with {@code *}. */
    TEXT("a text"),
    /** Whole number of 64 bits, a Long. */
    INTEGER("an integer"),
    /** Number with decimals, a Double. */
    NUMBER("a number"),
    /** Time in RFC 3339, an Instant. */
    TIMESTAMP("a time such as \"2026-01-31\" or \"2026-01-31T12:00:00Z\""),
    /** A String of a set of names; comparable with {@code =} and {@code !=} only. */
    ENUM("a name"),
    /** A map of String to String, compared by key; lists cannot be ordered by it. */
    TAGS("a text");

    private final String description;

    FieldType(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }

    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException if the text is not a value of this type
     */
    Object parse(String text) {
        try {
            return switch (this) {
                case TEXT, ENUM, TAGS -> text;
                case INTEGER -> Long.valueOf(text);
                case NUMBER -> Double.valueOf(text);
                case TIMESTAMP ->
                    text.indexOf('T') < 0
                            ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                            : OffsetDateTime.parse(text).toInstant();
            };
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Compares two values of this type. */
    int compare(Object one, Object other) {
        return switch (this) {
            case TEXT, ENUM, TAGS -> ((String) one).compareTo((String) other);
            case INTEGER -> ((Long) one).compareTo((Long) other);
            case NUMBER -> ((Double) one).compareTo((Double) other);
            case TIMESTAMP -> ((Instant) one).compareTo((Instant) other);
        };
    }
}
