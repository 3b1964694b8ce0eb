package io.rootstock.bench.data.cleaning;

import io.rootstock.bench.BenchmarkData;
import io.rootstock.bench.data.PersonalData;
import io.rootstock.corpus.privacy.PiiKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;

/** Writes documents that are junk as a whole. */
final class JunkText {
    private static final List<String> GOODS = List.of(
            "hotels", "flights", "insurance", "shoes", "loans", "casino", "watches", "laptops", "tickets", "vitamins");
    private static final List<String> PRAISE =
            List.of("cheap", "best", "buy", "free", "discount", "online", "top 10", "official", "new 2026", "compare");
    private static final List<String> PLACES =
            List.of("london", "paris", "berlin", "new york", "seoul", "madrid", "rome", "sydney", "near me");
    private static final List<String> SEPARATORS = List.of(", ", " | ", " / ", "; ", " # ");
    private static final List<String> SYMBOLS = List.of("=", "-", "*", "#", "~", "_", ".", "+", "|", "<>", "=-", "/\\");
    private static final List<String> FIRST_NAMES = List.of("Anna", "James", "Min-su", "Clara", "Oliver", "Sofia");
    private static final List<String> LAST_NAMES = List.of("Fischer", "Walker", "Kim", "Moreau", "Novak", "Hughes");
    private static final List<PiiKind> PERSONAL =
            List.of(PiiKind.EMAIL, PiiKind.PHONE, PiiKind.IBAN, PiiKind.CREDIT_CARD, PiiKind.IP_ADDRESS);

    private final SplittableRandom random;
    private final PersonalData personal;
    private final List<String> german;
    private final List<String> korean;

    JunkText(SplittableRandom random, List<String> german, List<String> korean) {
        this.random = random;
        this.personal = new PersonalData(random.split());
        this.german = german;
        this.korean = korean;
    }

    /** Reads the lines of other languages from the bench data. */
    static JunkText read(SplittableRandom random) throws IOException {
        try (InputStream input =
                new GZIPInputStream(Files.newInputStream(BenchmarkData.file("evaluation/translation/train.de.gz")))) {
            List<String> german = new String(input.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            List<String> korean = Files.readAllLines(BenchmarkData.file("evaluation/korean/nsmc-test.tsv")).stream()
                    .skip(1)
                    .map(line -> line.split("\t", -1)[1])
                    .toList();
            return new JunkText(random, german, korean);
        }
    }

    /** Returns lists of searched words, or lines of symbols with prices. */
    String keywords() {
        List<String> lines = new ArrayList<>();
        int count = random.nextInt(6, 20);
        if (random.nextInt(3) == 0) {
            for (int line = 0; line < count; line++) {
                lines.add(pick(SYMBOLS).repeat(random.nextInt(10, 60))
                        + (random.nextBoolean() ? " " + random.nextInt(1, 1000) + ".99 $" : ""));
            }
            return String.join("\n", lines);
        }
        String separator = pick(SEPARATORS);
        for (int line = 0; line < count; line++) {
            List<String> words = new ArrayList<>();
            for (int word = random.nextInt(4, 12); word > 0; word--) {
                words.add(pick(PRAISE) + " " + pick(GOODS) + (random.nextBoolean() ? " " + pick(PLACES) : ""));
            }
            lines.add(String.join(separator, words));
        }
        return String.join("\n", lines);
    }

    /** Returns words of random letters. */
    String letters() {
        StringBuilder text = new StringBuilder();
        for (int word = random.nextInt(100, 300); word > 0; word--) {
            for (int letter = random.nextInt(2, 12); letter > 0; letter--) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            text.append(word > 1 ? random.nextInt(12) == 0 ? '\n' : ' ' : '.');
        }
        return text.toString();
    }

    /** Returns German or Korean lines. */
    String otherLanguage() {
        List<String> pool = random.nextBoolean() ? german : korean;
        List<String> lines = new ArrayList<>();
        for (int line = random.nextInt(8, 25); line > 0; line--) {
            lines.add(pick(pool));
        }
        return String.join("\n", lines);
    }

    /** Returns a text of another language whose UTF-8 was read as windows-1252. */
    String misread() {
        return Mojibake.misread(otherLanguage());
    }

    /** Returns a list of persons with their data. */
    String personalData() {
        List<String> lines = new ArrayList<>();
        for (int line = random.nextInt(8, 25); line > 0; line--) {
            List<String> fields = new ArrayList<>(List.of(pick(FIRST_NAMES) + " " + pick(LAST_NAMES)));
            for (int field = random.nextInt(1, 4); field > 0; field--) {
                fields.add(personal.next(pick(PERSONAL)));
            }
            lines.add(String.join(", ", fields));
        }
        return String.join("\n", lines);
    }

    /**
     * Returns a copy in which a range of 2 to 9 % of the words is another text's: a Jaccard similarity of five-word sets of
     * about 0.8 to 0.95.
     */
    String edited(String text, String other) {
        String[] words = text.split("(?<=\\s)", -1);
        String[] others = other.split("(?<=\\s)", -1);
        int range = Math.clamp(Math.round(words.length * random.nextDouble(0.02, 0.09)), 1, others.length);
        int at = random.nextInt(words.length - Math.min(range, words.length) + 1);
        int from = random.nextInt(others.length - range + 1);
        return String.join("", Arrays.copyOfRange(words, 0, at))
                + String.join("", Arrays.copyOfRange(others, from, from + range))
                + String.join("", Arrays.copyOfRange(words, Math.min(words.length, at + range), words.length));
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
