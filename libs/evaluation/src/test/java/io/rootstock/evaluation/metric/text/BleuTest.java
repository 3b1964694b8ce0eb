package io.rootstock.evaluation.metric.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values: sacreBLEU 2.6.0; the texts with two references are those of its {@code test_bleu.py}. */
class BleuTest {
    private static final List<String> TEXTS =
            List.of("The dog bit the man.", "It wasn't surprising.", "The man had just bitten him.");
    private static final List<List<String>> REFERENCES = List.of(
            List.of("The dog bit the man.", "The dog had bit the man."),
            List.of("It was not unexpected.", "No one was surprised."),
            List.of("The man bit him first.", "The man had bitten the dog."));

    @ParameterizedTest
    @CsvSource({
        "MTEVAL_13A, 48.530827009929865",
        "NONE, 49.19195660047277",
        "INTERNATIONAL, 43.91623493336995",
        "CHARACTER, 72.61064153440596"
    })
    void tokenizersHaveTheValuesOfSacreBleu(BleuTokenizer tokenizer, double expected) {
        assertThat(corpus(Bleu.DEFAULT.withTokenizer(tokenizer)).score()).isCloseTo(expected, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"1, 77.64837655275439", "2, 60.50312757020198", "4, 48.530827009929865", "8, 0"})
    void ordersHaveTheValuesOfSacreBleu(int order, double expected) {
        assertThat(corpus(Bleu.DEFAULT.withMaxOrder(order)).score()).isCloseTo(expected, within(1e-9));
    }

    @Test
    void smoothingHasTheValuesOfSacreBleu() {
        Bleu longer = Bleu.DEFAULT.withMaxOrder(8);
        assertThat(corpus(longer.withSmoothing(new BleuSmoothing.AddK(1))).score())
                .isCloseTo(54.35633711576949, within(1e-9));
        assertThat(corpus(longer.withSmoothing(new BleuSmoothing.None())).score())
                .isZero();
        List<String> reference = List.of("a b c x");
        assertThat(Bleu.DEFAULT.score("a b c d", reference)).isCloseTo(59.460355750136046, within(1e-9));
        assertThat(Bleu.DEFAULT.withSmoothing(new BleuSmoothing.Floor(0.1)).score("a b c d", reference))
                .isCloseTo(39.76353643835253, within(1e-9));
        assertThat(Bleu.DEFAULT.withSmoothing(new BleuSmoothing.None()).score("a b c d", reference))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 100", "1, 14.794015674776452", "2, 29.071536848410968"})
    void singleTextsWithTheEffectiveOrderHaveTheValuesOfSacreBleu(int row, double expected) {
        assertThat(Bleu.DEFAULT.withEffectiveOrder(true).score(TEXTS.get(row), REFERENCES.get(row)))
                .isCloseTo(expected, within(1e-9));
    }

    @Test
    void theEffectiveOrderEndsAtTheLengthOfTheText() {
        List<String> reference = List.of("a b");
        assertThat(Bleu.DEFAULT.score("a b", reference)).isZero();
        assertThat(Bleu.DEFAULT.withEffectiveOrder(true).score("a b", reference))
                .isCloseTo(100, within(1e-9));
    }

    @Test
    void koreanTextHasTheValuesOfSacreBleu() {
        assertThat(korean(Bleu.DEFAULT)).isCloseTo(25.846825824897277, within(1e-9));
        assertThat(korean(Bleu.DEFAULT.withTokenizer(BleuTokenizer.CHARACTER)))
                .isCloseTo(57.36949496708234, within(1e-9));
    }

    private static double korean(Bleu metric) {
        TextCorpus corpus = new TextCorpus(metric);
        corpus.add("고양이가 매트 위에 앉았다.", "고양이가 매트 위에 앉아 있다.");
        corpus.add("나는 어제 영화를 봤다", "나는 어제 재미있는 영화를 봤다.");
        return corpus.score();
    }

    @Test
    void signaturesNameEverySettingThatChangesTheScore() {
        assertThat(corpus(Bleu.DEFAULT).signature()).isEqualTo("nrefs:2|case:mixed|eff:no|tok:13a|smooth:exp");
        TextCorpus varying = corpus(Bleu.DEFAULT
                .withLowercase(true)
                .withEffectiveOrder(true)
                .withTokenizer(BleuTokenizer.INTERNATIONAL)
                .withSmoothing(new BleuSmoothing.Floor(0.1))
                .withMaxOrder(2));
        varying.add("one", "one");
        assertThat(varying.signature()).isEqualTo("nrefs:var|case:lc|eff:yes|tok:intl|smooth:floor[0.10]|order:2");
        assertThat(new BleuSmoothing.AddK(1).label()).isEqualTo("add-k[1.00]");
        assertThat(new BleuSmoothing.None().label()).isEqualTo("none");
    }

    @Test
    void statisticsHoldTheNearestAndShorterReference() {
        double[] statistics = Bleu.DEFAULT.withMaxOrder(1).statistics("a b c", List.of("a b c d", "b b"));
        assertThat(statistics).containsExactly(3, 2, 3, 3);
    }

    @Test
    void tokenizesAsMteval13a() {
        assertThat(BleuTokenizer.MTEVAL_13A.tokens("Er sagte: \"3-mal, 1,000.50 & mehr.\" (Ja)"))
                .containsExactly(
                        "Er",
                        "sagte",
                        ":",
                        "\"",
                        "3",
                        "-",
                        "mal",
                        ",",
                        "1,000.50",
                        "&",
                        "mehr",
                        ".",
                        "\"",
                        "(",
                        "Ja",
                        ")");
    }

    @Test
    void internationalKeepsThePointAfterALastNumberAsMteval14() {
        assertThat(BleuTokenizer.INTERNATIONAL.tokens("„Ja“ 5€, 1.000. im Jahr 2016."))
                .containsExactly("„", "Ja", "“", "5", "€", ",", "1.000", ".", "im", "Jahr", "2016.");
    }

    @Test
    void refusesSettingsOutOfRangeAndMissingReferences() {
        assertThatThrownBy(() -> Bleu.DEFAULT.withMaxOrder(0)).hasMessage("BLEU order 0 is not between 1 and 16");
        assertThatThrownBy(() -> Bleu.DEFAULT.statistics("a", List.of()))
                .hasMessage("BLEU needs at least one reference");
        assertThatThrownBy(() -> new BleuSmoothing.Floor(0)).hasMessage("BLEU smoothing value 0.0 is not above 0");
        assertThatThrownBy(() -> new BleuSmoothing.AddK(Double.NaN))
                .hasMessage("BLEU smoothing value NaN is not above 0");
    }

    private static TextCorpus corpus(Bleu metric) {
        TextCorpus corpus = new TextCorpus(metric);
        for (int row = 0; row < TEXTS.size(); row++) {
            double[] _ = corpus.add(TEXTS.get(row), REFERENCES.get(row));
        }
        return corpus;
    }
}
