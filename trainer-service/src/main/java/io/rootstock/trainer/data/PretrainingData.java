package io.rootstock.trainer.data;

import io.rootstock.dataset.mixture.SamplerPosition;
import io.rootstock.dataset.mixture.SourceSampler;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.plan.MicroBatches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sequences of contextLength + 1 tokens cut from weighted token streams.
 *
 * <p>Each epoch cuts a source into windows at a different offset and visits them in a different pseudo-random order;
 * both are derived from seed, source and epoch.
 */
public final class PretrainingData implements TrainingData {
    private final List<TokenStream> streams = new ArrayList<>();
    private final List<String> sources;
    private final SourceSampler sampler;
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
     * @param curriculum phases with other weights than the sources'
     */
    public PretrainingData(
            Corpus corpus, int context, int batchRows, MicroBatches microBatches, long seed, Curriculum curriculum) {
        List<Long> most = new ArrayList<>();
        for (Corpus.Part part : corpus.parts()) {
            TokenStream stream = new TokenStream(part.shards());
            streams.add(stream);
            most.add(mostSequences(part.source().maximumEpochs(), stream.tokens(), context));
        }
        this.sources = corpus.parts().stream().map(part -> part.source().name()).toList();
        this.sampler = curriculum.sampler(corpus.weights(), batchRows, most);
        this.context = context;
        this.batchRows = batchRows;
        int[] lengths = new int[batchRows];
        Arrays.fill(lengths, context);
        this.microBatches = microBatches.divide(lengths).ranges();
        this.seed = seed;
    }

    /** Creates batches of one phase with the weights of the sources. */
    public PretrainingData(Corpus corpus, int context, int batchRows, MicroBatches microBatches, long seed) {
        this(corpus, context, batchRows, microBatches, seed, Curriculum.NONE);
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
        Map<String, Long> tokens = new LinkedHashMap<>();
        List<Long> drawn = sampler.position().drawn();
        for (int i = 0; i < sources.size() && sources.size() > 1; i++) {
            tokens.merge(sources.get(i), drawn.get(i) * context, Long::sum);
        }
        return tokens;
    }

    private LanguageBatch batch(long first, int rows) {
        int[] tokens = new int[rows * context];
        int[] targets = new int[rows * context];
        int[] sequence = new int[context + 1];
        for (int row = 0; row < rows; row++) {
            SourceSampler.Choice choice = sampler.at(first + row);
            TokenStream stream = streams.get(choice.source());
            stream.copy(start(choice, stream), sequence, 0, context + 1);
            System.arraycopy(sequence, 0, tokens, row * context, context);
            System.arraycopy(sequence, 1, targets, row * context, context);
        }
        return new LanguageBatch(rows, context, tokens, targets);
    }

    private long start(SourceSampler.Choice choice, TokenStream stream) {
        long windows = windows(stream.tokens(), context);
        long epoch = choice.item() / windows;
        long key = Permutation.mix(Permutation.mix(seed, choice.source()), epoch);
        long phase = Math.floorMod(Permutation.mix(key, -1), (long) context);
        return (phase + new Permutation(windows, key).at(choice.item() % windows) * context) % stream.tokens();
    }

    private static long windows(long tokens, int context) {
        return Math.max(1, tokens / context);
    }

    /**
     * Number of sequences after which a source of pre-training reaches its maximum number of epochs.
     *
     * @param maximumEpochs 0 is unlimited
     * @param tokens tokens of the source
     */
    public static long mostSequences(double maximumEpochs, long tokens, int context) {
        return cap(maximumEpochs, windows(tokens, context));
    }

    /** Number of items after which the maximum number of epochs is reached; {@code maximumEpochs} 0 is unlimited. */
    static long cap(double maximumEpochs, long itemsPerEpoch) {
        return maximumEpochs <= 0.0 ? Long.MAX_VALUE : Math.max(1, (long) (maximumEpochs * itemsPerEpoch));
    }
}
