package io.rootstock.trainer.data;

import io.rootstock.dataset.mixture.SamplerPosition;
import io.rootstock.dataset.mixture.SourceSampler;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.ClassificationBatch;
import io.rootstock.trainer.plan.MicroBatches;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Instruction rows, labelled rows or preference pairs, in a different pseudo-random order each epoch.
 *
 * <p>The rows of a step are sorted by length before they are divided into micro-batches, which reduces padding. Sorting
 * over several steps would reduce padding further, but would put rows of similar length, and therefore often of the
 * same label, into one step.
 */
public final class FineTuningData implements TrainingData {
    private final List<RowTable> tables = new ArrayList<>();
    private final SourceSampler sampler;
    private final int batchRows;
    private final MicroBatches microBatches;
    private final int padding;
    private final long seed;
    private final Objective objective;

    /**
     * Creates batches from a split.
     *
     * @param batchRows rows of an optimizer step
     * @param microBatches divides a step into micro-batches
     * @param padding token that fills shorter rows; it does not affect the result
     * @param objective label loss, replaced tokens, reference model and beta
     */
    public FineTuningData(
            Corpus corpus, int batchRows, MicroBatches microBatches, int padding, long seed, Objective objective) {
        List<Long> most = new ArrayList<>();
        for (Corpus.Part part : corpus.parts()) {
            RowTable table = new RowTable(part.shards());
            tables.add(table);
            most.add(PretrainingData.cap(part.source().maximumEpochs(), table.rows()));
        }
        this.sampler = Curriculum.NONE.sampler(corpus.weights(), batchRows, most);
        this.batchRows = batchRows;
        this.microBatches = microBatches;
        this.padding = padding;
        this.seed = seed;
        this.objective = objective;
    }

    /** Creates batches with {@link Objective#PLAIN}. */
    public FineTuningData(Corpus corpus, int batchRows, MicroBatches microBatches, int padding, long seed) {
        this(corpus, batchRows, microBatches, padding, seed, Objective.PLAIN);
    }

    @Override
    public List<Batch> step(long step) {
        List<Draw> draws = new ArrayList<>();
        for (int i = 0; i < batchRows; i++) {
            long number = step * batchRows + i;
            draws.add(new Draw(number, row(sampler.at(number))));
        }
        draws.sort(Comparator.comparingInt(draw -> draw.row().length()));
        int[] lengths = draws.stream().mapToInt(draw -> draw.row().length()).toArray();
        List<Batch> batches = new ArrayList<>();
        for (MicroBatches.Range range : microBatches.divide(lengths).ranges()) {
            batches.add(batch(draws.subList(range.from(), range.to())));
        }
        return batches;
    }

    /**
     * A row of a step.
     *
     * @param number position among all rows of the training
     */
    private record Draw(long number, Rows.Address row) {}

    private Batch batch(List<Draw> draws) {
        Batch batch = Rows.batch(draws.stream().map(Draw::row).toList(), padding, objective);
        return batch instanceof ClassificationBatch rows
                ? objective
                        .replacement()
                        .apply(rows, draws.stream().mapToLong(Draw::number).toArray())
                : batch;
    }

    @Override
    public long mostSteps() {
        return sampler.steps(batchRows);
    }

    @Override
    public SamplerPosition position() {
        return sampler.position();
    }

    @Override
    public void restore(long step, Optional<SamplerPosition> position) {
        sampler.restore(step * batchRows, position);
    }

    @Override
    public Map<String, Long> sourceTokens() {
        return Map.of();
    }

    private Rows.Address row(SourceSampler.Choice choice) {
        RowTable table = tables.get(choice.source());
        long epoch = choice.item() / table.rows();
        long key = Permutation.mix(Permutation.mix(seed, choice.source()), epoch);
        return table.address(new Permutation(table.rows(), key).at(choice.item() % table.rows()));
    }
}
