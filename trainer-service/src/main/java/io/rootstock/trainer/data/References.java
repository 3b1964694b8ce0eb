package io.rootstock.trainer.data;

import io.rootstock.dataset.Shard;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.batch.LabelLoss;
import io.rootstock.trainer.engine.batch.PreferenceBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Log-probabilities of preference pairs under the reference model. Each worker computes them once per row, since they
 * depend only on the base model.
 */
public final class References {
    private static final int MAX_BATCH_TOKENS = 8192;

    /** Log-probabilities of the chosen and rejected answer of each row [2*rows], by shard. */
    private final IdentityHashMap<Shard, double[]> known = new IdentityHashMap<>();

    /** Computes the log-probabilities of all rows of a split with the engine's current weights. */
    public void compute(Corpus corpus, Engine engine, int padding) {
        for (Corpus.Part part : corpus.parts()) {
            for (Shard shard : part.shards()) {
                known.put(shard, new double[Math.toIntExact(2 * shard.rows())]);
                List<Rows.Address> rows = new ArrayList<>();
                for (long row = 0; row < shard.rows(); row++) {
                    rows.add(new Rows.Address(shard, row));
                }
                rows.sort(Comparator.comparingInt(Rows.Address::length));
                compute(rows, engine, padding);
            }
        }
    }

    private void compute(List<Rows.Address> sorted, Engine engine, int padding) {
        int from = 0;
        while (from < sorted.size()) {
            int to = from + 1;
            while (to < sorted.size() && (to + 1 - from) * sorted.get(to).length() <= MAX_BATCH_TOKENS) {
                to++;
            }
            List<Rows.Address> group = sorted.subList(from, to);
            PreferenceBatch batch =
                    Rows.preference(group, padding, new Objective(LabelLoss.PLAIN, this, 1, TokenReplacement.NONE));
            double[] found = engine.logProbabilities(batch);
            for (int i = 0; i < group.size(); i++) {
                double[] values = known.get(group.get(i).shard());
                System.arraycopy(found, 2 * i, values, (int) (2 * group.get(i).row()), 2);
            }
            from = to;
        }
    }

    /** Returns the log-probabilities of the given rows [2*rows]; 0 where they were not computed. */
    double[] of(List<Rows.Address> rows) {
        double[] values = new double[2 * rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            double[] all = known.get(rows.get(i).shard());
            if (all != null) {
                System.arraycopy(all, (int) (2 * rows.get(i).row()), values, 2 * i, 2);
            }
        }
        return values;
    }
}
