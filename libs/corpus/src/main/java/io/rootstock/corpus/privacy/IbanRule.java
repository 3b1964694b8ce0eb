package io.rootstock.corpus.privacy;

import java.util.HashMap;
import java.util.Map;

/**
 * IBANs (ISO 13616): country, length of the country, and check digits modulo 97; without spaces, or with one after each
 * four characters. Lengths are those of the SWIFT IBAN registry, https://www.swift.com/standards/data-standards/iban.
 */
final class IbanRule {
    private static final String LENGTHS =
            "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24"
                    + " DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22"
                    + " IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27"
                    + " MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24"
                    + " SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";
    private static final Map<String, Integer> BY_COUNTRY = new HashMap<>();

    static {
        for (String entry : LENGTHS.split(" ", -1)) {
            BY_COUNTRY.put(entry.substring(0, 2), Integer.parseInt(entry.substring(2)));
        }
    }

    private IbanRule() {}

    /** Finds the IBAN whose first check digit is at an offset. */
    static long find(byte[] utf8, int floor, int digit) {
        int start = digit - 2;
        if (start < floor
                || !ByteClass.is(utf8, start, ByteClass.UPPER)
                || !ByteClass.is(utf8, digit + 1, ByteClass.DIGIT)
                || ByteClass.is(utf8, start - 1, ByteClass.ALPHANUMERIC)
                || ByteClass.at(utf8, start - 1) == '_') {
            return Span.NONE;
        }
        Integer length = BY_COUNTRY.get(new String(new char[] {(char) utf8[start], (char) utf8[start + 1]}));
        if (length == null) {
            return Span.NONE;
        }
        boolean spaced = ByteClass.at(utf8, start + 4) == ' ';
        int remainder = 0;
        int at = start;
        for (int index = 0; index < length; index++) {
            if (spaced && index > 0 && index % 4 == 0) {
                if (ByteClass.at(utf8, at) != ' ') {
                    return Span.NONE;
                }
                at++;
            }
            if (!ByteClass.is(utf8, at, ByteClass.UPPER | ByteClass.DIGIT)) {
                return Span.NONE;
            }
            remainder = index < 4 ? remainder : append(remainder, utf8[at]);
            at++;
        }
        for (int index = 0; index < 4; index++) {
            remainder = append(remainder, utf8[start + index]);
        }
        boolean ends = !ByteClass.is(utf8, at, ByteClass.ALPHANUMERIC) && ByteClass.at(utf8, at) != '_';
        return ends && remainder == 1 ? Span.of(start, at) : Span.NONE;
    }

    /** Appends a digit, or a letter as the number 10 to 35, to a number modulo 97. */
    private static int append(int remainder, int character) {
        return character <= '9'
                ? (remainder * 10 + character - '0') % 97
                : (remainder * 100 + character - 'A' + 10) % 97;
    }
}
