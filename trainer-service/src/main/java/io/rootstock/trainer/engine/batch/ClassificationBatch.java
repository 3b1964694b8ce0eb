package io.rootstock.trainer.engine.batch;

import java.util.Arrays;

/**
 * Rows with one class label each. The head reads the hidden state of the row's last token.
 *
 * @param rows number of rows, B
 * @param length tokens per row, L
 * @param tokens ids [B*L]; positions after a row's last one are padding
 * @param lastPositions index of the last token within each row [B]
 * @param labels class index of each row [B]
 * @param loss training loss of the labels; evaluation uses plain cross-entropy
 */
@SuppressWarnings("ArrayRecordComponent") // a view of the caller's buffers, never compared
public record ClassificationBatch(int rows, int length, int[] tokens, int[] lastPositions, int[] labels, LabelLoss loss)
        implements Batch {
    /** Checks the sizes of the arrays and that each position lies in its row. */
    public ClassificationBatch {
        BatchChecks.tokens(rows, length, tokens);
        BatchChecks.size("lastPositions", lastPositions, rows);
        BatchChecks.size("labels", labels, rows);
        BatchChecks.range("lastPositions", lastPositions, length);
    }

    /** A batch with plain cross-entropy: weight 1 for each row. */
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
