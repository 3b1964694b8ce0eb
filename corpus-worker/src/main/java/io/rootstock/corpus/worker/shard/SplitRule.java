package io.rootstock.corpus.worker.shard;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.recipe.Recipe;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;

/**
 * Assigns documents to splits by their text alone: the first 53 bits of SHA-256(seed, UTF-8 of the text) are a number from
 * 0 to 1; the lowest ones are for validation, the highest ones for tests. Equal texts are in one split, and other documents,
 * units and sources have no influence. A larger fraction adds documents to a split and removes none.
 *
 * @param seed seed of the recipe
 * @param validation fraction for validation, 0 to 0.5
 * @param test fraction for tests, 0 to 0.5
 */
public record SplitRule(long seed, double validation, double test) {
    private static final String SEED = "seed";
    private static final String VALIDATION = "validation";
    private static final String TEST = "test";

    /** Returns the rule of a recipe. */
    public static SplitRule of(Recipe recipe) {
        return new SplitRule(
                recipe.seed(), recipe.splits().validation(), recipe.splits().test());
    }

    /** Returns the rule in the parameters of a task. */
    public static SplitRule of(TaskSpec spec) {
        return new SplitRule(
                Long.parseLong(spec.parameter(SEED)),
                Double.parseDouble(spec.parameter(VALIDATION)),
                Double.parseDouble(spec.parameter(TEST)));
    }

    /** Returns the parameters of a task with this rule. */
    public Map<String, String> parameters() {
        return Map.of(
                SEED, Long.toString(seed),
                VALIDATION, Double.toString(validation),
                TEST, Double.toString(test));
    }

    /** Whether a document is for training. */
    public boolean isForTraining(Document document) {
        return of(document) == Split.TRAIN;
    }

    /** Whether all documents are for training. */
    boolean trainsOnAll() {
        return validation == 0 && test == 0;
    }

    Split of(Document document) {
        if (trainsOnAll()) {
            return Split.TRAIN;
        }
        double place = place(document.text().utf8());
        if (place < validation) {
            return Split.VALIDATION;
        }
        return place >= 1 - test ? Split.TEST : Split.TRAIN;
    }

    private double place(byte[] text) {
        MessageDigest hash = sha256();
        hash.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).flip());
        return (ByteBuffer.wrap(hash.digest(text)).getLong() >>> 11) * 0x1p-53;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
