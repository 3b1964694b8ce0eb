package io.rootstock.trainer.engine;

import java.util.Arrays;

/**
 * Rows to be classified by the hidden state of their last token.
 *
 * @param rows B
 * @param length L
 * @param tokens ids [B*L]; what follows a row's last position is never looked at
 * @param lastPositions index within its row of each row's last token [B]
 * @param labels class of each row [B]
 * @param loss how labels count in training; evaluation counts each row once
 */
@SuppressWarnings("ArrayRecordComponent") // a view of the caller's buffers: compared by nobody, copied by nobody
public record ClassificationBatch(int rows, int length, int[] tokens, int[] lastPositions, int[] labels, LabelLoss loss)
        implements Batch {
    /** Checks that the arrays have the stated size and the positions lie in their rows. */
    public ClassificationBatch {
        BatchChecks.tokens(rows, length, tokens);
        BatchChecks.size("lastPositions", lastPositions, rows);
        BatchChecks.size("labels", labels, rows);
        BatchChecks.range("lastPositions", lastPositions, length);
    }

    /** Rows of which each counts once. */
    public ClassificationBatch(int rows, int length, int[] tokens, int[] lastPositions, int[] labels) {
        this(rows, length, tokens, lastPositions, labels, LabelLoss.PLAIN);
    }

    @Override
    public int[] lengths() {
        return Arrays.stream(lastPositions).map(last -> last + 1).toArray();
    }

    @Override
    public long lossTokens() {
        return rows;
    }

    @Override
    public double lossWeight() {
        return Arrays.stream(labels).mapToDouble(loss::weight).sum();
    }
}
