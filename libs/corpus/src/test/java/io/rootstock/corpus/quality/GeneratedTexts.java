package io.rootstock.corpus.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random documents from few words, so that words, lines, paragraphs and n-grams repeat. */
final class GeneratedTexts {
    private static final List<String> WORDS = List.of(
            "the",
            "be",
            "to",
            "of",
            "and",
            "that",
            "have",
            "with",
            "river",
            "mountain",
            "walked",
            "don't",
            "it’s",
            "J.",
            "A.",
            "3.14",
            "1,000",
            "snake_case",
            "사람은",
            "걸어간다",
            "학교에",
            "漢字",
            "ひらがな",
            "カタカナ",
            "café",
            "naïve",
            "😀",
            "•",
            "-",
            "#",
            "##",
            "...",
            "…",
            "--",
            "{",
            "[1]",
            "[edit]",
            "[citation needed]",
            "[x]",
            "javascript",
            "JavaScript",
            "lorem ipsum",
            "terms of use",
            "Cookie Policy",
            "uses cookies",
            "_",
            "'",
            "’s",
            "１",
            "٣",
            "e\u0301",
            "\u200b",
            "x".repeat(12));
    private static final List<String> SPACES =
            List.of(" ", " ", " ", " ", " ", " ", "  ", "\t", "\u00a0", "\u3000", "\u001f", "");
    private static final List<String> ENDINGS = List.of(
            ".", ".", ".", "!", "?", "\"", "'", "...", "…", "。", "！", ".)", "?”", "", "", " ", ",", ":", "؟", ". ");
    private static final List<String> BREAKS = List.of(
            "\n", "\n", "\n", "\n", "\n\n", "\n\n", "\n\n\n", "\r\n", "\r", "\u000b", "\u0085", "\u2028", "\n \n", "");

    private GeneratedTexts() {}

    static String next(Random random) {
        int vocabulary = 1 + random.nextInt(WORDS.size());
        List<String> lines = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int count = random.nextInt(25);
        for (int line = 0; line < count; line++) {
            if (!lines.isEmpty() && random.nextInt(6) == 0) {
                text.append(lines.get(random.nextInt(lines.size())));
            } else {
                StringBuilder fresh = new StringBuilder();
                int words = random.nextInt(20);
                for (int word = 0; word < words; word++) {
                    int index = random.nextBoolean() ? random.nextInt(vocabulary) : random.nextInt(16);
                    fresh.append(WORDS.get(index)).append(SPACES.get(random.nextInt(SPACES.size())));
                }
                fresh.append(ENDINGS.get(random.nextInt(ENDINGS.size())));
                lines.add(fresh.toString());
                text.append(fresh);
            }
            text.append(BREAKS.get(random.nextInt(BREAKS.size())));
        }
        return text.toString();
    }
}
