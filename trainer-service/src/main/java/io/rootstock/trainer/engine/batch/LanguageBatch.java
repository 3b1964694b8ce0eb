package io.rootstock.trainer.engine;

/**
 * Rows for next-token prediction. Padding needs no mask: attention is causal, so that padding after a row's end with
 * {@link #NO_LOSS} as its target changes nothing.
 *
 * @param rows B
 * @param length L
 * @param tokens ids [B*L]
 * @param targets the id that follows each token, or {@link #NO_LOSS} [B*L]
 */
@SuppressWarnings("ArrayRecordComponent") // a view of the caller's buffers: compared by nobody, copied by nobody
public record LanguageBatch(int rows, int length, int[] tokens, int[] targets) implements Batch {
    /** Target of a position without loss. */
    public static final int NO_LOSS = -100;

    /** Checks that the arrays have the stated size. */
    public LanguageBatch {
        BatchChecks.tokens(rows, length, tokens);
        BatchChecks.size("targets", targets, rows * length);
    }

    @Override
    public int[] lengths() {
        return lengths(rows, length, targets);
    }

    /** Of each row the positions up to its last target. */
    static int[] lengths(int rows, int length, int[] targets) {
        int[] lengths = new int[rows];
        for (int row = 0; row < rows; row++) {
            int end = length;
            while (end > 0 && targets[row * length + end - 1] == NO_LOSS) {
                end--;
            }
            lengths[row] = end;
        }
        return lengths;
    }

    @Override
    public long lossTokens() {
        long count = 0;
        for (int target : targets) {
            if (target != NO_LOSS) {
                count++;
            }
        }
        return count;
    }
}
