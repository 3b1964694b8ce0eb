package io.rootstock.trainer.engine;

/**
 * Rows to be classified by the hidden state of their last token.
 *
 * @param rows B
 * @param length L
 * @param tokens ids [B*L]; what follows a row's last position is never looked at
 * @param lastPositions index within its row of each row's last token [B]
 * @param labels class of each row [B]
 */
@SuppressWarnings("ArrayRecordComponent") // a view of the caller's buffers: compared by nobody, copied by nobody
public record ClassificationBatch(int rows, int length, int[] tokens, int[] lastPositions, int[] labels)
        implements Batch {
    /** Checks that the arrays have the stated size and the positions lie in their rows. */
    public ClassificationBatch {
        BatchChecks.tokens(rows, length, tokens);
        BatchChecks.size("lastPositions", lastPositions, rows);
        BatchChecks.size("labels", labels, rows);
        BatchChecks.range("lastPositions", lastPositions, length);
    }

    @Override
    public long lossTokens() {
        return rows;
    }
}
