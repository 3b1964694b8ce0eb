package io.rootstock.inference.pooling;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.inference.engine.scoring.ScoringRequest.Text;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The expected windows are those of lm-evaluation-harness's tests of {@code get_rolling_token_windows}. */
class RollingWindowsTest {
    private static final int PREFIX = 100;

    private static List<Text> windows(int tokens) {
        return ScoreTexts.rollingWindows(PREFIX, IntStream.range(0, tokens).toArray(), 10);
    }

    private static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    private static int[] prefixed(int to) {
        return IntStream.concat(IntStream.of(PREFIX), IntStream.range(0, to)).toArray();
    }

    @Test
    void eachTokenIsScoredOnceWithAsMuchContextAsTheModelReads() {
        List<Text> windows = windows(34);
        assertThat(windows).extracting(Text::scored).containsExactly(10, 10, 10, 4);
        assertThat(windows.get(0).rest()).containsExactly(prefixed(10));
        assertThat(windows.get(1).rest()).containsExactly(range(9, 20));
        assertThat(windows.get(2).rest()).containsExactly(range(19, 30));
        assertThat(windows.get(3).rest()).containsExactly(range(23, 34));
        assertThat(windows).extracting(Text::kept).containsOnly(0);
    }

    @Test
    void aTextThatFitsHasOneWindow() {
        assertThat(windows(10)).extracting(Text::scored).containsExactly(10);
        assertThat(windows(1)).extracting(Text::scored).containsExactly(1);
        assertThat(windows(1).getFirst().rest()).containsExactly(PREFIX, 0);
    }

    @Test
    void oneTokenBeyondTheContextIsScoredWithAFullContext() {
        List<Text> windows = windows(11);
        assertThat(windows).extracting(Text::scored).containsExactly(10, 1);
        assertThat(windows.get(1).rest()).containsExactly(range(0, 11));
    }
}
