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
 * @param pairs the rows as pairs of answers, whose weights follow from their probabilities; null for other rows
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one step, compared by nobody
record Part(int rows, int length, int[] tokens, int[] positions, int[] targets, TargetWeights weights, Pairs pairs) {
    /** Number of tokens, N. */
    int tokenCount() {
        return rows * length;
    }

    /**
     * Splits a batch into at most this many parts of consecutive rows; parts without loss are left out. Labels are
     * predicted at the last tokens alone.
     */
    static List<Part> split(Batch batch, int parts, ModelShape shape) {
        return split(batch, parts, shape, false);
    }

    /** The same for training, where a share of a label's loss may lie on its row's prefixes. */
    static List<Part> splitForTraining(Batch batch, int parts, ModelShape shape) {
        return split(batch, parts, shape, true);
    }

    private static List<Part> split(Batch batch, int parts, ModelShape shape, boolean training) {
        List<Part> split = new ArrayList<>();
        int group = batch instanceof PreferenceBatch ? 2 : 1; // rows that stay together
        int groups = batch.rows() / group;
        int count = Math.min(parts, groups);
        for (int part = 0; part < count; part++) {
            int from = group * (int) ((long) groups * part / count);
            int to = group * (int) ((long) groups * (part + 1) / count);
            Part share = switch (batch) {
                case LanguageBatch language -> of(language, language.targets(), from, to, null);
                case PreferenceBatch preference ->
                    of(preference, preference.targets(), from, to, pairs(preference, from, to));
                case ClassificationBatch classification ->
                    training && classification.loss().prefixShare() > 0
                            ? withPrefixes(classification, from, to)
                            : of(classification, from, to, shape.classes());
            };
            if (share.positions.length > 0 || share.pairs != null) {
                split.add(share);
            }
        }
        return split;
    }

    /** All positions of all rows, with no targets: for logits. */
    static Part everyPosition(LanguageBatch batch) {
        int[] positions = new int[batch.tokens().length];
        Arrays.setAll(positions, index -> index);
        return new Part(
                batch.rows(), batch.length(), batch.tokens(), positions, new int[0], TargetWeights.plain(0), null);
    }

    private static Part of(Batch batch, int[] all, int from, int to, Pairs pairs) {
        int length = 0;
        int count = 0;
        for (int index = from * batch.length(); index < to * batch.length(); index++) {
            if (all[index] != LanguageBatch.NO_LOSS) {
                length = Math.max(length, index % batch.length() + 1);
                count++;
            }
        }
        int[] positions = new int[count];
        int[] targets = new int[count];
        int next = 0;
        for (int row = from; row < to; row++) {
            for (int column = 0; column < length; column++) {
                int target = all[row * batch.length() + column];
                if (target != LanguageBatch.NO_LOSS) {
                    positions[next] = (row - from) * length + column;
                    targets[next++] = target;
                }
            }
        }
        return new Part(
                to - from, length, cut(batch, from, to, length), positions, targets, TargetWeights.plain(count), pairs);
    }

    private static Part of(ClassificationBatch batch, int from, int to, int classes) {
        int length = longest(batch, from, to);
        int[] positions = new int[to - from];
        for (int row = from; row < to; row++) {
            positions[row - from] = (row - from) * length + batch.lastPositions()[row];
        }
        int[] labels = Arrays.copyOfRange(batch.labels(), from, to);
        TargetWeights weights = batch.loss().of(labels, classes);
        return new Part(to - from, length, cut(batch, from, to, length), positions, labels, weights, null);
    }

    private static Part withPrefixes(ClassificationBatch batch, int from, int to) {
        int length = longest(batch, from, to);
        int[] positions = new int[(to - from) * length];
        int[] labels = new int[positions.length];
        double[] weights = new double[positions.length];
        int count = 0;
        for (int row = from; row < to; row++) {
            int label = batch.labels()[row];
            double[] shares = batch.loss().shares(batch.lastPositions()[row]);
            for (int position = 0; position < shares.length; position++) {
                if (shares[position] > 0) {
                    positions[count] = (row - from) * length + position;
                    labels[count] = label;
                    weights[count++] = shares[position] * batch.loss().weight(label);
                }
            }
        }
        return new Part(
                to - from,
                length,
                cut(batch, from, to, length),
                Arrays.copyOf(positions, count),
                Arrays.copyOf(labels, count),
                new TargetWeights(Arrays.copyOf(weights, count), new double[0]),
                null);
    }

    private static int longest(ClassificationBatch batch, int from, int to) {
        int last = 0;
        for (int row = from; row < to; row++) {
            last = Math.max(last, batch.lastPositions()[row]);
        }
        return last + 1;
    }

    private static Pairs pairs(PreferenceBatch batch, int from, int to) {
        int length = batch.length();
        return new Pairs(new PreferenceBatch(
                (to - from) / 2,
                length,
                Arrays.copyOfRange(batch.tokens(), from * length, to * length),
                Arrays.copyOfRange(batch.targets(), from * length, to * length),
                Arrays.copyOfRange(batch.reference(), from, to),
                batch.beta()));
    }

    private static int[] cut(Batch batch, int from, int to, int length) {
        int[] tokens = new int[(to - from) * length];
        for (int row = from; row < to; row++) {
            System.arraycopy(batch.tokens(), row * batch.length(), tokens, (row - from) * length, length);
        }
        return tokens;
    }
}
