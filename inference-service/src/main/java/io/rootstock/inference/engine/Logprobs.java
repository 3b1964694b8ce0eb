package io.rootstock.inference.engine;

/**
 * Which log-probabilities are wanted. They are the model's own: natural logarithms of the probabilities before sampling
 * options change them.
 *
 * @param tokens of each token made
 * @param alternatives how many of the likeliest tokens at each place, 0 to {@value #MOST_ALTERNATIVES}
 * @param prompt of the prompt's tokens
 */
public record Logprobs(boolean tokens, int alternatives, boolean prompt) {
    /** Most alternatives. */
    public static final int MOST_ALTERNATIVES = 20;

    /** None. */
    public static final Logprobs NONE = new Logprobs(false, 0, false);

    public Logprobs {
        if (alternatives < 0 || alternatives > MOST_ALTERNATIVES) {
            throw new IllegalArgumentException(
                    "alternatives must be 0 to " + MOST_ALTERNATIVES + ", was " + alternatives);
        }
    }
}
