package io.rootstock.inference.pooling;

import io.rootstock.inference.engine.scoring.ScoringRequest.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Windows in which a text of any length is scored, each token once: lm-evaluation-harness's
 * {@code get_rolling_token_windows} with a context of one token, made disjoint.
 */
final class RollingWindows {
    private RollingWindows() {}

    /**
     * Splits a text into windows. The first begins with the prefix and scores up to {@code contextLength} tokens. Each
     * other one scores the next {@code contextLength} tokens, or those that are left; it begins {@code contextLength}
     * tokens before its last token.
     *
     * @param prefix token before the text
     * @param text at least one token
     * @param contextLength number of tokens that the model reads, at least 1
     */
    static List<Text> of(int prefix, int[] text, int contextLength) {
        List<Text> windows = new ArrayList<>();
        int[] whole = new int[text.length + 1];
        whole[0] = prefix;
        System.arraycopy(text, 0, whole, 1, text.length);
        for (int scored = 0; scored < text.length; ) {
            int next = Math.min(contextLength, text.length - scored);
            int end = scored + next + 1;
            int begin = scored == 0 ? 0 : end - contextLength - 1;
            windows.add(new Text(0, Arrays.copyOfRange(whole, begin, end), next));
            scored += next;
        }
        return windows;
    }
}
