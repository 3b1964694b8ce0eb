package io.rootstock.corpus.privacy;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;

/** Random personal data of one kind, in the forms in which it is written. */
final class PlantedItem {
    private static final String ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final List<String> IBANS = List.of("DE", "FR", "GB", "NL", "ES", "CH", "NO");
    private static final List<Integer> IBAN_LENGTHS = List.of(22, 27, 22, 18, 24, 21, 15);

    private final Random random;

    PlantedItem(Random random) {
        this.random = random;
    }

    String next(PiiKind kind) {
        return switch (kind) {
            case EMAIL -> email();
            case PHONE -> phone();
            case IP_ADDRESS -> random.nextInt(4) == 0 ? ipv6() : ipv4();
            case CREDIT_CARD -> card();
            case IBAN -> iban();
            case KOREAN_RESIDENT_NUMBER -> residentNumber();
            case API_KEY -> apiKey();
            case JWT ->
                "eyJ" + token(20 + random.nextInt(30)) + ".eyJ" + token(30 + random.nextInt(200)) + "." + token(43);
            case PRIVATE_KEY -> privateKey();
            case SECRET -> token(16 + random.nextInt(24)) + "7a9B" + digits(2);
        };
    }

    /** Text directly before an item: for secrets, the name that the value is assigned to. */
    String before(PiiKind kind) {
        return kind == PiiKind.SECRET
                ? pick("password=", "api_key: \"", "SECRET_TOKEN = '", "\"access-token\": \"", "client_secret=")
                : pick(" ", "\n", "\"", "(", ": ", "은 ", "는", "<", "\t", ", ");
    }

    String after() {
        return pick(" ", "\n", "\"", ")", ", ", ".\n", "입니다", ";", ">", "</a>");
    }

    private String email() {
        String local = pick("jane.doe", "kim_minsu", "max-mustermann", "o.neill+news", "x", "info2", "a.b.c.d", "JDoe");
        String domain = pick("example.com", "mail.example.co.kr", "naver.com", "web.de", "sub.domain.museum", "x.io");
        return local + (random.nextBoolean() ? digits(1 + random.nextInt(4)) : "") + "@" + domain;
    }

    private String phone() {
        String dash = pick("-", " ", ".");
        String american = (2 + random.nextInt(8)) + "" + random.nextInt(9) + digits(1) + "|" + (2 + random.nextInt(8))
                + digits(2) + "|" + digits(4);
        String[] parts = american.split("\\|", -1);
        return switch (random.nextInt(14)) {
            case 0 -> "010" + dash + fixed(4) + dash + digits(4);
            case 1 -> "010" + digits(8);
            case 2 -> "+82" + dash + "10" + dash + fixed(4) + dash + digits(4);
            case 3 -> "+82 (0)10-" + digits(4) + "-" + digits(4);
            case 4 -> pick("02", "031", "051", "070") + "-" + digits(3 + random.nextInt(2)) + "-" + digits(4);
            case 5 -> "(02) " + digits(3 + random.nextInt(2)) + "-" + digits(4);
            case 6 -> String.join(dash, parts);
            case 7 -> "(" + parts[0] + ") " + parts[1] + "-" + parts[2];
            case 8 -> "+1" + pick(" ", "-") + "(" + parts[0] + ") " + parts[1] + "-" + parts[2];
            case 9 -> "+1" + parts[0] + parts[1] + parts[2];
            case 10 -> pick("030", "089", "0221", "0171", "0151") + pick(" ", "/", "-", " / ") + fixed(7);
            case 11 -> pick("030", "089") + pick(" ", "/") + fixed(2) + " " + digits(2) + " " + digits(2);
            case 12 -> "+49 " + pick("30", "171", "221") + " " + fixed(7);
            default -> pick("0049", "0044") + " " + fixed(3) + " " + digits(6);
        };
    }

    private String ipv4() {
        int first = 32 + random.nextInt(68);
        return first + "." + random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256);
    }

    private String ipv6() {
        String first = Integer.toHexString(0x2000 + random.nextInt(0x2000));
        StringBuilder address = new StringBuilder(first);
        int groups = 8;
        if (random.nextBoolean()) {
            groups = 3 + random.nextInt(4);
        }
        int gap = groups == 8 ? -1 : 1 + random.nextInt(groups - 1);
        for (int group = 1; group < groups; group++) {
            address.append(group == gap ? "::" : ":").append(Integer.toHexString(random.nextInt(0x10000)));
        }
        return address.toString();
    }

    private String card() {
        String prefix = pick("4", "51", "55", "2221", "6011", "34", "37", "3530", "62");
        int length = prefix.startsWith("34") || prefix.startsWith("37") ? 15 : 16;
        String body = prefix + digits(length - 1 - prefix.length());
        String number = body + luhn(body);
        String separator = pick("", " ", "-");
        return length == 15
                ? number.substring(0, 4) + separator + number.substring(4, 10) + separator + number.substring(10)
                : number.replaceAll("(.{4})(?=.)", "$1" + separator);
    }

    private static int luhn(String body) {
        int sum = 0;
        for (int index = 0; index < body.length(); index++) {
            int digit = body.charAt(body.length() - 1 - index) - '0';
            int doubled = index % 2 == 0 ? digit * 2 : digit;
            sum += doubled / 10 + doubled % 10;
        }
        return (10 - sum % 10) % 10;
    }

    private String iban() {
        int country = random.nextInt(IBANS.size());
        String code = IBANS.get(country);
        String account = (code.equals("GB") || code.equals("NL") ? "ABNA" : "")
                + digits(IBAN_LENGTHS.get(country) - 4 - (code.equals("GB") || code.equals("NL") ? 4 : 0));
        StringBuilder number = new StringBuilder();
        for (char character : (account + code + "00").toCharArray()) {
            number.append(Character.digit(character, 36));
        }
        int check = 98
                - new BigInteger(number.toString()).mod(BigInteger.valueOf(97)).intValue();
        String iban = code + "%02d".formatted(check) + account;
        return random.nextBoolean() ? iban : iban.replaceAll("(.{4})(?=.)", "$1 ");
    }

    private String residentNumber() {
        boolean recent = random.nextInt(4) == 0;
        int year = recent ? 21 + random.nextInt(5) : 50 + random.nextInt(50);
        String date = "%02d%02d%02d".formatted(year, 1 + random.nextInt(12), 1 + random.nextInt(28));
        String body = date + (recent ? pick("3", "4", "7", "8") : pick("1", "2", "5", "6")) + digits(5);
        if (recent) {
            return body.substring(0, 6) + pick("-", "") + body.substring(6) + digits(1);
        }
        int sum = 0;
        for (int index = 0; index < 12; index++) {
            sum += (index % 8 + 2) * (body.charAt(index) - '0');
        }
        boolean alien = body.charAt(6) >= '5';
        int check = ((alien ? 13 : 11) - sum % 11) % 10;
        return body.substring(0, 6) + pick("-", "") + body.substring(6) + check;
    }

    private String apiKey() {
        return switch (random.nextInt(8)) {
            case 0 -> "AKIA" + letters(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
            case 1 -> pick("ghp_", "gho_", "ghs_") + letters(36, ALPHANUMERIC);
            case 2 -> "github_pat_" + letters(22, ALPHANUMERIC) + "_" + letters(59, ALPHANUMERIC);
            case 3 -> "sk-" + letters(45, ALPHANUMERIC) + "aB7";
            case 4 -> "sk-proj-" + letters(60, ALPHANUMERIC + "_-") + "aB7";
            case 5 -> pick("xoxb-", "xoxp-") + digits(12) + "-" + digits(12) + "-" + letters(24, ALPHANUMERIC);
            case 6 -> "AIza" + letters(35, ALPHANUMERIC);
            default -> pick("sk_live_", "sk_test_") + letters(24, ALPHANUMERIC);
        };
    }

    private String privateKey() {
        String type = pick("RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", "");
        StringBuilder key = new StringBuilder("-----BEGIN " + type + "PRIVATE KEY-----\n");
        for (int line = 0; line < 3 + random.nextInt(20); line++) {
            key.append(letters(64, ALPHANUMERIC + "+/")).append('\n');
        }
        return key + letters(30, ALPHANUMERIC) + "==\n-----END " + type + "PRIVATE KEY-----";
    }

    private String token(int length) {
        return letters(length, ALPHANUMERIC);
    }

    /** Digits of which the first is not 0. */
    private String fixed(int length) {
        return (1 + random.nextInt(9)) + digits(length - 1);
    }

    private String digits(int length) {
        return letters(length, "0123456789");
    }

    private String letters(int length, String alphabet) {
        StringBuilder letters = new StringBuilder();
        for (int index = 0; index < length; index++) {
            letters.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return letters.toString();
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
