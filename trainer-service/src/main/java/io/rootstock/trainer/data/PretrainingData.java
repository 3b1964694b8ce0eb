package io.rootstock.trainer.data;

import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.plan.MicroBatches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sequences of contextLength + 1 tokens cut from weighted token streams.
 *
 * <p>Each epoch cuts a source into windows at a different offset and visits them in a different pseudo-random order;
 * both are derived from seed, source and epoch.
 */
public final class PretrainingData implements TrainingData {
    private final List<TokenStream> streams = new ArrayList<>();
    private final Mixture mixture;
    private final int context;
    private final int batchRows;
    private final List<MicroBatches.Range> microBatches;
    private final long seed;

    /**
     * Creates batches from a split.
     *
     * @param context tokens of a sequence, T
     * @param batchRows sequences of an optimizer step
     * @param microBatches divides a step into micro-batches
     */
    public PretrainingData(Corpus corpus, int context, int batchRows, MicroBatches microBatches, long seed) {
        List<Mixture.Part> parts = new ArrayList<>();
        for (Corpus.Part part : corpus.parts()) {
            TokenStream stream = new TokenStream(part.shards());
            streams.add(stream);
            parts.add(new Mixture.Part(
                    part.source().weight(), cap(part.source().maximumEpochs(), windows(stream, context))));
        }
        this.mixture = new Mixture(parts);
        this.context = context;
        this.batchRows = batchRows;
        int[] lengths = new int[batchRows];
        Arrays.fill(lengths, context);
        this.microBatches = microBatches.divide(lengths).ranges();
        this.seed = seed;
    }

    @Override
    public List<Batch> step(long step) {
        List<Batch> batches = new ArrayList<>();
        for (MicroBatches.Range range : microBatches) {
            batches.add(batch(step * batchRows + range.from(), range.rows()));
        }
        return batches;
    }

    @Override
    public long mostSteps() {
        return mixture.steps(batchRows);
    }

    private LanguageBatch batch(long first, int rows) {
        int[] tokens = new int[rows * context];
        int[] targets = new int[rows * context];
        int[] sequence = new int[context + 1];
        for (int row = 0; row < rows; row++) {
            Mixture.Choice choice = mixture.at(first + row);
            TokenStream stream = streams.get(choice.source());
            stream.copy(start(choice, stream), sequence, 0, context + 1);
            System.arraycopy(sequence, 0, tokens, row * context, context);
            System.arraycopy(sequence, 1, targets, row * context, context);
        }
        return new LanguageBatch(rows, context, tokens, targets);
    }

    private long start(Mixture.Choice choice, TokenStream stream) {
        long windows = windows(stream, context);
        long epoch = choice.item() / windows;
        long key = Permutation.mix(Permutation.mix(seed, choice.source()), epoch);
        long phase = Math.floorMod(Permutation.mix(key, -1), (long) context);
        return (phase + new Permutation(windows, key).at(choice.item() % windows) * context) % stream.tokens();
    }

    static long windows(TokenStream stream, int context) {
        return Math.max(1, stream.tokens() / context);
    }

    /** Number of items after which the maximum number of epochs is reached; {@code maximumEpochs} 0 is unlimited. */
    static long cap(double maximumEpochs, long itemsPerEpoch) {
        return maximumEpochs <= 0.0 ? Long.MAX_VALUE : Math.max(1, (long) (maximumEpochs * itemsPerEpoch));
    }
}
