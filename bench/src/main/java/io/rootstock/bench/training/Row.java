package io.rootstock.bench.training;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.model.AdapterTarget;
import io.rootstock.trainer.engine.model.Tuning;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One row of the comparison.
 *
 * @param size size of the model
 * @param length tokens of the longest sequence
 * @param precision precision of matrix products
 * @param threads number of threads of each side
 * @param work training task
 * @param tokens tokens of a batch, a multiple of the length
 */
record Row(Size size, int length, Precision precision, int threads, Work work, int tokens) {
    private static final int TOKENS = 2048;

    /** Creates a row with a batch that takes a CPU about a second. */
    Row(Size size, int length, Precision precision, int threads, Work work) {
        this(size, length, precision, threads, work, TOKENS);
    }

    /** Returns rows that cover every value of every dimension, the fastest first. */
    static List<Row> chosen() {
        return List.of(
                new Row(Size.SMALL, 256, Precision.FLOAT32, 1, Work.PRETRAIN),
                new Row(Size.SMALL, 256, Precision.FLOAT32, 2, Work.PRETRAIN),
                new Row(Size.SMALL, 256, Precision.BFLOAT16, 1, Work.PRETRAIN),
                new Row(Size.SMALL, 256, Precision.BFLOAT16, 2, Work.PRETRAIN),
                new Row(Size.SMALL, 1024, Precision.FLOAT32, 2, Work.FULL),
                new Row(Size.SMALL, 256, Precision.BFLOAT16, 2, Work.CLASSIFY),
                new Row(Size.MIDDLE, 256, Precision.FLOAT32, 2, Work.CLASSIFY),
                new Row(Size.MIDDLE, 256, Precision.FLOAT32, 2, Work.LORA),
                new Row(Size.MIDDLE, 256, Precision.BFLOAT16, 2, Work.FULL),
                new Row(Size.MIDDLE, 1024, Precision.BFLOAT16, 2, Work.PRETRAIN),
                new Row(Size.LARGE, 1024, Precision.FLOAT32, 2, Work.PRETRAIN),
                new Row(Size.LARGE, 1024, Precision.BFLOAT16, 2, Work.LORA),
                new Row(Size.LARGE, 256, Precision.BFLOAT16, 2, Work.PRETRAIN));
    }

    /** Returns the rows of a smoke test: the small model with every task. */
    static List<Row> quick() {
        List<Row> rows = new ArrayList<>();
        for (Work work : Work.values()) {
            rows.add(new Row(Size.SMALL, 256, Precision.FLOAT32, 2, work));
            rows.add(new Row(Size.SMALL, 256, Precision.BFLOAT16, 2, work));
        }
        return rows;
    }

    /** Returns the full cross product. */
    static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        for (Size size : Size.values()) {
            for (int length : List.of(256, 1024)) {
                for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
                    for (int threads = 1; threads <= 2; threads++) {
                        for (Work work : Work.values()) {
                            rows.add(new Row(size, length, precision, threads, work));
                        }
                    }
                }
            }
        }
        return rows;
    }

    /** Returns the text that {@link #parse} reads. */
    String text() {
        return size + ":" + length + ":" + precision + ":" + threads + ":" + work + ":" + tokens;
    }

    static Row parse(String text) {
        String[] parts = text.split(":", -1);
        return new Row(
                Size.valueOf(parts[0]),
                Integer.parseInt(parts[1]),
                Precision.valueOf(parts[2]),
                Integer.parseInt(parts[3]),
                Work.valueOf(parts[4]),
                Integer.parseInt(parts[5]));
    }

    ModelShape shape() {
        return size.shape(length, work == Work.CLASSIFY ? 2 : 0);
    }

    Tuning tuning() {
        return work == Work.LORA ? new Tuning.LowRank(8, 16, false, Set.of(AdapterTarget.values())) : new Tuning.Full();
    }

    /** Number of rows in a batch. */
    int rows() {
        return tokens / length;
    }
}
