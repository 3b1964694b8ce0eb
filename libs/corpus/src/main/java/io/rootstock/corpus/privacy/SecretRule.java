package io.rootstock.corpus.privacy;

/**
 * Random values assigned by '=' or ':' to a name that ends with a word such as password, secret, token or api_key.
 *
 * <p>A value has 16 to 512 letters, digits and {@code - _ + / ~}, at least two digits and a letter, and changes between
 * lower-case letters, upper-case letters and digits at least once in four characters: identifiers change less often. The
 * name stays, the value without its quotes is masked.
 */
final class SecretRule {
    private static final int MIN_VALUE = 16;
    private static final int MAX_VALUE_LENGTH = 512;
    private static final int MAX_NAME_LENGTH = 64;
    private static final int MIN_DIGITS = 2;
    private static final int CHARACTERS_PER_CHANGE = 4;
    private static final String[] NAMES = {
        "password",
        "passwd",
        "pwd",
        "secret",
        "token",
        "apikey",
        "accesskey",
        "secretkey",
        "privatekey",
        "authkey",
        "credential",
        "credentials"
    };

    private SecretRule() {}

    /** Finds the value after the '=' or ':' at an offset. */
    static long find(byte[] utf8, int floor, int sign) {
        int start = sign + 1;
        while (start <= sign + 2 && (ByteClass.at(utf8, start) == ' ' || ByteClass.at(utf8, start) == '>')) {
            start++;
        }
        int quote = ByteClass.at(utf8, start);
        boolean quoted = quote == '"' || quote == '\'' || quote == '`';
        start += quoted ? 1 : 0;
        int end = ByteClass.end(utf8, start, ByteClass.VALUE, MAX_VALUE_LENGTH + 1);
        if (end - start < MIN_VALUE || end - start > MAX_VALUE_LENGTH || !isNamed(utf8, floor, sign)) {
            return Span.NONE;
        }
        int padded = ByteClass.at(utf8, end) == '=' ? end + 1 : end;
        padded += padded > end && ByteClass.at(utf8, padded) == '=' ? 1 : 0;
        int next = ByteClass.at(utf8, padded);
        boolean member = next == '.' && ByteClass.is(utf8, padded + 1, ByteClass.ALPHANUMERIC);
        boolean call = !quoted && (next == '(' || next == '[' || member);
        return !call && isRandom(utf8, start, end) ? Span.of(start, padded) : Span.NONE;
    }

    private static boolean isRandom(byte[] utf8, int from, int to) {
        int digits = 0;
        int letters = 0;
        int changes = 0;
        int last = 0;
        for (int at = from; at < to; at++) {
            int kind = ByteClass.is(utf8, at, ByteClass.DIGIT)
                    ? ByteClass.DIGIT
                    : ByteClass.is(utf8, at, ByteClass.UPPER)
                            ? ByteClass.UPPER
                            : ByteClass.is(utf8, at, ByteClass.LOWER) ? ByteClass.LOWER : 0;
            digits += kind == ByteClass.DIGIT ? 1 : 0;
            letters += kind == ByteClass.UPPER || kind == ByteClass.LOWER ? 1 : 0;
            changes += kind != last && last != 0 && kind != 0 ? 1 : 0;
            last = kind;
        }
        return digits >= MIN_DIGITS && letters > 0 && changes * CHARACTERS_PER_CHANGE >= to - from;
    }

    /** Tells whether the name before a sign ends with one of the words, without regard to case, '_' and '-'. */
    private static boolean isNamed(byte[] utf8, int floor, int sign) {
        int end = sign;
        while (end > floor && sign - end < 3 && " \"'`:".indexOf(utf8[end - 1]) >= 0) {
            end--;
        }
        int limit = Math.max(floor, end - MAX_NAME_LENGTH);
        for (String name : NAMES) {
            int at = end;
            int left = name.length();
            while (left > 0 && at > limit) {
                int letter = utf8[at - 1] | 0x20;
                if (letter == name.charAt(left - 1)) {
                    left--;
                } else if (utf8[at - 1] != '_' && utf8[at - 1] != '-') {
                    break;
                }
                at--;
            }
            if (left == 0) {
                return true;
            }
        }
        return false;
    }
}
