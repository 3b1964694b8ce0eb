package io.rootstock.chat.jinja.value;

import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code %} formatting of strings, and {@code strftime}. */
public final class Formats {
    private static final Pattern PLACE = Pattern.compile("%([-0]?)([0-9]{0,6})(?:\\.([0-9]{1,6}))?([a-zA-Z%])");

    private Formats() {}

    /** {@code format % values}: %s, %r, %d, %i, %f, %x and %% with width and precision. */
    public static Text percent(Text format, List<?> values) {
        Matcher matcher = PLACE.matcher(format.toString());
        Iterator<?> rest = values.iterator();
        List<Text> parts = new ArrayList<>();
        int end = 0;
        while (matcher.find()) {
            parts.add(format.substring(end, matcher.start()));
            end = matcher.end();
            if (matcher.group(4).equals("%")) {
                parts.add(Text.of("%"));
                continue;
            }
            if (!rest.hasNext()) {
                throw new JinjaException("not enough arguments for format string");
            }
            parts.add(padded(matcher, one(matcher, rest.next())));
        }
        if (rest.hasNext()) {
            throw new JinjaException("not all arguments converted during string formatting");
        }
        parts.add(format.substring(end, format.length()));
        return Text.join(parts);
    }

    private static Text one(Matcher place, Object value) {
        return switch (place.group(4)) {
            case "s" -> Python.str(value);
            case "r" -> Python.repr(value);
            case "d", "i" -> Text.of(Long.toString((long) Operators.number(value)));
            case "x" -> Text.of(Long.toHexString(Operators.whole(value)));
            case "f" -> {
                int precision = place.group(3) == null ? 6 : Math.min(Integer.parseInt(place.group(3)), 30);
                yield Text.of(String.format(Locale.ROOT, "%." + precision + "f", Operators.number(value)));
            }
            default -> throw new JinjaException("unsupported format character '" + place.group(4) + "'");
        };
    }

    private static Text padded(Matcher place, Text value) {
        int width = place.group(2).isEmpty() ? 0 : Integer.parseInt(place.group(2));
        int missing = Math.min(width, 1000) - Slices.length(value);
        if (missing <= 0) {
            return value;
        }
        Text padding = Text.of((place.group(1).equals("0") ? "0" : " ").repeat(missing));
        return place.group(1).equals("-") ? value.concat(padding) : padding.concat(value);
    }

    /** {@code strftime} with the C locale's names of days and months. */
    public static String time(String format, ZonedDateTime time) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            char field = format.charAt(++i);
            boolean bare = field == '-' && i + 1 < format.length();
            if (bare) {
                field = format.charAt(++i);
            }
            String text = timeField(field, time);
            out.append(bare && text.length() > 1 && text.startsWith("0") ? text.substring(1) : text);
        }
        return out.toString();
    }

    private static String timeField(char field, ZonedDateTime time) {
        return switch (field) {
            case 'Y' -> Integer.toString(time.getYear());
            case 'y' -> two(time.getYear() % 100);
            case 'm' -> two(time.getMonthValue());
            case 'd' -> two(time.getDayOfMonth());
            case 'H' -> two(time.getHour());
            case 'I' -> two(time.get(ChronoField.CLOCK_HOUR_OF_AMPM));
            case 'M' -> two(time.getMinute());
            case 'S' -> two(time.getSecond());
            case 'p' -> time.getHour() < 12 ? "AM" : "PM";
            case 'j' -> String.format(Locale.ROOT, "%03d", time.getDayOfYear());
            case 'B' -> capitalized(time.getMonth());
            case 'b', 'h' -> capitalized(time.getMonth()).substring(0, 3);
            case 'A' -> capitalized(time.getDayOfWeek());
            case 'a' -> capitalized(time.getDayOfWeek()).substring(0, 3);
            case 'F' -> time("%Y-%m-%d", time);
            case 'T' -> time("%H:%M:%S", time);
            case '%' -> "%";
            default -> throw new JinjaException("strftime_now: unsupported field %" + field);
        };
    }

    private static String capitalized(Enum<?> name) {
        return name.name().charAt(0) + name.name().substring(1).toLowerCase(Locale.ROOT);
    }

    private static String two(int number) {
        return String.format(Locale.ROOT, "%02d", number);
    }
}
