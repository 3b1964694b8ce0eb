package io.rootstock.trainer.engine;

/** Checks of a batch's arrays: native kernels trust their indices, so that a wrong one must end here. */
final class BatchChecks {
    private BatchChecks() {}

    /** Refuses a batch that a model of this shape cannot be trained on. */
    static void fits(Batch batch, ModelShape shape) {
        if (batch.length() > shape.contextLength()) {
            throw new IllegalArgumentException(
                    "rows of " + batch.length() + " tokens exceed the context of " + shape.contextLength());
        }
        range("tokens", batch.tokens(), shape.vocabularySize());
        switch (batch) {
            case LanguageBatch language -> {
                if (shape.classifier()) {
                    throw new IllegalArgumentException("a classifier cannot predict tokens");
                }
                targets(language.targets(), shape);
            }
            case PreferenceBatch preference -> {
                if (shape.classifier()) {
                    throw new IllegalArgumentException("a classifier gives no answers to prefer");
                }
                targets(preference.targets(), shape);
            }
            case ClassificationBatch classification -> {
                if (!shape.classifier()) {
                    throw new IllegalArgumentException("a language model cannot classify");
                }
                range("labels", classification.labels(), shape.classes());
                int weights = classification.loss().classWeights().length;
                if (weights != 0 && weights != shape.classes()) {
                    throw new IllegalArgumentException(weights + " class weights for " + shape.classes() + " classes");
                }
            }
        }
    }

    private static void targets(int[] targets, ModelShape shape) {
        for (int target : targets) {
            if (target != LanguageBatch.NO_LOSS && (target < 0 || target >= shape.vocabularySize())) {
                throw new IllegalArgumentException("target " + target + " is not in the vocabulary");
            }
        }
    }

    static void tokens(int rows, int length, int[] tokens) {
        if (rows < 1 || length < 1) {
            throw new IllegalArgumentException("a batch needs rows and tokens, was " + rows + " x " + length);
        }
        size("tokens", tokens, Math.multiplyExact(rows, length));
    }

    static void size(String name, int[] values, int expected) {
        if (values.length != expected) {
            throw new IllegalArgumentException(name + " must have " + expected + " entries, has " + values.length);
        }
    }

    static void range(String name, int[] values, int limit) {
        for (int index = 0; index < values.length; index++) {
            if (values[index] < 0 || values[index] >= limit) {
                throw new IllegalArgumentException(
                        name + "[" + index + "] must lie in 0.." + (limit - 1) + ", was " + values[index]);
            }
        }
    }
}
