package io.rootstock.corpus.duplicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.corpus.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MinHashTest {
    private static final MinHashParameters PARAMETERS = MinHashParameters.FINEWEB;

    private final MinHash minHash = new MinHash(PARAMETERS);

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 6, 1016, 1017, 1020, 1021, 1022, 1024, 1025, 2041, 5000})
    void equalsTheDefinitionForAnyNumberOfWords(int words) {
        assertEqualsDefinition(text(new Random(words), words), PARAMETERS);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 5, 2", "20, 6, 13", "7, 3, 32"})
    void equalsTheDefinitionForAnyParameters(int bands, int rows, int ngram) {
        MinHashParameters parameters = new MinHashParameters(bands, rows, ngram);
        for (int words : new int[] {1, ngram, ngram + 1, 3000}) {
            assertEqualsDefinition(text(new Random(words), words), parameters);
        }
    }

    @Test
    void equalsTheDefinitionOnAllCharacters() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 300; i++) {
                int codePoint = random.nextInt(
                        switch (round % 4) {
                            case 0 -> 0x80;
                            case 1 -> 0x800;
                            case 2 -> 0x10000;
                            default -> 0x110000;
                        });
                text.appendCodePoint(codePoint >= 0xD800 && codePoint < 0xE000 ? ' ' : codePoint);
            }
            if (!NaiveMinHash.words(text.toString()).isEmpty()) {
                assertEqualsDefinition(text.toString(), PARAMETERS);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"The quick, brown FOX: jumps!", "the\nquick brown\tfox jumps", "(the) quick-brown fox jumps"})
    void caseAndPunctuationDoNotCount(String text) {
        assertThat(sign(text)).isEqualTo(sign("the quick brown fox jumps"));
    }

    @Test
    void koreanIsComparedByCharactersWhateverItsSpaces() {
        assertThat(sign("대한민국의 주권은 국민에게 있다")).isEqualTo(sign("대한민국의주권은 국민에게있다"));
        assertThat(NaiveMinHash.words("국민이 ABC다")).containsExactly("국", "민", "이", "abc", "다");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n\t", "... !?", "\uFFFD"})
    void aTextWithoutWordsHasNoSignature(String text) {
        assertThat(minHash.sign(Text.of(text), new long[PARAMETERS.lanes()])).isFalse();
    }

    @Test
    void theShareOfEqualLanesEstimatesTheJaccardSimilarity() {
        MinHashParameters many = new MinHashParameters(64, 16, 5);
        for (double kept : new double[] {0.3, 0.6, 0.9}) {
            Random random = new Random(3);
            List<String> words = words(random, 2000);
            List<String> changed = new ArrayList<>(words);
            Collections.fill(changed.subList((int) (2000 * kept), 2000), "x");
            String first = String.join(" ", words);
            String second = String.join(" ", changed);
            double estimate = MinHash.similarity(sign(first, many), sign(second, many));
            assertThat(estimate).isCloseTo(NaiveMinHash.jaccard(first, second, 5), within(0.05));
        }
    }

    /** 14 bands of 8 rows: 1 - (1 - s^8)^14. Standard error of 1,000 pairs: at most 0.016. */
    @ParameterizedTest
    @CsvSource({"0.60", "0.70", "0.80", "0.90"})
    void pairsShareABandWithTheProbabilityOfTheFormula(double similarity) {
        int pairs = 1000;
        int words = 400;
        int common = (int) Math.round(2 * words * similarity / (1 + similarity));
        Random random = new Random(11);
        int found = 0;
        double sum = 0;
        for (int i = 0; i < pairs; i++) {
            List<String> shared = words(random, common);
            String first = String.join(" ", shared) + " " + String.join(" ", words(random, words - common));
            String second = String.join(" ", shared) + " " + String.join(" ", words(random, words - common));
            double s = NaiveMinHash.jaccard(first, second, 5);
            sum += 1 - Math.pow(1 - Math.pow(s, 8), 14);
            found += shareABand(sign(first), sign(second)) ? 1 : 0;
        }
        assertThat((double) found / pairs).isCloseTo(sum / pairs, within(0.05));
    }

    @Test
    void bandsOfOneSignatureDiffer() {
        long[] lanes = new long[PARAMETERS.lanes()];
        long[] bands = new long[PARAMETERS.bands()];
        minHash.bands(lanes, bands);
        assertThat(bands).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"0, 8, 5, bands is 0", "257, 8, 5, bands is 257", "14, 65, 5, rows is 65", "14, 8, 33, ngram is 33"})
    void parametersOutOfRangeAreRefused(int bands, int rows, int ngram, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MinHashParameters(bands, rows, ngram))
                .withMessageContaining(message);
    }

    @Test
    void signaturesOfDifferentParametersAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MinHash.similarity(new long[112], new long[128]))
                .withMessageContaining("112 and 128 lanes");
    }

    private static void assertEqualsDefinition(String text, MinHashParameters parameters) {
        assertThat(sign(text, parameters)).isEqualTo(NaiveMinHash.sign(text, parameters));
    }

    private static boolean shareABand(long[] first, long[] second) {
        MinHash minHash = new MinHash(PARAMETERS);
        long[] bands = new long[PARAMETERS.bands()];
        long[] others = new long[PARAMETERS.bands()];
        minHash.bands(first, bands);
        minHash.bands(second, others);
        for (int i = 0; i < bands.length; i++) {
            if (bands[i] == others[i]) {
                return true;
            }
        }
        return false;
    }

    private static long[] sign(String text) {
        return sign(text, PARAMETERS);
    }

    private static long[] sign(String text, MinHashParameters parameters) {
        long[] lanes = new long[parameters.lanes()];
        assertThat(new MinHash(parameters).sign(Text.of(text), lanes)).isTrue();
        return lanes;
    }

    private static String text(Random random, int words) {
        return String.join(" ", words(random, words));
    }

    private static List<String> words(Random random, int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add("w" + random.nextInt(100_000));
        }
        return words;
    }
}
