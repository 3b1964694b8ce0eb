package io.rootstock.inference.engine.sampling;

/**
 * Requested log-probabilities. They are the model's own: natural logarithms of the probabilities before sampler options
 * change them.
 *
 * @param tokens return those of generated tokens
 * @param topLogprobs number of most probable tokens to return at each position, 0 to {@value #MAX_TOP_LOGPROBS}
 * @param prompt return those of prompt tokens
 */
public record Logprobs(boolean tokens, int topLogprobs, boolean prompt) {
    /** Maximum of {@code topLogprobs}. */
    public static final int MAX_TOP_LOGPROBS = 20;

    /** No log-probabilities. */
    public static final Logprobs NONE = new Logprobs(false, 0, false);

    public Logprobs {
        if (topLogprobs < 0 || topLogprobs > MAX_TOP_LOGPROBS) {
            throw new IllegalArgumentException("topLogprobs must be 0 to " + MAX_TOP_LOGPROBS + ", was " + topLogprobs);
        }
    }
}
