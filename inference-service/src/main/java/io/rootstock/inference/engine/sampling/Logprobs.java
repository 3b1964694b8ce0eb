package io.rootstock.inference.engine.sampling;

/**
 * Requested log-probabilities. They are the model's own: natural logarithms of the probabilities before sampler options
 * change them.
 *
 * @param tokens return those of generated tokens
 * @param alternatives number of most probable tokens to return at each position, 0 to {@value #MOST_ALTERNATIVES}
 * @param prompt return those of prompt tokens
 */
public record Logprobs(boolean tokens, int alternatives, boolean prompt) {
    /** Maximum of {@code alternatives}. */
    public static final int MOST_ALTERNATIVES = 20;

    /** No log-probabilities. */
    public static final Logprobs NONE = new Logprobs(false, 0, false);

    public Logprobs {
        if (alternatives < 0 || alternatives > MOST_ALTERNATIVES) {
            throw new IllegalArgumentException(
                    "alternatives must be 0 to " + MOST_ALTERNATIVES + ", was " + alternatives);
        }
    }
}
