package io.rootstock.evaluation.metric.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random texts and their values of ROUGE-1.5.5 are those of rouge-score's {@code rouge_scorer_test.py}. */
class RougeTest {
    private static final List<String> REFERENCES = List.of(
            "ZfbCUIUuePaiLVUlCaUXxkpu XPeWing tUHfPMuZ',-Xd Y BrUgVJing M-HV.-DgdDaY.rFDJCRing Ht-LM "
                    + "EKBDXkME,yz'RBr q'wtion wIojNbN wL,b .a-'XdQggyFl jB-RPP'iyOIcUxer tKM L",
            "KsJdPByEtAor fE-Qg Dpdbring cw-WeFyu vC MoBL Xdn g wkvcEiGvKtion BDFhrpMtion psing sbKao Q m "
                    + "qiing LMmer HqqLFXe,XPY,J XsurkMer ,ed nB'wH'bWVHjWFEing tQ.saefZwJtKrTlixYpMMsJing "
                    + "UCAPwNHeYVjDing c T BUySKtion gMPfJpwGw p'NvxAoping eu pBwMBKV'I DNxqelhu,PHPxDEq,mtion SN");
    private static final List<String> TEXTS = List.of(
            "rFDJCRtion Ht-LM EKtDXkME,yz'RBr q'wer wrojNbN wL,b .a-'XdQggyFl jB-RPP'iyOIcUxi",
            "n cw-WeFyu vC MoBL Xdn g wkvcEiGvKtion BDFhrpMer pstion sbKao Q m qier LMmed HqqLFXe,XPY,J XsurkMeo "
                    + ",ed nB'wH'bWVHjWFEer tQ.saefZwJtKrTlixYpMMNJtion UCAPwNHeYVjD");

    @ParameterizedTest
    @CsvSource({
        "rouge1, false, 0, 0.40741, 0.68750, 0.51163",
        "rouge1, false, 1, 0.40476, 0.65385, 0.50000",
        "rouge1, true, 0, 0.40741, 0.68750, 0.51163",
        "rouge1, true, 1, 0.42857, 0.69231, 0.52941",
        "rouge2, false, 0, 0.30769, 0.53333, 0.39024",
        "rouge2, false, 1, 0.29268, 0.48000, 0.36364",
        "rougeL, false, 0, 0.40741, 0.68750, 0.51163",
        "rougeL, true, 1, 0.42857, 0.69231, 0.52941"
    })
    void variantsHaveTheValuesOfRouge155(
            String variant, boolean stemming, int row, double recall, double precision, double f1) {
        RougeScore score = new Rouge(RougeVariant.of(variant), stemming).score(TEXTS.get(row), REFERENCES.get(row));
        assertThat(score.recall()).isCloseTo(recall, within(5e-6));
        assertThat(score.precision()).isCloseTo(precision, within(5e-6));
        assertThat(score.f1()).isCloseTo(f1, within(5e-6));
    }

    @Test
    void summariesCountTheUnionOfSubsequencesOfSentences() {
        Rouge summary = new Rouge(new RougeVariant.SummarySubsequence(), false);
        RougeScore union = summary.score("w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5", "w1 w2 w3 w4 w5");
        assertThat(union.recall()).isCloseTo(0.8, within(1e-12));
        assertThat(union.precision()).isCloseTo(0.4, within(1e-12));
        RougeScore two = summary.score("the dog sat\nthe cat ran fast", "the cat sat\nthe dog ran");
        assertThat(two.f1()).isCloseTo(0.923076923076923, within(1e-12));
        Rouge whole = new Rouge(new RougeVariant.LongestSubsequence(), false);
        assertThat(whole.score("the dog sat\nthe cat ran fast", "the cat sat\nthe dog ran")
                        .f1())
                .isCloseTo(0.6153846153846153, within(1e-12));
    }

    @Test
    void theReferenceWithTheHighestF1Counts() {
        List<String> references = List.of("first text", "first something");
        assertThat(new Rouge(RougeVariant.of("rouge1"), false)
                        .score("text first", references)
                        .f1())
                .isEqualTo(1);
        assertThat(new Rouge(RougeVariant.of("rougeL"), false)
                        .score("text first", references)
                        .f1())
                .isEqualTo(0.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rouge1", "rouge2", "rougeL", "rougeLsum"})
    void textWithoutTokensScores0(String variant) {
        Rouge rouge = new Rouge(RougeVariant.of(variant), true);
        assertThat(rouge.score("", "testing one two")).isEqualTo(RougeScore.ZERO);
        assertThat(rouge.score("고양이가 앉았다", "고양이가 앉았다").f1()).isZero();
        assertThat(rouge.score("", "").f1()).isZero();
    }

    @Test
    void tokensAreStemmedRunsOfAsciiLettersAndDigits() {
        assertThat(new Rouge(RougeVariant.of("rouge1"), true).tokens("Die Läufer's running: 3-mal, was, İstanbul K"))
                .containsExactly("die", "l", "ufer", "s", "run", "3", "mal", "was", "i", "stanbul", "k");
    }

    @Test
    void refusesUnknownVariantsMissingReferencesAndTooManyTokens() {
        assertThatThrownBy(() -> RougeVariant.of("rouge10"))
                .hasMessage("ROUGE variant \"rouge10\" not found; known: rouge1 to rouge9, rougeL, rougeLsum");
        assertThatThrownBy(() -> new RougeVariant.Ngram(0)).hasMessage("ROUGE n-gram length 0 is not between 1 and 9");
        Rouge rouge = new Rouge(RougeVariant.of("rougeL"), false);
        assertThatThrownBy(() -> rouge.score("a", List.of())).hasMessage("rougeL needs at least one reference");
        String tooLong = "a ".repeat(Rouge.MAX_TOKENS + 1);
        assertThatThrownBy(() -> rouge.score("a", tooLong))
                .hasMessage("rougeL of a text of 20001 tokens: at most 20000 are allowed");
        assertThatThrownBy(() -> new Rouge(RougeVariant.of("rougeLsum"), false).score(tooLong, "a"))
                .hasMessage("rougeLsum of a text of 20001 tokens: at most 20000 are allowed");
    }
}
