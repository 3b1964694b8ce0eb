package io.rootstock.trainer.engine.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One replica's rows of a batch, and the positions with a loss. Padded rows are cut to the longest row of the shard,
 * rounded up; packed rows have no padding.
 *
 * @param spans row boundaries in the token array
 * @param tokens ids [N]
 * @param positions ascending indices into the tokens [M]
 * @param targets target id or class of each position [M]
 * @param weights training weights of the positions' losses
 * @param pairs the rows as DPO pairs, whose weights depend on the model's log-probabilities; null for other batches
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one step, never compared
public record BatchShard(
        RowSpans spans, int[] tokens, int[] positions, int[] targets, TargetWeights weights, PreferencePairs pairs) {
    /** The numbers of tokens and logit rows are rounded up to multiples of this, so that matrix products have few shapes. */
    private static final int SHAPE_STEP = 16;

    /** Number of tokens, N. */
    public int tokenCount() {
        return spans.tokens();
    }

    /** Number of rows, B. */
    public int rows() {
        return spans.rows();
    }

    /**
     * The positions, padded with the last one to a multiple of 16, so that the logits' matrix products have few shapes.
     * The padding has weight 0.
     */
    public int[] roundedPositions() {
        if (positions.length == 0 || weights.smoothingWeights().length > 0) {
            return positions; // smoothing weights apply to every row, so there can be no padding
        }
        int[] rounded = Arrays.copyOf(positions, rounded(positions.length));
        Arrays.fill(rounded, positions.length, rounded.length, positions[positions.length - 1]);
        return rounded;
    }

    /** A number of rows, rounded up to a multiple of 16. */
    public static int rounded(int rows) {
        return Math.ceilDiv(rows, SHAPE_STEP) * SHAPE_STEP;
    }

    /**
     * Splits a batch for evaluation into shards of consecutive rows with about the same number of tokens. Shards without
     * loss are left out. Labels are predicted at the last token of a row.
     *
     * @param count upper bound of the number of shards
     * @param packed without padding; otherwise rows are padded to the longest row of their shard
     */
    public static List<BatchShard> split(Batch batch, int count, BatchLimits limits, boolean packed) {
        return split(batch, count, limits, packed, false);
    }

    /** Splits a batch for training; labels may also be predicted at the prefixes of a row ({@link LabelLoss}). */
    public static List<BatchShard> splitForTraining(Batch batch, int count, BatchLimits limits, boolean packed) {
        return split(batch, count, limits, packed, true);
    }

    private static List<BatchShard> split(
            Batch batch, int shardCount, BatchLimits limits, boolean packed, boolean training) {
        List<BatchShard> shards = new ArrayList<>();
        int group = batch instanceof PreferenceBatch ? 2 : 1; // both rows of a pair stay together
        int[] lengths = batch.lengths();
        int[] costs = packed
                ? lengths
                : IntStream.of(lengths)
                        .map(length -> Math.min(limits.contextLength(), RowSpans.paddedLength(length)))
                        .toArray();
        int count = Math.min(shardCount, batch.rows() / group);
        int from = 0;
        for (int index = 1; index <= count; index++) {
            int to = index == count ? batch.rows() : border(costs, group, (double) index / count);
            if (to == from) {
                continue; // a long row can leave a replica without rows
            }
            RowSpans spans = spans(Arrays.copyOfRange(lengths, from, to), limits.contextLength(), packed);
            BatchShard shard = switch (batch) {
                case LanguageBatch language -> of(language, language.targets(), from, spans, null);
                case PreferenceBatch preference ->
                    of(preference, preference.targets(), from, spans, pairs(preference, from, to));
                case ClassificationBatch classification ->
                    training && classification.loss().prefixShare() > 0
                            ? withPrefixes(classification, from, spans)
                            : of(classification, from, spans, limits.classes());
            };
            if (shard.positions.length > 0 || shard.pairs != null) {
                shards.add(shard);
            }
            from = to;
        }
        return shards;
    }

    /** The different numbers of tokens that shards of packed rows of these lengths have. */
    public static Set<Integer> packedTokens(int[] lengths, int shardCount) {
        int count = Math.min(shardCount, lengths.length);
        Set<Integer> tokens = new HashSet<>();
        int from = 0;
        for (int index = 1; index <= count; index++) {
            int to = index == count ? lengths.length : border(lengths, 1, (double) index / count);
            tokens.add(
                    rounded(IntStream.range(from, to).map(row -> lengths[row]).sum()));
            from = to;
        }
        return tokens;
    }

    /** Number of leading rows that hold about this share of all tokens; a multiple of the group size. */
    private static int border(int[] lengths, int group, double share) {
        double wanted = share * IntStream.of(lengths).asLongStream().sum();
        long tokens = 0;
        for (int row = 0; row < lengths.length; row += group) {
            int next = IntStream.range(row, row + group)
                    .map(index -> lengths[index])
                    .sum();
            if (tokens + next / 2.0 > wanted) {
                return row;
            }
            tokens += next;
        }
        return lengths.length;
    }

    /** Boundaries of padded rows, or of packed ones, of which the last is padded to a rounded number of tokens. */
    private static RowSpans spans(int[] lengths, int context, boolean packed) {
        int longest = IntStream.of(lengths).max().orElse(0);
        if (!packed) {
            return RowSpans.equal(lengths.length, Math.min(context, RowSpans.paddedLength(longest)));
        }
        int tokens = IntStream.of(lengths).sum();
        int[] rounded = lengths.clone();
        int last = lengths.length - 1;
        rounded[last] = Math.min(context, lengths[last] + rounded(tokens) - tokens);
        return RowSpans.of(rounded);
    }

    /** A shard of all positions without targets, to compute logits. */
    public static BatchShard everyPosition(LanguageBatch batch) {
        int[] positions = new int[batch.tokens().length];
        Arrays.setAll(positions, index -> index);
        RowSpans spans = RowSpans.equal(batch.rows(), batch.length());
        return new BatchShard(spans, batch.tokens(), positions, new int[0], TargetWeights.plain(0), null);
    }

    private static BatchShard of(Batch batch, int[] all, int from, RowSpans spans, PreferencePairs pairs) {
        int[] positions = new int[spans.tokens()];
        int[] targets = new int[spans.tokens()];
        int count = 0;
        for (int row = 0; row < spans.rows(); row++) {
            for (int column = 0; column < Math.min(spans.length(row), batch.length()); column++) {
                int target = all[(from + row) * batch.length() + column];
                if (target != LanguageBatch.NO_LOSS) {
                    positions[count] = spans.starts()[row] + column;
                    targets[count++] = target;
                }
            }
        }
        return new BatchShard(
                spans,
                cut(batch, from, spans),
                Arrays.copyOf(positions, count),
                Arrays.copyOf(targets, count),
                TargetWeights.plain(count),
                pairs);
    }

    private static BatchShard of(ClassificationBatch batch, int from, RowSpans spans, int classes) {
        int[] positions = new int[spans.rows()];
        Arrays.setAll(positions, row -> spans.starts()[row] + batch.lastPositions()[from + row]);
        int[] labels = Arrays.copyOfRange(batch.labels(), from, from + spans.rows());
        TargetWeights weights = batch.loss().weights(labels, classes);
        return new BatchShard(spans, cut(batch, from, spans), positions, labels, weights, null);
    }

    private static BatchShard withPrefixes(ClassificationBatch batch, int from, RowSpans spans) {
        int[] positions = new int[spans.tokens()];
        int[] labels = new int[positions.length];
        double[] weights = new double[positions.length];
        int count = 0;
        for (int row = 0; row < spans.rows(); row++) {
            int label = batch.labels()[from + row];
            double[] shares = batch.loss().shares(batch.lastPositions()[from + row]);
            for (int position = 0; position < shares.length; position++) {
                if (shares[position] > 0) {
                    positions[count] = spans.starts()[row] + position;
                    labels[count] = label;
                    weights[count++] = shares[position] * batch.loss().weight(label);
                }
            }
        }
        return new BatchShard(
                spans,
                cut(batch, from, spans),
                Arrays.copyOf(positions, count),
                Arrays.copyOf(labels, count),
                new TargetWeights(Arrays.copyOf(weights, count), new double[0]),
                null);
    }

    private static PreferencePairs pairs(PreferenceBatch batch, int from, int to) {
        int length = batch.length();
        return new PreferencePairs(new PreferenceBatch(
                (to - from) / 2,
                length,
                Arrays.copyOfRange(batch.tokens(), from * length, to * length),
                Arrays.copyOfRange(batch.targets(), from * length, to * length),
                Arrays.copyOfRange(batch.reference(), from, to),
                batch.beta()));
    }

    /** The rows' tokens [N]; token 0 pads rows that are longer here than in the batch. */
    private static int[] cut(Batch batch, int from, RowSpans spans) {
        int[] tokens = new int[spans.tokens()];
        for (int row = 0; row < spans.rows(); row++) {
            int start = spans.starts()[row];
            int length = Math.min(spans.length(row), batch.length());
            System.arraycopy(batch.tokens(), (from + row) * batch.length(), tokens, start, length);
        }
        return tokens;
    }
}
