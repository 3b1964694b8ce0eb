package io.rootstock.corpus.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.corpus.unicode.Mojibake.Windows1252;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MojibakeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CafÃ© in MÃ¼nchen|Café in München",
                "donâ€™t â€œquoteâ€\u009D â€“ ok|don’t “quote” – ok",
                "ÃƒÂ©tÃƒÂ©|été",
                "Itâ\u0080\u0099s|It’s",
                "ðŸ˜€ smile|😀 smile",
                "ï»¿text|\uFEFFtext",
                "Ð¿Ñ€Ð¸Ð²ÐµÑ‚ Ð¼Ð¸Ñ€|привет мир",
                "ë¬¸ìž¥|문장",
                "æ—¥æœ¬èªž|日本語",
                "zaÅ¼Ã³Å‚Ä‡|zażółć",
                "5 km â‰ˆ 3 miles, â„¢|5 km ≈ 3 miles, ™",
                "20 Â°C|20 Â°C",
                "Itâ€™s 20 Â°C|It’s 20 °C",
                "costÂ£|cost£",
                "voilÃ\u00A0 une|voilà une"
            })
    void decodesMojibake(String broken, String text) {
        assertThat(Mojibake.repair(broken).text()).isEqualTo(text);
    }

    @Test
    void cleanSentencesOfManyLanguagesAreNotChanged() {
        assertThat(CleanText.SENTENCES).hasSizeGreaterThan(20);
        for (String sentence : CleanText.SENTENCES) {
            assertThat(Mojibake.repair(sentence)).isEqualTo(new Mojibake.Repair(sentence, 0));
            String upper = sentence.toUpperCase(java.util.Locale.ROOT);
            assertThat(Mojibake.repair(upper)).isEqualTo(new Mojibake.Repair(upper, 0));
        }
    }

    /**
     * Every letter of the languages, alone or at the end of a word, before every one and two signs, and three where bytes
     * of signs can continue a sequence of them, in every context that clean text has.
     */
    @Test
    void everyLetterBeforeEverySequenceOfSignsIsNotChanged() {
        List<String> changed = new ArrayList<>();
        for (char letter : CleanText.LETTERS.toCharArray()) {
            List<String> signs = signs(letter == '\u00F0');
            boolean upper = Character.isUpperCase(letter);
            for (String before : upper ? List.of("", "A", " ", "A\u00C9") : List.of("", "a", "A", " ", "\u00E9")) {
                for (String sign : signs) {
                    for (String after : List.of(upper ? "A" : "", " a", "")) {
                        String text = before + letter + sign + after;
                        if (Mojibake.repair(text).runs() > 0) {
                            changed.add(text);
                        }
                    }
                }
            }
        }
        assertThat(changed)
                .as("no language writes a euro sign between a letter and another sign, or begins a text with the mark")
                .allMatch(text -> text.contains("â€") || text.startsWith("ï»¿"));
    }

    private static List<String> signs(boolean all) {
        List<String> signs = new ArrayList<>();
        for (char first : CleanText.SIGNS.toCharArray()) {
            signs.add("" + first);
            for (char second : CleanText.SIGNS.toCharArray()) {
                signs.add("" + first + second);
                if (all || second == '\u00D7') {
                    for (char third : CleanText.SIGNS.toCharArray()) {
                        signs.add("" + first + second + third);
                    }
                }
            }
        }
        return signs;
    }

    @Test
    void sentencesAreRestoredAfterOneAndTwoRoundsOfDamage() {
        int restored = 0;
        for (String sentence : CleanText.SENTENCES) {
            String once = damage(sentence);
            assertThat(Mojibake.isPossible(once.getBytes(StandardCharsets.UTF_8)))
                    .isTrue();
            restored += Mojibake.repair(once).text().equals(sentence) ? 1 : 0;
            restored += Mojibake.repair(damage(once)).text().equals(sentence) ? 1 : 0;
        }
        assertThat(restored).isGreaterThanOrEqualTo(CleanText.SENTENCES.size() * 2 * 6 / 10);
    }

    @Test
    void textThatIsNotPossibleMojibakeIsNotExamined() {
        for (String sentence : CleanText.SENTENCES) {
            if (Mojibake.repair(damage(sentence)).runs() > 0) {
                assertThat(Mojibake.isPossible(damage(sentence).getBytes(StandardCharsets.UTF_8)))
                        .isTrue();
            }
        }
        assertThat(Mojibake.isPossible("모든 인간은 “x”".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        assertThat(Mojibake.isPossible("Das macht große Freude".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
    }

    private static String damage(String text) {
        StringBuilder damaged = new StringBuilder();
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            damaged.append(value >= 0 ? (char) value : Windows1252.decode(value & 0xFF));
        }
        return damaged.toString();
    }
}
