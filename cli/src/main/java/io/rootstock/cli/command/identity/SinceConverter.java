package io.rootstock.cli.command.identity;

import io.rootstock.cli.command.DurationConverter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a time, or a duration before now such as 24h. */
final class SinceConverter implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String value) {
        try {
            return value.endsWith("Z")
                    ? Instant.parse(value)
                    : Instant.now().minus(new DurationConverter().convert(value));
        } catch (DateTimeParseException | TypeConversionException e) {
            throw new TypeConversionException(
                    "must be minutes, hours or days before now such as 90m, 24h or 7d, or a time"
                            + " such as 2026-01-31T12:00:00Z, was '" + value + "'");
        }
    }
}
