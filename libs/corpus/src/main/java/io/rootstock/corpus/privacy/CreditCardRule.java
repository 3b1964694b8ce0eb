package io.rootstock.corpus.privacy;

/**
 * Credit card numbers: a prefix and length of a network (ISO/IEC 7812), and a correct Luhn digit. Written in one run, or
 * in the groups printed on cards with spaces or hyphens.
 */
final class CreditCardRule {
    private CreditCardRule() {}

    /** Finds the card number that begins with the first group. */
    static long find(byte[] utf8, DigitGroups groups) {
        int before = ByteClass.at(utf8, groups.starts[0] - 1);
        if (!groups.mayBegin(utf8) || before == '/' || before == '=') {
            return Span.NONE;
        }
        int used = groupsOfCard(groups);
        if (used == 0 || !groups.mayEnd(utf8, used - 1)) {
            return Span.NONE;
        }
        int digits = groups.digitsOf(used);
        return isNetwork(utf8, groups, digits) && isLuhn(utf8, groups, digits)
                ? Span.of(groups.starts[0], groups.end(used - 1))
                : Span.NONE;
    }

    /** Number of groups of a printed card number; 0 if the groups are not one. */
    private static int groupsOfCard(DigitGroups groups) {
        if (groups.is(0, 13, DigitGroups.MAX_LENGTH)) {
            return 1;
        }
        if (!groups.is(0, 4) || groups.count < 3 || (groups.separators[1] != ' ' && groups.separators[1] != '-')) {
            return 0;
        }
        if (groups.is(1, 6) && groups.is(2, 4, 5)) {
            return groups.hasEqualSeparators(2) ? 3 : 0;
        }
        boolean four = groups.is(1, 4) && groups.is(2, 4) && groups.is(3, 4) && groups.hasEqualSeparators(3);
        return four ? groups.is(4, 3) && groups.hasEqualSeparators(4) ? 5 : 4 : 0;
    }

    private static boolean isNetwork(byte[] utf8, DigitGroups groups, int digits) {
        int prefix = 0;
        for (int index = 0; index < 4; index++) {
            prefix = prefix * 10 + groups.digit(utf8, index);
        }
        int two = prefix / 100;
        int three = prefix / 10;
        boolean diners = two == 36 || two == 38 || two == 39 || (three >= 300 && three <= 305);
        return switch (digits) {
            case 14 -> diners;
            case 15 -> two == 34 || two == 37;
            case 13 -> prefix / 1000 == 4;
            case 16 ->
                prefix / 1000 == 4
                        || (two >= 51 && two <= 55)
                        || (prefix >= 2221 && prefix <= 2720)
                        || prefix == 6011
                        || two == 65
                        || (three >= 644 && three <= 649)
                        || (prefix >= 3528 && prefix <= 3589)
                        || two == 62
                        || two == 94
                        || diners;
            case 17, 18 -> two == 62;
            case 19 -> two == 62 || prefix / 1000 == 4 || prefix == 6011 || two == 65;
            default -> false;
        };
    }

    private static boolean isLuhn(byte[] utf8, DigitGroups groups, int digits) {
        int sum = 0;
        boolean varied = false;
        for (int index = 0; index < digits; index++) {
            int digit = groups.digit(utf8, index);
            varied |= digit != groups.digit(utf8, 0);
            int doubled = (digits - index) % 2 == 0 ? digit * 2 : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return varied && sum % 10 == 0;
    }
}
