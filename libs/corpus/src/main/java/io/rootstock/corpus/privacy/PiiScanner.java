package io.rootstock.corpus.privacy;

import java.util.Arrays;
import java.util.Set;

/** Finds personal data in UTF-8. Immutable and thread-safe. */
public final class PiiScanner {
    private static final byte DIGIT = 1;
    private static final byte AT_SIGN = 2;
    private static final byte PLUS = 3;
    private static final byte PARENTHESIS = 4;
    private static final byte COLON = 5;
    private static final byte EQUALS = 6;
    private static final byte HYPHEN = 7;
    private static final byte UNDERSCORE = 8;
    private static final byte UPPER_I = 9;
    private static final byte UPPER_J = 10;
    private static final byte[] TRIGGERS = new byte[256];

    static {
        Arrays.fill(TRIGGERS, '0', '9' + 1, DIGIT);
        TRIGGERS['@'] = AT_SIGN;
        TRIGGERS['+'] = PLUS;
        TRIGGERS['('] = PARENTHESIS;
        TRIGGERS[':'] = COLON;
        TRIGGERS['='] = EQUALS;
        TRIGGERS['-'] = HYPHEN;
        TRIGGERS['_'] = UNDERSCORE;
        TRIGGERS['I'] = UPPER_I;
        TRIGGERS['J'] = UPPER_J;
    }

    private final Set<PiiKind> kinds;

    /** @param kinds the kinds to find */
    public PiiScanner(Set<PiiKind> kinds) {
        this.kinds = Set.copyOf(kinds);
    }

    /** Returns all personal data of a text, from left to right. */
    public PiiMatches scan(byte[] utf8) {
        PiiMatches matches = new PiiMatches();
        DigitGroups groups = new DigitGroups();
        int floor = 0;
        int at = 0;
        while (at < utf8.length) {
            byte trigger = TRIGGERS[utf8[at] & 0xFF];
            if (trigger == 0) {
                at++;
                continue;
            }
            int before = matches.count();
            int next = switch (trigger) {
                case DIGIT -> {
                    digits(utf8, floor, at, groups, matches);
                    yield ByteClass.end(utf8, at, ByteClass.DIGIT, Integer.MAX_VALUE);
                }
                case AT_SIGN -> {
                    add(PiiKind.EMAIL, EmailRule.find(utf8, floor, at), matches);
                    yield at + 1;
                }
                case PLUS, PARENTHESIS -> {
                    if (isOn(PiiKind.PHONE) && ByteClass.is(utf8, at + 1, ByteClass.DIGIT)) {
                        add(PiiKind.PHONE, PhoneRule.findPrefixed(utf8, at, groups), matches);
                    }
                    yield at + 1;
                }
                case COLON -> {
                    add(PiiKind.IP_ADDRESS, Ipv6Rule.find(utf8, floor, at), matches);
                    addSecret(utf8, floor, at, matches, before);
                    yield at + 1;
                }
                case EQUALS -> {
                    addSecret(utf8, floor, at, matches, before);
                    yield at + 1;
                }
                case HYPHEN -> {
                    add(PiiKind.API_KEY, ApiKeyRule.findAtHyphen(utf8, floor, at), matches);
                    if (ByteClass.at(utf8, at + 1) == 'B') {
                        add(PiiKind.PRIVATE_KEY, PrivateKeyRule.find(utf8, floor, at), matches);
                    }
                    yield at + 1;
                }
                case UNDERSCORE -> {
                    add(PiiKind.API_KEY, ApiKeyRule.findAtUnderscore(utf8, floor, at), matches);
                    yield at + 1;
                }
                case UPPER_I -> {
                    add(PiiKind.API_KEY, ApiKeyRule.findAtUpperI(utf8, floor, at), matches);
                    yield at + 1;
                }
                case UPPER_J -> {
                    add(PiiKind.JWT, JwtRule.find(utf8, floor, at), matches);
                    yield at + 1;
                }
                default -> throw new IllegalStateException("trigger " + trigger);
            };
            if (matches.count() > before) {
                floor = matches.end(matches.count() - 1);
                next = floor;
            }
            at = next;
        }
        return matches;
    }

    private boolean isOn(PiiKind kind) {
        return kinds.contains(kind);
    }

    /** Adds a match of an enabled kind; returns whether it was added. */
    private boolean add(PiiKind kind, long span, PiiMatches matches) {
        boolean found = span != Span.NONE && isOn(kind);
        if (found) {
            matches.add(kind, Span.start(span), Span.end(span));
        }
        return found;
    }

    private void addSecret(byte[] utf8, int floor, int at, PiiMatches matches, int before) {
        if (matches.count() == before && isOn(PiiKind.SECRET)) {
            add(PiiKind.SECRET, SecretRule.find(utf8, floor, at), matches);
        }
    }

    /** Tries all kinds that begin with the first digit of a run; the first that matches wins. */
    private void digits(byte[] utf8, int floor, int at, DigitGroups groups, PiiMatches matches) {
        int previous = at > floor ? utf8[at - 1] : 0;
        if (ByteClass.is(utf8, at - 1, ByteClass.ALPHANUMERIC) || previous == '_') {
            if (previous >= 'A' && previous <= 'Z') {
                add(PiiKind.IBAN, IbanRule.find(utf8, floor, at), matches);
            }
            return;
        }
        if (!ByteClass.is(utf8, at + 1, ByteClass.DIGIT)
                && ByteClass.at(utf8, at + 1) != '.'
                && ByteClass.at(utf8, at + 1) != '-'
                && ByteClass.at(utf8, at + 1) != ' ') {
            return;
        }
        if (previous == '.' && ByteClass.is(utf8, at - 2, ByteClass.DIGIT)) {
            return;
        }
        if (add(PiiKind.IP_ADDRESS, Ipv4Rule.find(utf8, at), matches)) {
            return;
        }
        groups.read(utf8, at);
        if (groups.digits < DigitGroups.MIN_DIGITS) {
            return;
        }
        boolean found = add(PiiKind.KOREAN_RESIDENT_NUMBER, ResidentNumberRule.find(utf8, groups), matches)
                || add(PiiKind.CREDIT_CARD, CreditCardRule.find(utf8, groups), matches)
                || (isOn(PiiKind.PHONE) && add(PiiKind.PHONE, PhoneRule.find(utf8, groups), matches));
        assert !found || matches.count() > 0;
    }
}
