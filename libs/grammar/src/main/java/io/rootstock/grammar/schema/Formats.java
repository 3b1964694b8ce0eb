package io.rootstock.grammar.schema;

import io.rootstock.grammar.regex.Regex;
import io.rootstock.grammar.regex.RegexParser;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Regular expressions of JSON Schema's formats; e-mail addresses and host names in their common forms only. */
final class Formats {
    private static final String LEAP_YEAR =
            "(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][48]|[2468]0|[13579][26])00)";

    /** Valid dates from year 1. */
    private static final String DATE = "((\\d{3}[1-9]|\\d\\d[1-9]\\d|\\d[1-9]\\d\\d|[1-9]\\d{3})-"
            + "((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8]))"
            + "|" + LEAP_YEAR + "-02-29)";

    private static final String TIME =
            "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|\\+((0\\d|1[0-3]):[0-5]\\d|14:00)|-(0[1-9]|1[0-2]):[0-5]\\d)";
    private static final String LABEL = "[a-z0-9]{1,12}(-[a-z0-9]{1,12}){0,3}";
    private static final String HOST = LABEL + "(\\." + LABEL + "){0,4}";
    private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

    private static final Map<String, String> EXPRESSIONS = Map.of(
            "date",
            DATE,
            "time",
            TIME,
            "date-time",
            DATE + "T" + TIME,
            "uuid",
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "email",
            "[A-Za-z0-9]+([._+-][A-Za-z0-9]+){0,8}@" + LABEL + "(\\." + LABEL + "){0,3}\\.[a-z]{2,10}",
            "hostname",
            HOST,
            "ipv4",
            BYTE + "(\\." + BYTE + "){3}");

    private Formats() {}

    static Optional<Regex> of(String where, String format) {
        return Optional.ofNullable(EXPRESSIONS.get(format)).map(expression -> RegexParser.whole(where, expression));
    }

    static String names() {
        return String.join(", ", new TreeSet<>(EXPRESSIONS.keySet()));
    }
}
