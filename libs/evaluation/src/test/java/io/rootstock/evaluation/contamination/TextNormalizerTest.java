package io.rootstock.evaluation.contamination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextNormalizerTest {
    private static List<String> words(String text, int part) {
        List<String> words = new ArrayList<>();
        TextNormalizer normalizer = new TextNormalizer((letters, length) -> words.add(new String(letters, 0, length)));
        char[] characters = text.toCharArray();
        for (int from = 0; from < characters.length; from += part) {
            normalizer.add(characters, from, Math.min(characters.length, from + part));
        }
        normalizer.end();
        return words;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Don't PANIC, it's 42!            | don t panic it s 42
            "two  +\t2=4"                    | two 2 4
            ﬁne ①②³ Ｗｉｄｅ                    | fine 123 wide
            ÉCOLE                            | école
            İstanbul Straße                  | istanbul straße
            한국어, 띄어쓰기。다음            | 한국어 띄어쓰기 다음
            𝐁𝐨𝐥𝐝 𐐀                          | bold 𐐨
            a_b-c/d                          | a b c d
            """)
    void textBecomesWords(String text, String expected) {
        assertThat(words(text, 1)).containsExactly(expected.split(" "));
        assertThat(words(text, 1000)).containsExactly(expected.split(" "));
    }

    @Test
    void decomposedTextEqualsComposedText() {
        assertThat(words("e\u0301cole \u1112\u1161\u11ab\u1100\u116e\u11a8 A\u030angstrom", 1))
                .containsExactly("école", "한국", "ångstrom");
        assertThat(words("\u0301 x", 1)).containsExactly("x");
        assertThat(words("bad \ud800 surrogate", 2)).containsExactly("bad", "surrogate");
    }

    @Test
    void theBordersOfThePartsDoNotMatter() {
        Random random = new Random(3);
        String letters = "abcXYZ019 .,\u0301\u00e9\u1112\u1161\u11ab\u3131\u314f漢字かな\uff76\uff9e𝐁İ한글";
        int[] codePoints = letters.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 30_000; i++) {
            // Long stretches without ASCII separators also pass the limit of the buffer.
            boolean separated = i < 10_000;
            int next = codePoints[random.nextInt(codePoints.length)];
            text.appendCodePoint(separated || next > ',' ? next : 'x');
        }
        List<String> whole = words(text.toString(), text.length());
        assertThat(words(text.toString(), 1)).isEqualTo(whole);
        assertThat(words(text.toString(), 4095)).isEqualTo(whole);
    }

    @Test
    void aLongWordIsSplit() {
        assertThat(words("a".repeat(300) + " b", 7)).extracting(String::length).containsExactly(128, 128, 44, 1);
        assertThat(words("é".repeat(10_000), 7)).hasSize(79).allMatch(word -> word.length() <= 128);
        assertThat(words("a" + "\u0301".repeat(20_000), 7)).allMatch(word -> word.length() <= 128);
    }
}
