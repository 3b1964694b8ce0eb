package io.rootstock.trainer.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A replica's share of a batch: some of its rows, cut after the last position that matters, and the positions whose
 * prediction has a loss.
 *
 * @param rows B
 * @param length L
 * @param tokens [B*L]
 * @param positions indices into the tokens, rising [M]
 * @param targets the right prediction for each position [M]
 * @param weights how each counts in training
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one step, compared by nobody
record Part(int rows, int length, int[] tokens, int[] positions, int[] targets, TargetWeights weights) {
    /** Number of tokens, N. */
    int tokenCount() {
        return rows * length;
    }

    /** Splits a batch into at most this many parts of consecutive rows; parts without loss are left out. */
    static List<Part> split(Batch batch, int parts, ModelShape shape) {
        List<Part> split = new ArrayList<>();
        int count = Math.min(parts, batch.rows());
        for (int part = 0; part < count; part++) {
            int from = (int) ((long) batch.rows() * part / count);
            int to = (int) ((long) batch.rows() * (part + 1) / count);
            Part share = switch (batch) {
                case LanguageBatch language -> of(language, from, to);
                case ClassificationBatch classification -> of(classification, from, to, shape.classes());
            };
            if (share.positions.length > 0) {
                split.add(share);
            }
        }
        return split;
    }

    /** All positions of all rows, with no targets: for logits. */
    static Part everyPosition(LanguageBatch batch) {
        int[] positions = new int[batch.tokens().length];
        Arrays.setAll(positions, index -> index);
        return new Part(batch.rows(), batch.length(), batch.tokens(), positions, new int[0], TargetWeights.plain(0));
    }

    private static Part of(LanguageBatch batch, int from, int to) {
        int length = 0;
        int count = 0;
        for (int index = from * batch.length(); index < to * batch.length(); index++) {
            if (batch.targets()[index] != LanguageBatch.NO_LOSS) {
                length = Math.max(length, index % batch.length() + 1);
                count++;
            }
        }
        int[] positions = new int[count];
        int[] targets = new int[count];
        int next = 0;
        for (int row = from; row < to; row++) {
            for (int column = 0; column < length; column++) {
                int target = batch.targets()[row * batch.length() + column];
                if (target != LanguageBatch.NO_LOSS) {
                    positions[next] = (row - from) * length + column;
                    targets[next++] = target;
                }
            }
        }
        return new Part(
                to - from, length, cut(batch, from, to, length), positions, targets, TargetWeights.plain(count));
    }

    private static Part of(ClassificationBatch batch, int from, int to, int classes) {
        int length = 0;
        for (int row = from; row < to; row++) {
            length = Math.max(length, batch.lastPositions()[row] + 1);
        }
        int[] positions = new int[to - from];
        for (int row = from; row < to; row++) {
            positions[row - from] = (row - from) * length + batch.lastPositions()[row];
        }
        int[] labels = Arrays.copyOfRange(batch.labels(), from, to);
        TargetWeights weights = batch.loss().of(labels, classes);
        return new Part(to - from, length, cut(batch, from, to, length), positions, labels, weights);
    }

    private static int[] cut(Batch batch, int from, int to, int length) {
        int[] tokens = new int[(to - from) * length];
        for (int row = from; row < to; row++) {
            System.arraycopy(batch.tokens(), row * batch.length(), tokens, (row - from) * length, length);
        }
        return tokens;
    }
}
