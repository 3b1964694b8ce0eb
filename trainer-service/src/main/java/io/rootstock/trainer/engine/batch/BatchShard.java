package io.rootstock.trainer.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A replica's share of a batch: some of its rows and the positions whose prediction has a loss. Padded rows are cut soon
 * after the last position that matters to any of them, packed ones each after its own where that saves much.
 *
 * @param spans where the rows lie among the tokens
 * @param tokens [N]
 * @param positions indices into the tokens, rising [M]
 * @param targets the right prediction for each position [M]
 * @param weights how each counts in training
 * @param pairs the rows as pairs of answers, whose weights follow from their probabilities; null for other rows
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one step, compared by nobody
record Part(RowSpans spans, int[] tokens, int[] positions, int[] targets, TargetWeights weights, Pairs pairs) {
    /** With 8 to 11 % of padding, packed rows took 6 % longer in bfloat16. */
    private static final double PADDING_BORNE = 0.125;

    /** Numbers of positions are rounded up to multiples of this, so that the products of logits have few shapes. */
    private static final int SHAPE_STEP = 16;

    /** Number of tokens, N. */
    int tokenCount() {
        return spans.tokens();
    }

    /** Number of rows, B. */
    int rows() {
        return spans.rows();
    }

    /**
     * The positions, and the last one again up to a multiple of 16, so that the products of logits have few shapes; what
     * is added has no weight.
     */
    int[] roundedPositions() {
        if (positions.length == 0 || weights.everywhere().length > 0) {
            return positions; // with weights everywhere no row is without
        }
        int[] rounded = Arrays.copyOf(positions, rounded(positions.length));
        Arrays.fill(rounded, positions.length, rounded.length, positions[positions.length - 1]);
        return rounded;
    }

    /** A number of rows of which there are few different ones. */
    static int rounded(int rows) {
        return Math.ceilDiv(rows, SHAPE_STEP) * SHAPE_STEP;
    }

    /**
     * Splits a batch into at most this many parts of consecutive rows; parts without loss are left out. Labels are
     * predicted at the last tokens alone.
     *
     * The parts have about equally many tokens.
     *
     * @param packed each row as long as it is; otherwise rows are padded to the longest of their part
     */
    static List<Part> split(Batch batch, int parts, ModelShape shape, boolean packed) {
        return split(batch, parts, shape, packed, false);
    }

    /** The same for training, where a share of a label's loss may lie on its row's prefixes. */
    static List<Part> splitForTraining(Batch batch, int parts, ModelShape shape, boolean packed) {
        return split(batch, parts, shape, packed, true);
    }

    private static List<Part> split(Batch batch, int parts, ModelShape shape, boolean packed, boolean training) {
        List<Part> split = new ArrayList<>();
        int group = batch instanceof PreferenceBatch ? 2 : 1; // rows that stay together
        int[] lengths = batch.lengths();
        int[] costs = packed
                ? lengths
                : IntStream.of(lengths)
                        .map(length -> Math.min(shape.contextLength(), RowLengths.padded(length)))
                        .toArray();
        int count = Math.min(parts, batch.rows() / group);
        int from = 0;
        for (int part = 1; part <= count; part++) {
            int to = part == count ? batch.rows() : border(costs, group, (double) part / count);
            if (to == from) {
                continue; // few long rows may leave a replica without any
            }
            RowSpans spans = spans(Arrays.copyOfRange(lengths, from, to), shape.contextLength(), packed);
            Part share = switch (batch) {
                case LanguageBatch language -> of(language, language.targets(), from, spans, null);
                case PreferenceBatch preference ->
                    of(preference, preference.targets(), from, spans, pairs(preference, from, to));
                case ClassificationBatch classification ->
                    training && classification.loss().prefixShare() > 0
                            ? withPrefixes(classification, from, spans)
                            : of(classification, from, spans, shape.classes());
            };
            if (share.positions.length > 0 || share.pairs != null) {
                split.add(share);
            }
            from = to;
        }
        return split;
    }

    /** The rows before which about this share of the tokens lies. */
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

    /** Rows of nearly one length stay padded, packed or not: fewer and larger products of attention are worth it. */
    private static RowSpans spans(int[] lengths, int context, boolean packed) {
        int longest = IntStream.of(lengths).max().orElse(0);
        int length = Math.min(context, RowLengths.padded(longest));
        RowSpans padded = RowSpans.equal(lengths.length, length);
        RowSpans exact = RowSpans.of(lengths);
        return packed && padded.tokens() - exact.tokens() > PADDING_BORNE * padded.tokens() ? exact : padded;
    }

    /** All positions of all rows, with no targets: for logits. */
    static Part everyPosition(LanguageBatch batch) {
        int[] positions = new int[batch.tokens().length];
        Arrays.setAll(positions, index -> index);
        RowSpans spans = RowSpans.equal(batch.rows(), batch.length());
        return new Part(spans, batch.tokens(), positions, new int[0], TargetWeights.plain(0), null);
    }

    private static Part of(Batch batch, int[] all, int from, RowSpans spans, Pairs pairs) {
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
        return new Part(
                spans,
                cut(batch, from, spans),
                Arrays.copyOf(positions, count),
                Arrays.copyOf(targets, count),
                TargetWeights.plain(count),
                pairs);
    }

    private static Part of(ClassificationBatch batch, int from, RowSpans spans, int classes) {
        int[] positions = new int[spans.rows()];
        Arrays.setAll(positions, row -> spans.starts()[row] + batch.lastPositions()[from + row]);
        int[] labels = Arrays.copyOfRange(batch.labels(), from, from + spans.rows());
        TargetWeights weights = batch.loss().of(labels, classes);
        return new Part(spans, cut(batch, from, spans), positions, labels, weights, null);
    }

    private static Part withPrefixes(ClassificationBatch batch, int from, RowSpans spans) {
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
        return new Part(
                spans,
                cut(batch, from, spans),
                Arrays.copyOf(positions, count),
                Arrays.copyOf(labels, count),
                new TargetWeights(Arrays.copyOf(weights, count), new double[0]),
                null);
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

    /** The rows' tokens; where a row is longer here than in the batch, any token pads it. */
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
