package io.rootstock.cli.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.cli.display.VisibleText;
import org.junit.jupiter.api.Test;

class RowTextTest {
    @Test
    void aRowHasItsPlaceAndTheLogProbabilityOfEachChoice() {
        assertThat(RowText.lines(Records.parsed(Records.WRONG)))
                .containsExactly(
                        "boolq row 12  core/boolq.jsonl:13  wrong",
                        "  -1.2500  'no'  prediction",
                        "  -2.5000  'yes\\u{1b}[2J'  gold");
    }

    @Test
    void aFlippedRowHasTheAnswersOfBothEvaluations() {
        assertThat(RowText.lines(Records.parsed(Records.CORRECT), "new", Records.parsed(Records.WRONG), "old"))
                .containsExactly(
                        "boolq row 12  core/boolq.jsonl:13",
                        "  new  correct",
                        "    -2.5000  'no'",
                        "    -1.2500  'yes\\u{1b}[2J'  gold, prediction",
                        "  old  wrong",
                        "    -1.2500  'no'  prediction",
                        "    -2.5000  'yes\\u{1b}[2J'  gold");
    }

    @Test
    void otherRowsHaveTheirTextsBytesOrTokens() {
        assertThat(RowText.lines(Records.parsed(Records.TRANSLATION)))
                .containsExactly(
                        "translation row 3  t/val.en:4", "  gold        'Ein Hund.'", "  prediction  'Eine Katze.'");
        assertThat(RowText.lines(Records.parsed(Records.DOCUMENT)))
                .containsExactly("bits row 0  d.jsonl:1", "  -27.7259  40 bytes, 8 words, 1.0000 bits per byte");
        assertThat(RowText.lines(Records.parsed(Records.CONTINUATION)))
                .containsExactly("lambada row 0  l.jsonl:1  wrong", "  -3.5000  2 tokens, not each the most probable");
    }

    @Test
    void manyChoicesAreCutButNotGoldAndPrediction() {
        StringBuilder choices = new StringBuilder();
        StringBuilder responses = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            choices.append(i == 0 ? "" : ",").append("\"c").append(i).append('"');
            responses
                    .append(i == 0 ? "" : ",")
                    .append("{\"logprob\":")
                    .append(i == 28 ? "null" : "-" + i)
                    .append(",\"greedy\":false,\"tokens\":1}");
        }
        String json = "{\"task\":\"many\",\"row\":0,\"file\":\"f\",\"line\":1,\"requests_sha256\":\"ab\",\"expected\":"
                + "{\"choices\":[" + choices + "],\"gold\":[28]},\"responses\":[" + responses
                + "],\"prediction\":29,\"scores\":{\"acc\":{\"value\":0.5,\"weight\":1.0}},\"correct\":false,"
                + "\"near_tie\":true}";
        assertThat(RowText.lines(Records.parsed(json)))
                .hasSize(24)
                .startsWith("many row 0  f:1  tie, counts 0.50  near tie", "  0.0000  'c0'")
                .endsWith("  -inf  'c28'  gold", "  -29.0000  'c29'  prediction", "  (30 choices; --json prints all)");
    }

    @Test
    void charactersThatControlATerminalAreEscaped() {
        assertThat(VisibleText.of("a\tb\nc\\d\u202e\u0007\ud800\u2028é한👩\u200d👧"))
                .isEqualTo("a\\tb\\nc\\\\d\\u{202e}\\u{7}\\u{d800}\\u{2028}é한👩\u200d👧");
    }
}
