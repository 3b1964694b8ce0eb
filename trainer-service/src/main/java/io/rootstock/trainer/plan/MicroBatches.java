package io.rootstock.trainer.plan;

import io.rootstock.trainer.engine.batch.BatchShard;
import io.rootstock.trainer.engine.batch.RowSpans;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Divides the rows of an optimizer step, sorted by length, into micro-batches. A padded micro-batch processes rows x
 * longest row tokens; a packed one processes the tokens of its rows. More micro-batches need less padding, but each
 * accumulates the gradient of all weights once more; the division with the least total cost is chosen.
 *
 * @param maxTokens maximum tokens of a micro-batch, padding included; a longer row gets its own micro-batch
 * @param replicas replicas that share the rows of a micro-batch
 * @param overheadTokens cost of accumulating the gradients of a micro-batch, in tokens of forward and backward
 * @param packed whether rows are packed without padding
 */
public record MicroBatches(int maxTokens, int replicas, int overheadTokens, boolean packed) {
    /** Micro-batch tokens of runs that were planned before the setting existed. */
    private static final int UNRESOLVED_TOKENS = 2048;

    /**
     * A micro-batch as a range of rows.
     *
     * @param from first row
     * @param to row after the last
     * @param tokens processed tokens, padding included
     */
    public record Range(int from, int to, long tokens) {
        /** Number of rows. */
        public int rows() {
            return to - from;
        }
    }

    /**
     * A step divided into micro-batches.
     *
     * @param ranges the micro-batches in order
     * @param realTokens tokens of the rows, without padding
     */
    public record Division(List<Range> ranges, long realTokens) {
        /** Processed tokens, padding included. */
        public long tokens() {
            return ranges.stream().mapToLong(Range::tokens).sum();
        }

        /** Tokens of the largest micro-batch, padding included. */
        public long largest() {
            return ranges.stream().mapToLong(Range::tokens).max().orElse(0);
        }

        /** Rows of the micro-batch with the most rows. */
        public int mostRows() {
            return ranges.stream().mapToInt(Range::rows).max().orElse(0);
        }
    }

    /** Validates the limits. */
    public MicroBatches {
        if (maxTokens < 1 || replicas < 1 || overheadTokens < 0) {
            throw new IllegalArgumentException(
                    "maxTokens and replicas must be at least 1 and overheadTokens at least 0," + " were " + maxTokens
                            + ", " + replicas + " and " + overheadTokens);
        }
    }

    /** Returns the divider of a plan's steps. */
    public static MicroBatches of(Plan plan) {
        int ranks = Math.max(1, plan.hyperparameters().getRanks());
        return new MicroBatches(
                plan.hyperparameters().hasMicroBatchTokens()
                        ? plan.hyperparameters().getMicroBatchTokens()
                        : UNRESOLVED_TOKENS,
                Math.max(1, plan.hyperparameters().getThreads()) * ranks,
                plan.accumulationTokens(),
                plan.hyperparameters().getPacking());
    }

    /**
     * Divides the rows of a step.
     *
     * @param lengths tokens of each row, ascending
     */
    public Division divide(int[] lengths) {
        int rows = lengths.length;
        long[] best = new long[rows + 1]; // best[n]: least cost of the first n rows
        int[] start = new int[rows + 1]; // start[n]: first row of the last micro-batch of that division
        long real = 0;
        for (int to = 1; to <= rows; to++) {
            best[to] = Long.MAX_VALUE;
            int longest = lengths[to - 1];
            real += longest;
            long rowTokens = longest; // tokens of rows from..to-1
            for (int from = to - 1; from >= 0; from--, rowTokens += from < 0 ? 0 : lengths[from]) {
                if (from < to - 1 && tokens(to - from, longest, rowTokens) > maxTokens) {
                    break;
                }
                long cost = best[from] + replicas * (share(to - from, longest, rowTokens) + overheadTokens);
                if (cost <= best[to]) {
                    best[to] = cost;
                    start[to] = from;
                }
            }
        }
        List<Range> ranges = new ArrayList<>();
        for (int to = rows; to > 0; to = start[to]) {
            long rowTokens = IntStream.range(start[to], to)
                    .mapToLong(row -> lengths[row])
                    .sum();
            ranges.addFirst(new Range(start[to], to, tokens(to - start[to], lengths[to - 1], rowTokens)));
        }
        return new Division(List.copyOf(ranges), real);
    }

    /** Returns the distinct numbers of tokens that the replicas process in a micro-batch. */
    Set<Integer> shares(int[] lengths, Range range) {
        if (packed) {
            return BatchShard.packedTokens(Arrays.copyOfRange(lengths, range.from(), range.to()), replicas);
        }
        int length = RowSpans.paddedLength(lengths[range.to() - 1]);
        return Stream.of(Math.ceilDiv(range.rows(), replicas), range.rows() / replicas)
                .map(rows -> rows * length)
                .collect(Collectors.toSet());
    }

    /** Processed tokens of a micro-batch. */
    private long tokens(int rows, int longest, long rowTokens) {
        return packed ? rowTokens : rows * (long) RowSpans.paddedLength(longest);
    }

    /** Processed tokens of the replica with the most tokens. */
    private long share(int rows, int longest, long rowTokens) {
        return packed
                ? BatchShard.rounded((int) Math.max(longest, Math.ceilDiv(rowTokens, replicas)))
                : Math.ceilDiv(rows, replicas) * (long) RowSpans.paddedLength(longest);
    }
}
