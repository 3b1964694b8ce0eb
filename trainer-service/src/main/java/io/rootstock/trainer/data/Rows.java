package io.rootstock.trainer.data;

import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.Shard;
import io.rootstock.trainer.engine.Batch;
import io.rootstock.trainer.engine.ClassificationBatch;
import io.rootstock.trainer.engine.LabelLoss;
import io.rootstock.trainer.engine.LanguageBatch;
import java.util.Arrays;
import java.util.List;

/** Turns instruction or labelled rows into batches padded to their longest row. */
final class Rows {
    private Rows() {}

    /**
     * A row in its shard.
     *
     * @param shard the mapped shard
     * @param row index inside it
     */
    record Address(Shard shard, long row) {
        int length() {
            return (int) (shard.offset(row + 1) - shard.offset(row));
        }
    }

    /** A batch of these rows; all shards are of one kind. */
    static Batch batch(List<Address> rows, int padding, LabelLoss labelLoss) {
        return switch (rows.getFirst().shard().kind()) {
            case INSTRUCTION -> instruction(rows, padding);
            case CLASSIFICATION -> classification(rows, padding, labelLoss);
            case PRETRAINING -> throw new IllegalArgumentException("documents are cut into windows, not rows");
        };
    }

    /** The token at position p predicts the one at p + 1, and has a loss where that one is part of an answer. */
    private static LanguageBatch instruction(List<Address> rows, int padding) {
        int length = Math.max(1, longest(rows) - 1);
        int[] tokens = filled(rows.size() * length, padding);
        int[] targets = filled(rows.size() * length, LanguageBatch.NO_LOSS);
        for (int row = 0; row < rows.size(); row++) {
            Address address = rows.get(row);
            int[] text = address.shard().row(address.row());
            byte[] answer = address.shard().mask(address.row());
            int start = row * length;
            System.arraycopy(text, 0, tokens, start, Math.min(text.length, length));
            for (int position = 0; position + 1 < text.length; position++) {
                if (answer[position + 1] != 0) {
                    targets[start + position] = text[position + 1];
                }
            }
        }
        return new LanguageBatch(rows.size(), length, tokens, targets);
    }

    private static ClassificationBatch classification(List<Address> rows, int padding, LabelLoss labelLoss) {
        int length = longest(rows);
        int[] tokens = filled(rows.size() * length, padding);
        int[] last = new int[rows.size()];
        int[] labels = new int[rows.size()];
        for (int row = 0; row < rows.size(); row++) {
            Address address = rows.get(row);
            int[] text = address.shard().row(address.row());
            System.arraycopy(text, 0, tokens, row * length, text.length);
            last[row] = text.length - 1;
            labels[row] = address.shard().label(address.row());
        }
        return new ClassificationBatch(rows.size(), length, tokens, last, labels, labelLoss);
    }

    static boolean ofKind(Corpus corpus, DatasetKind kind) {
        return corpus.parts().stream().flatMap(part -> part.shards().stream()).allMatch(shard -> shard.kind() == kind);
    }

    private static int longest(List<Address> rows) {
        return rows.stream().mapToInt(Address::length).max().orElseThrow();
    }

    private static int[] filled(int size, int value) {
        int[] array = new int[size];
        Arrays.fill(array, value);
        return array;
    }
}
