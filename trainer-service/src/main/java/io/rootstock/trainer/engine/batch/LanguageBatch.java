package io.rootstock.trainer.engine.batch;

/**
 * Rows for next-token prediction. Attention is causal, so padding at the end of a row needs no mask: its targets are
 * {@link #NO_LOSS}.
 *
 * @param rows number of rows, B
 * @param length tokens per row, L
 * @param tokens ids [B*L]
 * @param targets id of the next token at each position, or {@link #NO_LOSS} [B*L]
 */
@SuppressWarnings("ArrayRecordComponent") // a view of the caller's buffers, never compared
public record LanguageBatch(int rows, int length, int[] tokens, int[] targets) implements Batch {
    /** Target of a position without loss; PyTorch's {@code ignore_index}. */
    public static final int NO_LOSS = -100;

    /** Checks the sizes of the arrays. */
    public LanguageBatch {
        BatchChecks.tokens(rows, length, tokens);
        BatchChecks.size("targets", targets, rows * length);
    }

    @Override
    public int[] lengths() {
        return lengths(rows, length, targets);
    }

    /** Length of each row up to and including its last target [B]. */
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
