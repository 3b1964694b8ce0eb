package io.rootstock.inference.engine.scoring;

import io.rootstock.inference.engine.adapter.AdapterUse;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Texts of which tokens are scored. Texts that begin with the same tokens of the prompt share its prefill.
 *
 * @param prompt tokens that the texts begin with; may be empty
 * @param texts at least one
 * @param adapter the adapter to apply
 * @param requestId id of the request for {@link ScoringEngine#abort}; need not be unique; may be empty
 * @param priority requests of higher priority leave the queue first
 */
@SuppressWarnings("ArrayRecordComponent") // records are never compared; boxed tokens would cost memory
public record ScoringRequest(
        int[] prompt, List<Text> texts, Optional<AdapterUse> adapter, String requestId, int priority) {
    /**
     * A text: tokens of the prompt, then its own.
     *
     * @param kept number of prompt tokens that it begins with
     * @param rest its own tokens
     * @param scored number of its last tokens that are scored: at least 1, and less than the length of the text
     */
    public record Text(int kept, int[] rest, int scored) {
        public Text {
            if (scored < 1 || scored >= kept + rest.length) {
                throw new IllegalArgumentException(
                        "cannot score " + scored + " tokens of a text of " + (kept + rest.length));
            }
        }

        /** Number of tokens. */
        public int length() {
            return kept + rest.length;
        }
    }

    public ScoringRequest {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("no texts");
        }
        for (Text text : texts) {
            if (text.kept() < 0 || text.kept() > prompt.length) {
                throw new IllegalArgumentException(
                        "a text begins with " + text.kept() + " tokens of a prompt of " + prompt.length);
            }
        }
        texts = List.copyOf(texts);
    }

    /**
     * A request that scores all tokens of continuations of a prompt.
     *
     * @param prompt at least one token
     * @param continuations tokens of each continuation, at least one
     */
    public static ScoringRequest of(int[] prompt, List<int[]> continuations) {
        return new ScoringRequest(
                prompt,
                continuations.stream()
                        .map(tokens -> new Text(prompt.length, tokens, tokens.length))
                        .toList(),
                Optional.empty(),
                "",
                0);
    }

    /** All tokens of a text. */
    int[] tokens(Text text) {
        int[] tokens = Arrays.copyOf(prompt, text.length());
        System.arraycopy(text.rest(), 0, tokens, text.kept(), text.rest().length);
        return tokens;
    }
}
