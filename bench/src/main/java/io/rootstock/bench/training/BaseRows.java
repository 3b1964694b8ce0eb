package io.rootstock.bench.training;

import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.plan.MicroBatches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Random instruction rows: lengths are log-normal (median 74 tokens, 16 to 256); the second half of a row is its
 * answer, which counts in the loss.
 *
 * @param ids token ids of each row
 */
record BaseRows(List<int[]> ids) {
    /** Number of steps with different rows; then they repeat. */
    static final int STEPS = 4;

    private static final int MIN = 16;
    private static final int MAX_LENGTH = 256;

    BaseRows {
        ids = List.copyOf(ids);
    }

    /** Returns the tokens of each row of each step. */
    static List<int[]> lengths(int rows) {
        SplittableRandom random = new SplittableRandom(5);
        List<int[]> steps = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            steps.add(IntStream.range(0, rows)
                    .map(_ -> (int) Math.clamp(Math.exp(4.3 + 0.6 * random.nextGaussian()), MIN, MAX_LENGTH))
                    .toArray());
        }
        return steps;
    }

    static List<BaseRows> steps(int rows, int vocabulary) {
        SplittableRandom random = new SplittableRandom(7);
        return lengths(rows).stream()
                .map(lengths -> new BaseRows(IntStream.of(lengths)
                        .mapToObj(length -> random.ints(length, 0, vocabulary).toArray())
                        .sorted(Comparator.comparingInt(row -> row.length))
                        .toList()))
                .toList();
    }

    /** Returns the input tokens: the last token of a row is only a target. */
    long tokens() {
        return ids.stream().mapToLong(row -> row.length - 1).sum();
    }

    /** Creates batches as the trainer's data classes do. */
    List<Batch> microBatches(MicroBatches division) {
        int[] lengths = ids.stream().mapToInt(row -> row.length).toArray();
        return division.divide(lengths).ranges().stream()
                .<Batch>map(range -> batch(ids.subList(range.from(), range.to())))
                .toList();
    }

    private static LanguageBatch batch(List<int[]> rows) {
        int length = rows.getLast().length - 1;
        int[] tokens = new int[rows.size() * length];
        int[] targets = new int[tokens.length];
        Arrays.fill(targets, LanguageBatch.NO_LOSS);
        for (int row = 0; row < rows.size(); row++) {
            int[] text = rows.get(row);
            System.arraycopy(text, 0, tokens, row * length, text.length - 1);
            for (int position = firstTarget(text) - 1; position + 1 < text.length; position++) {
                targets[row * length + position] = text[position + 1];
            }
        }
        return new LanguageBatch(rows.size(), length, tokens, targets);
    }

    /** Writes the concatenated rows as {@code lengths}, {@code ids} and {@code labels}; -100 marks ignored labels. */
    void write(Path folder, int index) throws IOException {
        SharedFolder.write(
                folder.resolve("lengths-" + index),
                ids.stream().mapToInt(row -> row.length).toArray());
        SharedFolder.write(
                folder.resolve("ids-" + index),
                ids.stream().flatMapToInt(IntStream::of).toArray());
        SharedFolder.write(
                folder.resolve("labels-" + index),
                ids.stream()
                        .flatMapToInt(row -> IntStream.range(0, row.length)
                                .map(at -> at < firstTarget(row) ? LanguageBatch.NO_LOSS : row[at]))
                        .toArray());
    }

    private static int firstTarget(int[] row) {
        return row.length / 2;
    }
}
