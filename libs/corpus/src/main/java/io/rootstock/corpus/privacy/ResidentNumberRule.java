package io.rootstock.corpus.privacy;

/**
 * Korean resident and alien registration numbers: birth date (YYMMDD), a digit for century and sex, and six more.
 *
 * <p>Numbers issued until October 2020 end with a check digit; those issued since then, also to persons born before, do
 * not (Enforcement Rule of the Resident Registration Act, amended 2020). With a hyphen, a real date and a century digit
 * of 1 to 8 are therefore enough. Thirteen digits in one run must also have a correct check digit, or a birth date from
 * October 2020 on. Century digits 9 and 0 (births before 1900) are not masked.
 */
final class ResidentNumberRule {
    private static final int DIGITS = 13;
    private static final int[] WEIGHTS = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    /** First birth date without a check digit: year and month. */
    private static final int FIRST_WITHOUT_CHECK_DIGIT = 202010;

    private ResidentNumberRule() {}

    /** Finds the number that begins with the first group. */
    static long find(byte[] utf8, DigitGroups groups) {
        boolean hyphenated = groups.is(0, 6) && groups.is(1, 7) && groups.separators[1] == '-';
        if (!hyphenated && !groups.is(0, DIGITS)) {
            return Span.NONE;
        }
        int last = hyphenated ? 1 : 0;
        if (!groups.mayBegin(utf8) || !groups.mayEnd(utf8, last)) {
            return Span.NONE;
        }
        int century = groups.digit(utf8, 6);
        if (century < 1 || century > 8) {
            return Span.NONE;
        }
        int year = (century % 4 == 1 || century % 4 == 2 ? 1900 : 2000) + number(utf8, groups, 0);
        int month = number(utf8, groups, 2);
        if (!isDate(year, month, number(utf8, groups, 4))) {
            return Span.NONE;
        }
        boolean enough = hyphenated
                || year * 100 + month >= FIRST_WITHOUT_CHECK_DIGIT
                || hasCheckDigit(utf8, groups, century >= 5);
        return enough ? Span.of(groups.starts[0], groups.end(last)) : Span.NONE;
    }

    private static int number(byte[] utf8, DigitGroups groups, int index) {
        return groups.digit(utf8, index) * 10 + groups.digit(utf8, index + 1);
    }

    private static boolean isDate(int year, int month, int day) {
        if (month < 1 || month > 12 || day < 1) {
            return false;
        }
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return day <= DAYS[month - 1] + (month == 2 && leap ? 1 : 0);
    }

    private static boolean hasCheckDigit(byte[] utf8, DigitGroups groups, boolean alien) {
        int sum = 0;
        for (int index = 0; index < WEIGHTS.length; index++) {
            sum += WEIGHTS[index] * groups.digit(utf8, index);
        }
        int check = ((alien ? 13 : 11) - sum % 11) % 10;
        return check == groups.digit(utf8, DIGITS - 1);
    }
}
