package io.rootstock.evaluation.metric.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The first two tests have the texts and values of T5's {@code metrics_test.py}. */
class AnswerMatchTest {
    @Test
    void aWordOfTwoHasTwoThirds() {
        AnswerMatch match = AnswerMatch.of("abd", List.of("abc abd", "$$$$"));
        assertThat(match.exact()).isZero();
        assertThat(100 * match.f1()).isCloseTo(66.67, within(0.005));
    }

    @Test
    void articlesPunctuationCaseAndSpaceDoNotCount() {
        assertThat(AnswerMatch.of("a big  Moose!", List.of("big moose", "hippo")))
                .isEqualTo(new AnswerMatch(1, 1));
        assertThat(AnswerMatch.of("correct2.2", List.of("correct2.1", "correct2.2")))
                .isEqualTo(new AnswerMatch(1, 1));
        assertThat(AnswerMatch.of("c", List.of("a", "b"))).isEqualTo(new AnswerMatch(0, 0));
        assertThat(AnswerMatch.normalize("`Needs\tA_LOT of the 'normalization'.\"‘"))
                .isEqualTo("needs alot of normalization‘");
    }

    @Test
    void repeatedWordsCountAsOftenAsInBoth() {
        assertThat(AnswerMatch.of("the cat cat dog", List.of("cat dog dog")).f1())
                .isCloseTo(2.0 / 3, within(1e-12));
    }

    @Test
    void anArticleBesideAMarkIsAWordAndBesideALetterIsNot() {
        assertThat(AnswerMatch.normalize("a\u0301 ant 가a a가 the²")).isEqualTo("\u0301 ant 가a a가 the²");
    }

    @Test
    void answersThatAreEmptyAfterNormalizationMatchEachOtherOnly() {
        assertThat(AnswerMatch.of("the", List.of("a."))).isEqualTo(new AnswerMatch(1, 1));
        assertThat(AnswerMatch.of("", List.of("word"))).isEqualTo(new AnswerMatch(0, 0));
    }

    @Test
    void koreanWordsAreCompared() {
        AnswerMatch match = AnswerMatch.of("서울 시청.", List.of("서울"));
        assertThat(match.exact()).isZero();
        assertThat(match.f1()).isCloseTo(2.0 / 3, within(1e-12));
    }

    @Test
    void refusesMissingReferences() {
        assertThatThrownBy(() -> AnswerMatch.of("a", List.of())).hasMessage("exact match needs at least one reference");
    }
}
