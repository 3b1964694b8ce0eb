package io.rootstock.corpus.language;

import java.io.IOException;

/**
 * The settings in the head of a fastText model that prediction depends on.
 *
 * @param dimension columns of the matrices
 * @param wordNGrams largest number of words of a word n-gram
 * @param hierarchical whether the loss is hierarchical softmax; otherwise softmax
 * @param buckets number of buckets of hashed n-grams
 * @param minCharacters least and largest number of characters of a character n-gram; 0 for none
 */
record ModelSettings(
        int dimension, int wordNGrams, boolean hierarchical, int buckets, int minCharacters, int maxCharacters) {
    private static final int MAGIC = 793712314;
    private static final int LAST_VERSION = 12;
    private static final int VERSION_WITHOUT_CHARACTER_N_GRAMS = 11;
    private static final int SUPERVISED = 3;
    private static final int HIERARCHICAL_SOFTMAX = 1;
    private static final int SOFTMAX = 3;
    private static final int MAX_N_GRAM = 100;

    static ModelSettings read(ModelInput in) throws IOException {
        int magic = in.readInt();
        if (magic != MAGIC) {
            throw in.invalid("is not a fastText model: it begins with " + magic + " instead of " + MAGIC
                    + "; give a .bin or .ftz file, such as lid.176.ftz");
        }
        int version = in.readInt("version", 1, LAST_VERSION);
        int dimension = in.readInt("dimension", 1, 1 << 16);
        for (int skipped = 0; skipped < 4; skipped++) {
            in.readInt();
        }
        int wordNGrams = in.readInt("length of word n-grams", 0, MAX_N_GRAM);
        int loss = in.readInt();
        int model = in.readInt();
        int buckets = in.readInt("number of buckets", 0, Integer.MAX_VALUE);
        int minCharacters = in.readInt("least length of character n-grams", 0, MAX_N_GRAM);
        int maxCharacters = in.readInt("largest length of character n-grams", 0, MAX_N_GRAM);
        in.readInt();
        in.readLong();
        if (model != SUPERVISED) {
            throw in.invalid("is a model of word vectors (kind " + model + "), not a classifier (kind " + SUPERVISED
                    + "); give a supervised model, such as lid.176.ftz");
        }
        if (loss != SOFTMAX && loss != HIERARCHICAL_SOFTMAX) {
            throw in.invalid("has the loss " + loss + "; supported are hierarchical softmax (" + HIERARCHICAL_SOFTMAX
                    + ") and softmax (" + SOFTMAX + "): train the model with one of them");
        }
        if (version == VERSION_WITHOUT_CHARACTER_N_GRAMS) {
            maxCharacters = 0;
        }
        if (buckets == 0 && (wordNGrams > 1 || maxCharacters > 0)) {
            throw in.invalid("has n-grams but no buckets for them; the file may be damaged: download it again");
        }
        return new ModelSettings(
                dimension, wordNGrams, loss == HIERARCHICAL_SOFTMAX, buckets, minCharacters, maxCharacters);
    }
}
