package io.rootstock.bench.data;

import io.rootstock.corpus.privacy.PiiKind;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Random valid personal data and secrets, in the forms in which they are written. */
public final class PersonalData {
    private static final String DIGITS = "0123456789";
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String ALPHANUMERIC = UPPER + UPPER.toLowerCase(Locale.ROOT) + DIGITS;
    private static final List<String> CARD_PREFIXES = List.of("4", "51", "55", "2221", "6011", "3530");
    private static final List<String> IBAN_LENGTHS = List.of("DE22", "FR27", "ES24", "CH21", "NO15");

    private final SplittableRandom random;

    /** Draws from {@code random}. */
    public PersonalData(SplittableRandom random) {
        this.random = random;
    }

    /** Returns an item. */
    public String next(PiiKind kind) {
        return switch (kind) {
            case EMAIL ->
                pick("jane.doe", "kim_minsu", "o.neill+news", "info") + digits(3) + "@"
                        + pick("example.com", "mail.example.co.kr", "web.de", "sub.domain.museum");
            case PHONE -> phone();
            case IP_ADDRESS ->
                random.nextInt(4) == 0
                        ? "2001:db9::" + hex(4) + ":" + hex(4)
                        : (32 + random.nextInt(68)) + "." + random.nextInt(256) + "." + random.nextInt(256) + "."
                                + random.nextInt(256);
            case CREDIT_CARD -> card();
            case IBAN -> iban();
            case KOREAN_RESIDENT_NUMBER -> residentNumber();
            case API_KEY ->
                pick(
                        "AKIA" + letters(16, UPPER),
                        "ghp_" + letters(36, ALPHANUMERIC),
                        "AIza" + letters(35, ALPHANUMERIC),
                        "sk_live_" + letters(24, ALPHANUMERIC));
            case JWT ->
                "eyJ" + letters(30, ALPHANUMERIC) + ".eyJ" + letters(80, ALPHANUMERIC) + "."
                        + letters(43, ALPHANUMERIC);
            case PRIVATE_KEY ->
                "-----BEGIN RSA PRIVATE KEY-----\n" + (letters(64, ALPHANUMERIC) + "\n").repeat(4)
                        + letters(30, ALPHANUMERIC) + "==\n-----END RSA PRIVATE KEY-----";
            case SECRET -> letters(20, ALPHANUMERIC) + "7a9B" + digits(2);
        };
    }

    /** Returns the text before an item: for secrets, the name that the value is assigned to. */
    String before(PiiKind kind) {
        return kind == PiiKind.SECRET
                ? pick("password=", "api_key: \"", "client_secret=")
                : pick("see ", "Contact: ", "(", "\"", "\t");
    }

    /** Returns the text after an item. */
    String after() {
        return pick(" ", "\"", ")", ", ", ".", ";");
    }

    private String phone() {
        return switch (random.nextInt(7)) {
            case 0 -> "010-" + nonZero(4) + "-" + digits(4);
            case 1 -> "+82 10 " + nonZero(4) + " " + digits(4);
            case 2 -> "02-" + nonZero(4) + "-" + digits(4);
            case 3 -> "(" + (2 + random.nextInt(8)) + "02) " + (2 + random.nextInt(8)) + "55-" + digits(4);
            case 4 -> "+1-" + (2 + random.nextInt(8)) + "02-" + (2 + random.nextInt(8)) + "55-" + digits(4);
            case 5 -> "030 " + nonZero(7);
            default -> "+49 171 " + nonZero(7);
        };
    }

    private String card() {
        String prefix = CARD_PREFIXES.get(random.nextInt(CARD_PREFIXES.size()));
        String body = prefix + digits(15 - prefix.length());
        int sum = 0;
        for (int i = 0; i < body.length(); i++) {
            int digit = body.charAt(body.length() - 1 - i) - '0';
            int weighted = i % 2 == 0 ? 2 * digit : digit;
            sum += weighted / 10 + weighted % 10;
        }
        return (body + (10 - sum % 10) % 10).replaceAll("(.{4})(?=.)", "$1" + pick("", " ", "-"));
    }

    private String iban() {
        String country = IBAN_LENGTHS.get(random.nextInt(IBAN_LENGTHS.size()));
        String code = country.substring(0, 2);
        String account = digits(Integer.parseInt(country.substring(2)) - 4);
        StringBuilder number = new StringBuilder(account);
        (code + "00").chars().forEach(letter -> number.append(Character.digit(letter, 36)));
        int check = 98
                - new BigInteger(number.toString()).mod(BigInteger.valueOf(97)).intValue();
        String iban = code + "%02d".formatted(check) + account;
        return random.nextInt(2) == 0 ? iban : iban.replaceAll("(.{4})(?=.)", "$1 ");
    }

    private String residentNumber() {
        String body = "%02d%02d%02d".formatted(50 + random.nextInt(50), 1 + random.nextInt(12), 1 + random.nextInt(28))
                + (1 + random.nextInt(2))
                + digits(5);
        int sum = 0;
        for (int i = 0; i < 12; i++) {
            sum += (i % 8 + 2) * (body.charAt(i) - '0');
        }
        return body.substring(0, 6) + "-" + body.substring(6) + (11 - sum % 11) % 10;
    }

    private String nonZero(int length) {
        return (1 + random.nextInt(9)) + digits(length - 1);
    }

    private String digits(int length) {
        return letters(length, DIGITS);
    }

    private String hex(int length) {
        return "a" + letters(length - 1, "0123456789abcdef");
    }

    private String letters(int length, String alphabet) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < length; i++) {
            letters.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return letters.toString();
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
