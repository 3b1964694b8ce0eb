package io.rootstock.evaluation.metric.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values: sacreBLEU 2.6.0, {@code corpus_bleu} and {@code corpus_chrf} with word order 2. */
class TextCorpusTest {
    private static final List<String> TEXTS = List.of(
            "the cat sat on the mat .",
            "Ein Mann (mit Hut) fährt 3-mal, sagt er: \"ja\".",
            "a dog",
            "",
            "It costs 1,000.50 dollars & more");
    private static final List<String> REFERENCES = List.of(
            "the cat is sitting on the mat .",
            "Ein Mann mit Hut fährt dreimal, sagte er: \"Ja\".",
            "two dogs run in the grass .",
            "empty",
            "It cost 1,000.50 dollars &amp; more.");

    @Test
    void aCorpusHasTheValuesOfSacreBleu() {
        assertThat(bleu(TEXTS, REFERENCES)).isCloseTo(23.574395730319058, within(1e-9));
        assertThat(chrf(TEXTS, REFERENCES)).isCloseTo(46.04918492205792, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 42.38365628278778, 54.2551855194941",
        "1, 13.910732727119134, 51.90419364883403",
        "2, 0, 6.8758673552965455",
        "3, 0, 0",
        "4, 45.48019047027906, 58.41409127869689"
    })
    void aSingleTextHasTheValuesOfSacreBleu(int row, double bleu, double chrf) {
        List<String> text = List.of(TEXTS.get(row));
        List<String> reference = List.of(REFERENCES.get(row));
        assertThat(bleu(text, reference)).isCloseTo(bleu, within(1e-9));
        assertThat(chrf(text, reference)).isCloseTo(chrf, within(1e-9));
    }

    @Test
    void equalTextsHave100AndOtherScriptsCountCodePoints() {
        List<String> fox = List.of("The quick brown fox");
        assertThat(bleu(fox, fox)).isCloseTo(100, within(1e-9));
        assertThat(chrf(fox, fox)).isCloseTo(100, within(1e-9));
        assertThat(chrf(List.of("naïve 日本語 text"), List.of("naïve 日本 text here")))
                .isCloseTo(43.335452981218566, within(1e-9));
    }

    @Test
    void emptyCorporaHaveNoMatches() {
        assertThat(bleu(List.of(), List.of())).isZero();
        assertThat(chrf(List.of(), List.of())).isZero();
    }

    private static double bleu(List<String> texts, List<String> references) {
        return score(Bleu.DEFAULT, texts, references);
    }

    private static double chrf(List<String> texts, List<String> references) {
        return score(Chrf.PLUS_PLUS, texts, references);
    }

    private static double score(TextMetric metric, List<String> texts, List<String> references) {
        TextCorpus corpus = new TextCorpus(metric);
        for (int i = 0; i < texts.size(); i++) {
            corpus.add(texts.get(i), references.get(i));
        }
        assertThat(corpus.rows()).isEqualTo(texts.size());
        return corpus.score();
    }
}
