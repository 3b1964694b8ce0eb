package io.rootstock.trainer.engine.batch;

import io.rootstock.checkpoint.ModelShape;

/**
 * Limits that a model sets for its batches.
 *
 * @param vocabularySize V; token ids and language targets are below it
 * @param contextLength T, the longest row in tokens
 * @param classes C of a classifier; 0 for a language model
 */
public record BatchLimits(int vocabularySize, int contextLength, int classes) {
    /** Limits of the batches that fit a model. */
    public static BatchLimits of(ModelShape shape) {
        return new BatchLimits(shape.vocabularySize(), shape.contextLength(), shape.classes());
    }

    /**
     * Validates a batch. Native kernels do not check indices, so an invalid one must fail here.
     *
     * @throws IllegalArgumentException if a row is too long, an id is out of range, or the batch does not match the head
     */
    public void check(Batch batch) {
        if (batch.length() > contextLength) {
            throw new IllegalArgumentException(
                    "rows of " + batch.length() + " tokens exceed the context of " + contextLength);
        }
        BatchChecks.range("tokens", batch.tokens(), vocabularySize);
        switch (batch) {
            case LanguageBatch language -> {
                if (classes > 0) {
                    throw new IllegalArgumentException("a classifier cannot predict tokens");
                }
                checkTargets(language.targets());
            }
            case PreferenceBatch preference -> {
                if (classes > 0) {
                    throw new IllegalArgumentException("a classifier cannot be trained on preference pairs");
                }
                checkTargets(preference.targets());
            }
            case ClassificationBatch classification -> {
                if (classes == 0) {
                    throw new IllegalArgumentException("a language model cannot classify");
                }
                BatchChecks.range("labels", classification.labels(), classes);
                int weights = classification.loss().classWeights().length;
                if (weights != 0 && weights != classes) {
                    throw new IllegalArgumentException(weights + " class weights for " + classes + " classes");
                }
            }
        }
    }

    private void checkTargets(int[] targets) {
        for (int target : targets) {
            if (target != LanguageBatch.NO_LOSS && (target < 0 || target >= vocabularySize)) {
                throw new IllegalArgumentException("target " + target + " is not in the vocabulary");
            }
        }
    }
}
