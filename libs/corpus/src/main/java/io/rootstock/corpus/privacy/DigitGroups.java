package io.rootstock.corpus.privacy;

/**
 * Groups of digits with single separators between them, such as "010-1234-5678". Reading is bounded: at most
 * {@link #MAX_GROUPS} groups, of which one has at most {@link #MAX_LENGTH} digits.
 */
final class DigitGroups {
    /** Largest number of groups that are read. */
    static final int MAX_GROUPS = 8;

    /** Longest group that matters to a rule. */
    static final int MAX_LENGTH = 19;

    /** Fewest digits of any number that a rule looks for. */
    static final int MIN_DIGITS = 8;

    /** First byte, and length in digits, of each group. */
    final int[] starts = new int[MAX_GROUPS];

    final int[] lengths = new int[MAX_GROUPS];

    /** Separator before each group: ' ', '-', '.', '/', '(' or ')'; " / " is '/', " (" and "-(" are '(', ") " and ")-" are ')'. */
    final int[] separators = new int[MAX_GROUPS];

    /** Number of groups. */
    int count;

    /** Digits of all groups. */
    int digits;

    /** Whether a group is too long, or more groups follow than are read. */
    boolean overflow;

    /** Reads the groups from the first digit of a run. */
    void read(byte[] utf8, int from) {
        count = 0;
        digits = 0;
        overflow = false;
        int at = from;
        int separator = 0;
        while (true) {
            int end = ByteClass.end(utf8, at, ByteClass.DIGIT, MAX_LENGTH + 1);
            int length = end - at;
            if (length == 0) {
                return;
            }
            if (length > MAX_LENGTH || count == MAX_GROUPS) {
                overflow = true;
                return;
            }
            starts[count] = at;
            lengths[count] = length;
            separators[count] = separator;
            count++;
            digits += length;
            at = afterSeparator(utf8, end);
            separator = at - end == 3 ? '/' : ByteClass.at(utf8, end);
            if (at - end == 2 && separator != ')') {
                separator = '(';
            }
        }
    }

    /** Returns the offset after the separator at an offset. */
    private static int afterSeparator(byte[] utf8, int at) {
        int separator = ByteClass.at(utf8, at);
        int next = ByteClass.at(utf8, at + 1);
        return switch (separator) {
            case ' ' -> next == '(' ? at + 2 : next == '/' && ByteClass.at(utf8, at + 2) == ' ' ? at + 3 : at + 1;
            case ')' -> next == ' ' || next == '-' ? at + 2 : at + 1;
            case '-' -> next == '(' ? at + 2 : at + 1;
            case '.', '/' -> at + 1;
            default -> at;
        };
    }

    /** Whether a group has a length. */
    boolean is(int group, int length) {
        return group < count && lengths[group] == length;
    }

    /** Whether a group has a length between two bounds. */
    boolean is(int group, int least, int largest) {
        return group < count && lengths[group] >= least && lengths[group] <= largest;
    }

    /** End of a group. */
    int end(int group) {
        return starts[group] + lengths[group];
    }

    /** Digits of the first groups. */
    int digitsOf(int groups) {
        int sum = 0;
        for (int group = 0; group < groups; group++) {
            sum += lengths[group];
        }
        return sum;
    }

    /** Whether the separators before the groups from 1 to a last one are equal. */
    boolean hasEqualSeparators(int last) {
        for (int group = 2; group <= last; group++) {
            if (separators[group] != separators[1]) {
                return false;
            }
        }
        return true;
    }

    /** Whether a number may end with a group: no letter, digit, '_', '@', joined word or decimal digit follows. */
    boolean mayEnd(byte[] utf8, int group) {
        int end = end(group);
        int next = ByteClass.at(utf8, end);
        if (ByteClass.is(utf8, end, ByteClass.ALPHANUMERIC) || next == '_' || next == '@') {
            return false;
        }
        return !((next == '-' && ByteClass.is(utf8, end + 1, ByteClass.ALPHANUMERIC))
                || (next == '.' && ByteClass.is(utf8, end + 1, ByteClass.DIGIT)));
    }

    /** Whether a number may begin with the first group: no letter, digit or joining character stands before. */
    boolean mayBegin(byte[] utf8) {
        int before = starts[0] - 1;
        return !ByteClass.is(utf8, before, ByteClass.ALPHANUMERIC)
                && "-_.#$%&+".indexOf(ByteClass.at(utf8, before)) < 0;
    }

    /** Whether a digit and a space stand before the first group, so that it continues a table of numbers. */
    boolean continuesNumbers(byte[] utf8) {
        return ByteClass.at(utf8, starts[0] - 1) == ' ' && ByteClass.is(utf8, starts[0] - 2, ByteClass.DIGIT);
    }

    /** The digit with an index in the whole number. */
    int digit(byte[] utf8, int index) {
        int group = 0;
        int left = index;
        while (left >= lengths[group]) {
            left -= lengths[group];
            group++;
        }
        return utf8[starts[group] + left] - '0';
    }
}
