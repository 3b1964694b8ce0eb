package io.rootstock.corpus.privacy;

/**
 * IPv4 addresses that can identify a person: public ones, and those of documentation. Private, loopback, link-local,
 * shared, multicast and reserved addresses stay, as in datatrove's PIIFormatter.
 *
 * <p>Four numbers below 32 are taken for a version or a section, such as "JLS 8.10.4.1", and so are four numbers after
 * "version" or before a hyphen and a letter. One public address of 4,096 has only such numbers.
 */
final class Ipv4Rule {
    private static final int OCTETS = 4;
    private static final int SECTIONS = 32;

    private Ipv4Rule() {}

    /** Finds the address that begins at the first digit of a run. */
    static long find(byte[] utf8, int start) {
        int at = start;
        int address = 0;
        boolean small = true;
        for (int octet = 0; octet < OCTETS; octet++) {
            int end = ByteClass.end(utf8, at, ByteClass.DIGIT, 4);
            int length = end - at;
            if (length == 0 || length > 3 || (length > 1 && utf8[at] == '0')) {
                return Span.NONE;
            }
            int value = 0;
            for (; at < end; at++) {
                value = value * 10 + utf8[at] - '0';
            }
            if (value > 255) {
                return Span.NONE;
            }
            small &= value < SECTIONS;
            address = address << 8 | value;
            if (octet < OCTETS - 1) {
                if (ByteClass.at(utf8, at) != '.') {
                    return Span.NONE;
                }
                at++;
            }
        }
        boolean matches = !small && mayEnd(utf8, at) && !isAfterVersion(utf8, start) && isPublic(address);
        return matches ? Span.of(start, at) : Span.NONE;
    }

    private static boolean mayEnd(byte[] utf8, int end) {
        int next = ByteClass.at(utf8, end);
        if (ByteClass.is(utf8, end, ByteClass.ALPHANUMERIC) || next == '_' || next == '@') {
            return false;
        }
        return !((next == '.' && ByteClass.is(utf8, end + 1, ByteClass.DIGIT))
                || (next == '-' && ByteClass.is(utf8, end + 1, ByteClass.LETTER)));
    }

    private static boolean isAfterVersion(byte[] utf8, int start) {
        int at = start;
        while (at > 0 && start - at < 3 && " :=\"'-".indexOf(utf8[at - 1]) >= 0) {
            at--;
        }
        return ByteClass.has(utf8, at - 6, "ersion") || ByteClass.has(utf8, at - 6, "ERSION");
    }

    private static boolean isPublic(int address) {
        int first = address >>> 24;
        int second = address >>> 16 & 0xFF;
        boolean reserved = first == 0
                || first == 10
                || first == 127
                || first >= 224
                || (first == 100 && second >= 64 && second < 128)
                || (first == 169 && second == 254)
                || (first == 172 && second >= 16 && second < 32)
                || (first == 192 && second == 168)
                || (first == 198 && (second == 18 || second == 19));
        return !reserved;
    }
}
