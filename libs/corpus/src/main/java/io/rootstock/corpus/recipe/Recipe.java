package io.rootstock.corpus.recipe;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * A recipe.
 *
 * @param sources raw files, in the order of the file; names are unique
 * @param unitBytes largest number of bytes of a unit, which is the smallest piece of work
 * @param steps steps in the order in which they are applied
 * @param tokenizer tokenizers/{tokenizer}; empty: the result is text
 * @param training how the tokenizer is trained on the documents of the corpus; empty: it exists
 * @param splits fractions of held-out documents
 * @param seed decides which documents are held out
 */
public record Recipe(
        List<RecipeSource> sources,
        long unitBytes,
        List<StepSettings> steps,
        Optional<String> tokenizer,
        Optional<TokenizerTraining> training,
        HeldOut splits,
        long seed) {
    public Recipe {
        sources = List.copyOf(sources);
        steps = List.copyOf(steps);
    }

    /**
     * Fractions of held-out documents.
     *
     * @param validation 0 to 0.5
     * @param test 0 to 0.5
     */
    public record HeldOut(double validation, double test) {}

    /**
     * Training of a BPE tokenizer.
     *
     * @param vocabularySize number of tokens, bytes and special tokens included
     * @param preTokenizer one of {@link RecipeReader#PRE_TOKENIZERS}
     * @param minimumFrequency minimum number of occurrences of a merged pair
     */
    public record TokenizerTraining(int vocabularySize, String preTokenizer, long minimumFrequency) {}

    /** Sum of the weights of the sources. */
    public double totalWeight() {
        return sources.stream().mapToDouble(RecipeSource::weight).sum();
    }

    /** Share of a source in the mixture, 0 to 1. */
    public double share(RecipeSource source) {
        return source.weight() / totalWeight();
    }

    /** Facts that a user should know before the recipe runs, such as weights that are normalised. */
    public List<String> notes() {
        double total = totalWeight();
        boolean stated = sources.stream().anyMatch(source -> source.weight() != 1);
        if (!stated || isNear(total, 1) || isNear(total, 100)) {
            return List.of();
        }
        return List.of("weights sum to " + text(total) + "; each is divided by this sum");
    }

    private static boolean isNear(double value, double target) {
        return Math.abs(value - target) < 1e-9 * target;
    }

    /** Shortest decimal text of a number, without an exponent: 101, 0.005. */
    private static String text(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }
}
