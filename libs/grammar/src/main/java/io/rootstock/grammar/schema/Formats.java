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

    private static final String IPV4 = BYTE + "(\\." + BYTE + "){3}";
    private static final String GROUP = "[0-9A-Fa-f]{1,4}";
    /** The last 32 bits of an IPv6 address. */
    private static final String LAST = "(" + GROUP + ":" + GROUP + "|" + IPV4 + ")";
    /** RFC 3986: eight groups, of which one run of zeros may be {@code ::}. */
    private static final String IPV6 = "(" + GROUP + ":){6}" + LAST
            + "|::(" + GROUP + ":){5}" + LAST
            + "|" + groupsUpTo(1) + "::(" + GROUP + ":){4}" + LAST
            + "|" + groupsUpTo(2) + "::(" + GROUP + ":){3}" + LAST
            + "|" + groupsUpTo(3) + "::(" + GROUP + ":){2}" + LAST
            + "|" + groupsUpTo(4) + "::" + GROUP + ":" + LAST
            + "|" + groupsUpTo(5) + "::" + LAST
            + "|" + groupsUpTo(6) + "::" + GROUP
            + "|" + groupsUpTo(7) + "::";

    private static final String COUNT = "\\d{1,4}";
    private static final String CLOCK_DURATION =
            "T(" + COUNT + "H(" + COUNT + "M(" + COUNT + "S)?)?|" + COUNT + "M(" + COUNT + "S)?|" + COUNT + "S)";
    /** RFC 3339, appendix A: units in order without gaps, or weeks alone. */
    private static final String DURATION = "P((" + COUNT + "Y(" + COUNT + "M(" + COUNT + "D)?)?|" + COUNT + "M(" + COUNT
            + "D)?|" + COUNT + "D)(" + CLOCK_DURATION + ")?|" + CLOCK_DURATION + "|" + COUNT + "W)";

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
            IPV4,
            "ipv6",
            IPV6,
            "duration",
            DURATION);

    private Formats() {}

    /** Nothing, or up to this number of groups of an IPv6 address. */
    private static String groupsUpTo(int most) {
        return "((" + GROUP + ":){0," + (most - 1) + "}" + GROUP + ")?";
    }

    static Optional<Regex> of(String where, String format) {
        return Optional.ofNullable(EXPRESSIONS.get(format)).map(expression -> RegexParser.whole(where, expression));
    }

    static String names() {
        return String.join(", ", new TreeSet<>(EXPRESSIONS.keySet()));
    }
}
