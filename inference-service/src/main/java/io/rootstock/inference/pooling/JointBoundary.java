package io.rootstock.inference.pooling;

import io.rootstock.inference.engine.scoring.ScoringRequest.Text;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * The boundary between a prompt and its continuations, as in lm-evaluation-harness ({@code _encode_pair}): white space at
 * the end of the prompt is moved to the continuation, both are tokenized as one text, and the text is cut after as many
 * tokens as the prompt has alone.
 */
final class JointBoundary {
    private static final char NEXT_LINE = 0x85;

    private final Function<String, int[]> tokenizer;
    private final int prefix;
    private final String prompt;
    private final int[] tokens;

    /**
     * Tokenizes the prompt.
     *
     * @param tokenizer returns the tokens of a text's beginning, with BOS if the tokenizer adds it
     * @param prefix token before a text that is scored from its first token on
     */
    JointBoundary(Function<String, int[]> tokenizer, int prefix, String prompt) {
        int end = prompt.length();
        while (end > 0 && isSpace(prompt.charAt(end - 1))) {
            end--;
        }
        this.tokenizer = tokenizer;
        this.prefix = prefix;
        this.prompt = prompt;
        this.tokens = tokenizer.apply(prompt.substring(0, end));
    }

    /** Tokens of the prompt, without white space at its end. */
    int[] tokens() {
        return tokens;
    }

    /**
     * The prompt with a continuation. If the prompt alone has as many tokens as both together, because the last token
     * spans its end, this token is scored. If no token precedes the scored ones, the prefix does.
     *
     * @return empty if both together have no tokens
     */
    Optional<Text> with(String continuation) {
        int[] whole = tokenizer.apply(prompt + continuation);
        if (whole.length == 0) {
            return Optional.empty();
        }
        int scored = Math.max(1, whole.length - tokens.length);
        if (scored == whole.length) {
            return Optional.of(new Text(0, prefixed(whole), scored));
        }
        int difference = Arrays.mismatch(tokens, whole);
        int kept = difference < 0 ? tokens.length : difference;
        return Optional.of(new Text(kept, Arrays.copyOfRange(whole, kept, whole.length), scored));
    }

    private int[] prefixed(int[] text) {
        int[] longer = new int[text.length + 1];
        longer[0] = prefix;
        System.arraycopy(text, 0, longer, 1, text.length);
        return longer;
    }

    /** White space as in Python's {@code str.isspace}. */
    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == NEXT_LINE;
    }
}
