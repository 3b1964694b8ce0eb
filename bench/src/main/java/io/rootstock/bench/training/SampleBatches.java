package io.rootstock.bench.training;

import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.ClassificationBatch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Random batches: frequent and rare tokens; with probability 1/2 a token determines its successor. */
final class SampleBatches {
    private static final int COUNT = 4;

    private final Row row;
    private final int vocabulary;
    private final SplittableRandom random = new SplittableRandom(7);

    private SampleBatches(Row row) {
        this.row = row;
        this.vocabulary = row.shape().vocabularySize();
    }

    static List<Batch> of(Row row) {
        SampleBatches samples = new SampleBatches(row);
        List<Batch> batches = new ArrayList<>();
        for (int index = 0; index < COUNT; index++) {
            batches.add(samples.batch());
        }
        return batches;
    }

    private Batch batch() {
        int rows = row.rows();
        int length = row.length();
        int[] tokens = new int[rows * length];
        int[] ends = new int[rows];
        for (int index = 0; index < rows; index++) {
            // the first and the last row have full length, so that no thread's part is shorter than the batch
            boolean whole = row.work() == Work.PRETRAIN || index == 0 || index == rows - 1;
            ends[index] = whole ? length : random.nextInt(length / 2, length);
            for (int position = 0; position < length; position++) {
                int at = index * length + position;
                tokens[at] = position > 0 && random.nextBoolean() ? (tokens[at - 1] * 31 + 17) % vocabulary : token();
            }
        }
        if (row.work() == Work.CLASSIFY) {
            int[] last = IntStream.of(ends).map(end -> end - 1).toArray();
            int[] labels = IntStream.range(0, rows).map(index -> index % 2).toArray();
            return new ClassificationBatch(rows, length, tokens, last, labels);
        }
        return new LanguageBatch(rows, length, tokens, targets(tokens, ends));
    }

    private int[] targets(int[] tokens, int[] ends) {
        int length = row.length();
        int[] targets = new int[tokens.length];
        for (int at = 0; at < tokens.length; at++) {
            int position = at % length;
            int end = ends[at / length];
            int first = row.work() == Work.PRETRAIN ? 0 : (int) (0.6 * end);
            int next = position < length - 1 ? tokens[at + 1] : token();
            targets[at] = position >= first && position < end ? next : LanguageBatch.NO_LOSS;
        }
        return targets;
    }

    private int token() {
        double share = random.nextDouble();
        return (int) (vocabulary * share * share * share);
    }
}
