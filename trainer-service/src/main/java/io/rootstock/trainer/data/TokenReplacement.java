package io.rootstock.trainer.data;

import io.rootstock.trainer.engine.batch.ClassificationBatch;
import java.util.Arrays;
import java.util.Set;

/**
 * Replaces tokens of training rows by random ones, others in each epoch, as SwitchOut does (Wang et al. 2018, with a fixed
 * share): a classifier that sees few rows many times then relies on more than a few of their tokens.
 *
 * @param share probability that a token is replaced, in [0, 1); special tokens are kept
 * @param seed seed of the choices
 * @param vocabulary number of token ids
 * @param special ids of the special tokens
 */
public record TokenReplacement(double share, long seed, int vocabulary, Set<Integer> special) {
    /** Rows stay as they are. */
    public static final TokenReplacement NONE = new TokenReplacement(0, 0, 0, Set.of());

    /** Offset of the seed from the one that orders the rows. */
    private static final long STREAM = 0x746F6B656E73L;

    /** Checks that an ordinary token exists. */
    public TokenReplacement {
        special = Set.copyOf(special);
        if (share > 0 && vocabulary <= special.size()) {
            throw new IllegalArgumentException("a vocabulary of " + vocabulary + " tokens has no ordinary token");
        }
    }

    /**
     * Returns the batch with replaced tokens.
     *
     * @param draws number of each row among all rows of the training [B], which determines its choices
     */
    ClassificationBatch apply(ClassificationBatch batch, long[] draws) {
        if (share == 0) {
            return batch;
        }
        int[] tokens = Arrays.copyOf(batch.tokens(), batch.tokens().length);
        for (int row = 0; row < batch.rows(); row++) {
            long key = Permutation.mix(seed + STREAM, draws[row]);
            for (int position = 0; position <= batch.lastPositions()[row]; position++) {
                int index = row * batch.length() + position;
                if (!special.contains(tokens[index]) && fraction(Permutation.mix(key, 2L * position)) < share) {
                    tokens[index] = ordinary(Permutation.mix(key, 2L * position + 1));
                }
            }
        }
        return new ClassificationBatch(
                batch.rows(), batch.length(), tokens, batch.lastPositions(), batch.labels(), batch.loss());
    }

    private int ordinary(long hash) {
        int token;
        long next = hash;
        do {
            token = (int) Long.remainderUnsigned(next, vocabulary);
            next = Permutation.mix(next, token);
        } while (special.contains(token));
        return token;
    }

    /** A number in [0, 1) from the upper 53 bits of a hash. */
    private static double fraction(long hash) {
        return (hash >>> 11) * 0x1.0p-53;
    }
}
