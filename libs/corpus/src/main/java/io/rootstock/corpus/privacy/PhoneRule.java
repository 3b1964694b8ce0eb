package io.rootstock.corpus.privacy;

/**
 * Telephone numbers.
 *
 * <ul>
 *   <li>International (E.164): "+" or "00" and a country code; 8 to 15 digits, at least 10 in one run; with "+1" 11,
 *       with "+82" 10 to 13.
 *   <li>Korean: 010 and 011 to 019 (with separators, or 11 digits in one run for 010), area codes 02 and 031 to 064,
 *       070, 080 and 0502 to 0508. Service numbers such as 1588-0000 belong to firms and stay.
 *   <li>US and Canada (NANP): area and exchange from 200 on, "415-555-2671", "(415) 555-2671", "1-415-555-2671".
 *   <li>German: area or mobile code of 3 to 5 digits that begins with 0, a space, '/' or hyphen, 9 to 12 digits in all;
 *       not the form of US postal codes ("02110-1301").
 * </ul>
 *
 * <p>Years, dates, ISBNs and version numbers have none of these forms.
 */
final class PhoneRule {
    private static final String ABROAD =
            " 001 0049 0082 0044 0033 0039 0034 0031 0032 0041 0043 0045 0046 0047 0048 0081 0086 ";
    private static final String KOREAN_MOBILE = " 010 011 016 017 018 019 ";
    private static final String KOREAN_AREAS =
            " 02 031 032 033 041 042 043 044 051 052 053 054 055 061 062 063 064 070 080"
                    + " 0502 0503 0504 0505 0506 0507 0508 ";

    private PhoneRule() {}

    /** Finds the number that begins with a '+' or '(' before a digit. */
    static long findPrefixed(byte[] utf8, int at, DigitGroups groups) {
        int before = ByteClass.at(utf8, at - 1);
        if (ByteClass.is(utf8, at - 1, ByteClass.ALPHANUMERIC) || before == '_' || before == ')' || before == '+') {
            return Span.NONE;
        }
        groups.read(utf8, at + 1);
        if (utf8[at] == '+') {
            int used = international(utf8, groups);
            return used == 0 ? Span.NONE : Span.of(at, groups.end(used - 1));
        }
        if (groups.count < 2 || groups.separators[1] != ')') {
            return Span.NONE;
        }
        int used = national(utf8, groups, 0);
        return used == 0 ? Span.NONE : Span.of(at, groups.end(used - 1));
    }

    /** Finds the number that begins with the first group. */
    static long find(byte[] utf8, DigitGroups groups) {
        if (!groups.mayBegin(utf8)) {
            return Span.NONE;
        }
        int first = utf8[groups.starts[0]];
        int used = first == '0' || first >= '2' ? national(utf8, groups, 0) : 0;
        if (used == 0 && first == '1' && groups.is(0, 1)) {
            used = american(utf8, groups, 1);
        }
        if (used == 0 && first == '0' && isListed(ABROAD, utf8, groups, 0)) {
            used = abroad(utf8, groups);
        }
        return used == 0 ? Span.NONE : Span.of(groups.starts[0], groups.end(used - 1));
    }

    /** Number of groups of a number after "+"; 0 if none. */
    private static int international(byte[] utf8, DigitGroups groups) {
        int country = utf8[groups.starts[0]];
        if (country == '0') {
            return 0;
        }
        boolean korean = country == '8' && groups.digits > 1 && groups.digit(utf8, 1) == 2;
        int least = country == '1' ? 11 : korean ? 10 : 8;
        int largest = country == '1' ? 11 : korean ? 13 : 15;
        int digits = groups.digits;
        for (int used = groups.count; used > 0; used--) {
            if (digits <= largest && digits >= (used == 1 ? Math.max(10, least) : least) && isEnd(utf8, groups, used)) {
                return used;
            }
            digits -= groups.lengths[used - 1];
        }
        return 0;
    }

    private static boolean isEnd(byte[] utf8, DigitGroups groups, int used) {
        return groups.mayEnd(utf8, used - 1) && !(used == groups.count && groups.overflow);
    }

    /** Number of groups of a number after "00"; national codes begin with 0 only in Italy. */
    private static int abroad(byte[] utf8, DigitGroups groups) {
        if (groups.count < 2 || groups.digits < 11 || groups.digits > 16 || groups.continuesNumbers(utf8)) {
            return 0;
        }
        boolean zero = utf8[groups.starts[1]] == '0' && !ByteClass.has(utf8, groups.starts[0], "0039");
        return !zero && isEnd(utf8, groups, groups.count) ? groups.count : 0;
    }

    private static int national(byte[] utf8, DigitGroups groups, int group) {
        if (utf8[groups.starts[group]] != '0') {
            return american(utf8, groups, group);
        }
        int used = korean(utf8, groups);
        return used > 0 ? used : german(utf8, groups);
    }

    private static int korean(byte[] utf8, DigitGroups groups) {
        if (groups.is(0, 11)) {
            boolean mobile = ByteClass.has(utf8, groups.starts[0], "010");
            return mobile && groups.mayEnd(utf8, 0) ? 1 : 0;
        }
        boolean mobile = isListed(KOREAN_MOBILE, utf8, groups, 0);
        if (!mobile && !isListed(KOREAN_AREAS, utf8, groups, 0)) {
            return 0;
        }
        if (mobile && groups.is(1, 8)) {
            return groups.mayEnd(utf8, 1) ? 2 : 0;
        }
        if (!groups.is(1, 3, 4) || !groups.is(2, 4) || !areSeparators(groups, 1) || !groups.mayEnd(utf8, 2)) {
            return 0;
        }
        boolean table = groups.separators[1] == ' '
                && (groups.count > 3 || groups.continuesNumbers(utf8))
                && !(mobile && groups.is(1, 4));
        return table ? 0 : 3;
    }

    private static int american(byte[] utf8, DigitGroups groups, int group) {
        if (!groups.is(group, 3) || !groups.is(group + 1, 3) || !groups.is(group + 2, 4)) {
            return 0;
        }
        int area = utf8[groups.starts[group]];
        int exchange = utf8[groups.starts[group + 1]];
        boolean numbers = area >= '2' && exchange >= '2' && utf8[groups.starts[group] + 1] != '9';
        if (!numbers || !areSeparators(groups, group + 1) || !groups.mayEnd(utf8, group + 2)) {
            return 0;
        }
        boolean table = groups.separators[group + 1] == ' '
                && (groups.count > group + 3 || groups.overflow || groups.continuesNumbers(utf8));
        return table ? 0 : group + 3;
    }

    /** Whether a group and the next one have equal separators, or a ')' and then '-', '.' or ' '. */
    private static boolean areSeparators(DigitGroups groups, int group) {
        int first = groups.separators[group];
        int second = groups.separators[group + 1];
        boolean known = second == '-' || second == '.' || second == ' ';
        return known && (first == second || first == ')');
    }

    private static int german(byte[] utf8, DigitGroups groups) {
        boolean code = groups.is(0, 3, 5) && utf8[groups.starts[0] + 1] != '0';
        if (!code || groups.count < 2 || groups.digits < 9 || groups.digits > 12 || groups.count > 6) {
            return 0;
        }
        int separator = groups.separators[1];
        if (separator == ' ' && groups.continuesNumbers(utf8)) {
            return 0;
        }
        boolean zipCode = groups.is(0, 5) && groups.is(1, 4);
        if (separator == '-'
                ? groups.count != 2 || zipCode
                : separator != ' ' && separator != '/' && separator != ')') {
            return 0;
        }
        for (int group = 1; group < groups.count; group++) {
            if (groups.lengths[group] < 2 || (group > 1 && groups.separators[group] != ' ')) {
                return 0;
            }
        }
        return isEnd(utf8, groups, groups.count) ? groups.count : 0;
    }

    /** Whether a list of words between spaces has a group's digits. */
    private static boolean isListed(String list, byte[] utf8, DigitGroups groups, int group) {
        int length = groups.lengths[group];
        if (length < 2 || length > 4) {
            return false;
        }
        for (int at = 1; at + length < list.length(); at++) {
            if (list.charAt(at - 1) == ' '
                    && list.charAt(at + length) == ' '
                    && ByteClass.has(utf8, groups.starts[group], list.substring(at, at + length))) {
                return true;
            }
        }
        return false;
    }
}
