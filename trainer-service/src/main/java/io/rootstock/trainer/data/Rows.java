package io.rootstock.trainer.data;

import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.Shard;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.ClassificationBatch;
import io.rootstock.trainer.engine.batch.LabelLoss;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.batch.PreferenceBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Builds batches of instruction rows, labelled rows or preference pairs, padded to the longest row. */
final class Rows {
    private Rows() {}

    /**
     * A row of a shard.
     *
     * @param shard the mapped shard
     * @param row index of the row in the shard
     */
    record Address(Shard shard, long row) {
        int length() {
            return (int) (shard.offset(row + 1) - shard.offset(row));
        }
    }

    /** Returns at most {@code most} rows of a split, evenly spaced, in order. */
    static List<Address> spread(Corpus corpus, int most) {
        RowTable table = new RowTable(
                corpus.parts().stream().flatMap(part -> part.shards().stream()).toList());
        long kept = Math.min(most, table.rows());
        List<Address> rows = new ArrayList<>();
        for (long i = 0; i < kept; i++) {
            rows.add(table.address(i * table.rows() / kept));
        }
        return rows;
    }

    /** Mask bit of the tokens in a preference pair's rejected text. */
    static final byte REJECTED = 2;

    /** Builds a batch of rows; all shards have the same kind. */
    static Batch batch(List<Address> rows, int padding, Objective objective) {
        return switch (rows.getFirst().shard().kind()) {
            case INSTRUCTION -> instruction(rows, padding);
            case CLASSIFICATION -> classification(rows, padding, objective.labelLoss());
            case PREFERENCE -> preference(rows, padding, objective);
            case PRETRAINING -> throw new IllegalArgumentException("documents are cut into windows, not rows");
        };
    }

    private static LanguageBatch instruction(List<Address> rows, int padding) {
        int length = Math.max(1, longest(rows) - 1);
        int[] tokens = filled(rows.size() * length, padding);
        int[] targets = filled(rows.size() * length, LanguageBatch.NO_LOSS);
        for (int row = 0; row < rows.size(); row++) {
            Address address = rows.get(row);
            int[] text = address.shard().row(address.row());
            put(text, address.shard().mask(address.row()), tokens, targets, row * length, length);
        }
        return new LanguageBatch(rows.size(), length, tokens, targets);
    }

    /** Builds a batch of preference pairs: rows 2i and 2i+1 are the chosen and rejected answer of pair i. */
    static PreferenceBatch preference(List<Address> rows, int padding, Objective objective) {
        List<int[]> texts = new ArrayList<>();
        List<byte[]> masks = new ArrayList<>();
        for (Address address : rows) {
            int[] pair = address.shard().row(address.row());
            byte[] parts = address.shard().mask(address.row());
            int border = 0;
            while (border < parts.length && parts[border] < REJECTED) {
                border++;
            }
            texts.add(Arrays.copyOfRange(pair, 0, border));
            masks.add(Arrays.copyOfRange(parts, 0, border));
            texts.add(Arrays.copyOfRange(pair, border, pair.length));
            masks.add(Arrays.copyOfRange(parts, border, parts.length));
        }
        int longest = texts.stream().mapToInt(text -> text.length).max().orElseThrow();
        int length = Math.max(1, longest - 1);
        int[] tokens = filled(texts.size() * length, padding);
        int[] targets = filled(texts.size() * length, LanguageBatch.NO_LOSS);
        for (int row = 0; row < texts.size(); row++) {
            put(texts.get(row), masks.get(row), tokens, targets, row * length, length);
        }
        double[] reference = objective.references().of(rows);
        return new PreferenceBatch(rows.size(), length, tokens, targets, reference, objective.beta());
    }

    /** Sets the target of position p to the token at p + 1 if that token belongs to an answer. */
    private static void put(int[] text, byte[] answer, int[] tokens, int[] targets, int start, int length) {
        System.arraycopy(text, 0, tokens, start, Math.min(text.length, length));
        for (int position = 0; position + 1 < text.length; position++) {
            if ((answer[position + 1] & 1) != 0) {
                targets[start + position] = text[position + 1];
            }
        }
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
