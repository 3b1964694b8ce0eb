package io.rootstock.corpus.privacy;

/**
 * IPv6 addresses (RFC 4291, section 2.2) that are global (2000::/3), unique local (fc00::/7) or link-local (fe80::/10).
 * The first group must have four digits.
 */
final class Ipv6Rule {
    private static final int GROUPS = 8;

    private Ipv6Rule() {}

    /** Finds the address whose first ':' is at an offset. */
    static long find(byte[] utf8, int floor, int colon) {
        int start = colon - 4;
        if (start < floor || (!ByteClass.is(utf8, colon + 1, ByteClass.HEX) && ByteClass.at(utf8, colon + 1) != ':')) {
            return Span.NONE;
        }
        int first = 0;
        for (int at = start; at < colon; at++) {
            if (!ByteClass.is(utf8, at, ByteClass.HEX)) {
                return Span.NONE;
            }
            first = first << 4 | Character.digit(utf8[at], 16);
        }
        int before = ByteClass.at(utf8, start - 1);
        boolean begins = !ByteClass.is(utf8, start - 1, ByteClass.ALPHANUMERIC) && ":_.".indexOf(before) < 0;
        boolean known = first >>> 13 == 1 || first >>> 9 == 0xFC >>> 1 || first >>> 6 == 0xFE80 >>> 6;
        if (!begins || !known) {
            return Span.NONE;
        }
        int end = end(utf8, colon);
        return end < 0 || !mayEnd(utf8, end) ? Span.NONE : Span.of(start, end);
    }

    /** Reads the groups after the first one and returns the end; -1 if they are not an address. */
    private static int end(byte[] utf8, int colon) {
        int groups = 1;
        boolean compressed = false;
        int at = colon;
        while (ByteClass.at(utf8, at) == ':') {
            boolean twice = ByteClass.at(utf8, at + 1) == ':';
            if (twice && compressed) {
                return -1;
            }
            int from = at + (twice ? 2 : 1);
            int to = ByteClass.end(utf8, from, ByteClass.HEX, 5);
            if (to - from > 4 || (to == from && !twice)) {
                return to == from && groups > 1 ? ended(groups, compressed, at) : -1;
            }
            compressed |= twice;
            groups += to > from ? 1 : 0;
            at = to;
            if (groups > GROUPS) {
                return -1;
            }
            if (to == from) {
                break;
            }
        }
        return ended(groups, compressed, at);
    }

    private static int ended(int groups, boolean compressed, int at) {
        return compressed ? groups < GROUPS ? at : -1 : groups == GROUPS ? at : -1;
    }

    private static boolean mayEnd(byte[] utf8, int end) {
        int next = ByteClass.at(utf8, end);
        return !ByteClass.is(utf8, end, ByteClass.ALPHANUMERIC)
                && next != '_'
                && !(next == ':' && ByteClass.is(utf8, end + 1, ByteClass.ALPHANUMERIC));
    }
}
