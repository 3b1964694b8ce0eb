package io.rootstock.evaluation.metric.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values: sacreBLEU 2.6.0; the texts are those of the chrF card of Hugging Face's {@code evaluate}. */
class ChrfTest {
    private static final List<String> TEXTS = List.of(
            "The relationship between cats and dogs is not exactly friendly.",
            "a good bookshop is just a genteel black hole that knows how to read.");
    private static final List<String> REFERENCES = List.of(
            "The relationship between dogs and cats is not exactly friendly.",
            "A good bookshop is just a genteel Black Hole that knows how to read.");

    @ParameterizedTest
    @CsvSource({
        "0, false, false, false, 84.64214891738334",
        "2, false, false, false, 82.87263732906315",
        "2, true, false, false, 92.12853119829202",
        "0, false, true, false, 89.22668669669358",
        "0, false, false, true, 84.64214891738335"
    })
    void variantsHaveTheValuesOfSacreBleu(
            int wordOrder, boolean lowercase, boolean whitespace, boolean epsilon, double expected) {
        TextCorpus corpus = new TextCorpus(new Chrf(6, wordOrder, 2, lowercase, whitespace, epsilon));
        for (int row = 0; row < TEXTS.size(); row++) {
            corpus.add(TEXTS.get(row), REFERENCES.get(row));
        }
        assertThat(corpus.score()).isCloseTo(expected, within(1e-9));
    }

    @Test
    void shortEqualTextsScore100WithTheEffectiveOrderOnly() {
        List<String> reference = List.of("abc");
        assertThat(new Chrf(6, 0, 3, false, false, false).score("a b c", reference))
                .isCloseTo(100, within(1e-9));
        assertThat(new Chrf(6, 0, 3, false, false, true).score("a b c", reference))
                .isCloseTo(50, within(1e-9));
    }

    @Test
    void aTextCountsTheReferenceWithWhichItScoresHighest() {
        TextCorpus corpus = new TextCorpus(Chrf.DEFAULT);
        double[] _ = corpus.add("The dog bit the man.", List.of("The dog bit the man.", "The dog had bit the man."));
        double[] _ = corpus.add("It wasn't surprising.", List.of("It was not unexpected.", "No one was surprised."));
        double[] _ = corpus.add(
                "The man had just bitten him.", List.of("The man bit him first.", "The man had bitten the dog."));
        assertThat(corpus.score()).isCloseTo(59.72751782684763, within(1e-9));
        assertThat(Chrf.DEFAULT.score("kitten", List.of("dog", "kitten", "sitting")))
                .isCloseTo(100, within(1e-9));
    }

    @Test
    void koreanTextHasTheValuesOfSacreBleu() {
        TextCorpus plain = new TextCorpus(Chrf.DEFAULT);
        TextCorpus words = new TextCorpus(Chrf.PLUS_PLUS);
        for (TextCorpus corpus : List.of(plain, words)) {
            corpus.add("고양이가 매트 위에 앉았다.", "고양이가 매트 위에 앉아 있다.");
            corpus.add("나는 어제 영화를 봤다", "나는 어제 재미있는 영화를 봤다.");
        }
        assertThat(plain.score()).isCloseTo(50.73251986650102, within(1e-9));
        assertThat(words.score()).isCloseTo(52.142562747905345, within(1e-9));
    }

    @Test
    void namesAndSignaturesStateTheVariant() {
        assertThat(Chrf.DEFAULT.name()).isEqualTo("chrF2");
        assertThat(Chrf.PLUS_PLUS.name()).isEqualTo("chrF2++");
        assertThat(Chrf.PLUS_PLUS.signature("1")).isEqualTo("nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no");
        assertThat(new Chrf(6, 0, 3, true, true, true).signature("var"))
                .isEqualTo("nrefs:var|case:lc|eff:no|nc:6|nw:0|space:yes|beta:3");
    }

    @Test
    void refusesSettingsOutOfRangeAndMissingReferences() {
        assertThatThrownBy(() -> Chrf.DEFAULT.withWordOrder(17))
                .hasMessage("chrF orders 6 and 17 are not between 0 and 16");
        assertThatThrownBy(() -> new Chrf(0, 0, 2, false, false, false))
                .hasMessage("chrF needs a character or word order above 0");
        assertThatThrownBy(() -> new Chrf(6, 0, 0, false, false, false))
                .hasMessage("chrF beta 0 is not between 1 and 16");
        assertThatThrownBy(() -> Chrf.DEFAULT.statistics("a", List.of()))
                .hasMessage("chrF needs at least one reference");
    }
}
