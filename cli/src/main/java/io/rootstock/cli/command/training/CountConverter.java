package io.rootstock.cli.command.training;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts counts with an optional suffix: 250000, 300k, 10M, 1.5B (or G), 2T. */
final class CountConverter implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("([0-9][0-9_]*(?:\\.[0-9]+)?)([kKmMgGbBtT]?)");

    @Override
    public Long convert(String argument) {
        Matcher matcher = FORM.matcher(argument);
        if (!matcher.matches()) {
            throw new TypeConversionException(
                    "invalid count '" + argument + "': expected for example 250000, 300k, 10M or 1.5B");
        }
        int power = switch (matcher.group(2)) {
            case "k", "K" -> 3;
            case "m", "M" -> 6;
            case "g", "G", "b", "B" -> 9;
            case "t", "T" -> 12;
            default -> 0;
        };
        try {
            return new BigDecimal(matcher.group(1).replace("_", ""))
                    .scaleByPowerOfTen(power)
                    .longValueExact();
        } catch (ArithmeticException notAnInteger) {
            throw new TypeConversionException("invalid count '" + argument + "': not a 64-bit integer");
        }
    }
}
