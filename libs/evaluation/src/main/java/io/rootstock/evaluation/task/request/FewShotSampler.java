package io.rootstock.evaluation.task.request;

import io.rootstock.evaluation.task.FewShots;
import io.rootstock.evaluation.task.data.Row;
import io.rootstock.evaluation.task.random.PythonRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Selects few-shot examples as lm-evaluation-harness' samplers. One generator serves all rows of a task in order. */
final class FewShotSampler {
    private final FewShots.Sampler sampler;
    private final List<Row> pool;
    private final PythonRandom random;

    FewShotSampler(FewShots.Sampler sampler, List<Row> pool, long seed) {
        this.sampler = sampler;
        this.pool = pool;
        this.random = new PythonRandom(seed);
    }

    /**
     * Returns the examples of a row.
     *
     * @param count number of examples, at least 1
     * @param row the evaluated row
     * @param dropRow whether rows equal to the evaluated one are dropped; then one more is drawn
     * @throws io.rootstock.yaml.InvalidFileException if the split has too few rows
     */
    List<Row> sample(int count, Row row, boolean dropRow) {
        Optional<Row> dropped = dropRow ? Optional.of(row) : Optional.empty();
        return switch (sampler) {
            case DEFAULT -> drawn(count, dropped);
            case FIRST_N -> first(count, dropped);
        };
    }

    private List<Row> drawn(int count, Optional<Row> dropped) {
        int needed = dropped.isPresent() ? count + 1 : count;
        requireRows(needed, pool.size());
        List<Row> drawn = without(random.sample(pool, needed), dropped);
        if (drawn.size() < count) {
            List<Row> others = without(pool, dropped);
            requireRows(count, others.size());
            return random.sample(others, count);
        }
        return drawn.subList(0, count);
    }

    private List<Row> first(int count, Optional<Row> dropped) {
        List<Row> first = new ArrayList<>();
        for (int i = 0; i < pool.size() && first.size() < count; i++) {
            if (dropped.isEmpty() || !equal(pool.get(i), dropped.get())) {
                first.add(pool.get(i));
            }
        }
        requireRows(count, first.size());
        return first;
    }

    private void requireRows(int needed, int available) {
        if (needed > available) {
            throw pool.getFirst()
                    .error(
                            "the few-shot split has " + available + " rows, but a request needs " + needed,
                            "use fewer shots, or add rows");
        }
    }

    private static List<Row> without(List<Row> rows, Optional<Row> dropped) {
        return dropped.isEmpty()
                ? rows
                : rows.stream().filter(row -> !equal(row, dropped.get())).toList();
    }

    /** Rows are compared by value, as dictionaries in Python. */
    private static boolean equal(Row row, Row other) {
        return row.fields().equals(other.fields());
    }
}
