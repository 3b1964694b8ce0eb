package io.rootstock.corpus.language;

/** Probabilities of the labels for a hidden vector. */
sealed interface OutputLayer permits Softmax, HierarchicalSoftmax {
    /** Returns the k most probable labels, most probable first. */
    TopLabels predict(float[] hidden, int k);

    /** fastText's logarithm, whose argument is shifted by 1e-5: computed in double, rounded to float. */
    static float log(double probability) {
        return (float) StrictMath.log(probability + 1e-5);
    }
}
