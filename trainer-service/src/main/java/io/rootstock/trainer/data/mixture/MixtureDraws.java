package io.rootstock.trainer.data.mixture;

import io.rootstock.artifacts.Digest;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.DatasetManifest.Source;
import io.rootstock.dataset.mixture.Phase;
import io.rootstock.dataset.mixture.SamplingPlan;
import io.rootstock.trainer.data.PretrainingData;
import io.rootstock.trainer.plan.MixtureRule;
import io.rootstock.trainer.plan.Plan;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.schedule.Budget;
import io.rootstock.trainer.v1.Mixture;
import io.rootstock.trainer.v1.MixturePhasePlan;
import io.rootstock.trainer.v1.MixturePlan;
import io.rootstock.trainer.v1.MixtureSource;
import io.rootstock.trainer.v1.MixtureSourcePlan;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The expected draws of a run's mixture; rejects a mixture that the run's tokens cannot be drawn from. */
public final class MixtureDraws {
    private static final String FORMAT = "rootstock-mixture 1\n";
    /** Sums of weights that differ less from 1 are 1. */
    private static final double ROUNDING = 1e-9;
    /** Smaller differences come from rounding. */
    private static final double HALF_A_SEQUENCE = 0.5;

    private final RunDataset data;
    private final Mixture mixture;
    private final Plan plan;
    private final int context;
    private final int batchRows;
    private final List<Long> most;

    private MixtureDraws(RunDataset data, Mixture mixture, Plan plan) {
        this.data = data;
        this.mixture = mixture;
        this.plan = plan;
        this.context = plan.architecture().getContextLength();
        this.batchRows = plan.hyperparameters().getBatchRows();
        this.most = data.manifest().sources().stream()
                .map(source -> PretrainingData.mostSequences(source.maximumEpochs(), tokens(source), context))
                .toList();
    }

    /**
     * Returns the draws of a planned run; empty without a mixture.
     *
     * @param expectedTokens expected tokens of a run that the clock ends
     * @throws RefusedSpecException if the sources have too few tokens within their epochs
     */
    public static Optional<MixturePlan> of(RunDataset data, Plan plan, long expectedTokens) {
        return data.mixture().map(mixture -> new MixtureDraws(data, mixture, plan).message(expectedTokens));
    }

    private MixturePlan message(long expectedTokens) {
        requireTokens();
        long sequences = sequences(expectedTokens);
        SamplingPlan draws = SamplingPlan.of(data.phases(), sequences, most);
        requireAllPhases(draws, sequences);
        MixturePlan.Builder message =
                MixturePlan.newBuilder().setDigest(digest()).addAllNotes(notes(draws));
        for (int i = 0; i < most.size(); i++) {
            message.addSources(source(i, draws));
        }
        return message.build();
    }

    private MixtureSourcePlan source(int index, SamplingPlan draws) {
        Source source = data.manifest().sources().get(index);
        MixtureSource asked = mixture.getSources(index);
        MixtureSourcePlan.Builder message = MixtureSourcePlan.newBuilder()
                .setDataset(asked.getDataset())
                .setDatasetDigest(asked.getDatasetDigest())
                .setSource(asked.getSource())
                .setTokens(tokens(source))
                .setWeight(source.weight())
                .setMaximumEpochs(source.maximumEpochs())
                .setDrawnTokens(Math.round(draws.drawn(index) * context))
                .setEpochs(draws.drawn(index) * context / tokens(source));
        for (int phase = 0; phase < data.phases().size(); phase++) {
            double drawn = draws.draws().get(phase).get(index) * context;
            message.addPhases(MixturePhasePlan.newBuilder()
                    .setUntil(data.phases().get(phase).until())
                    .setWeight(data.phases().get(phase).weights().get(index))
                    .setDrawnTokens(Math.round(drawn))
                    .setEpochs(drawn / tokens(source)));
        }
        return message.build();
    }

    /** Sequences of the run: whole steps, at most those of all sources within their epochs. */
    private long sequences(long expectedTokens) {
        long steps = switch (plan.budget()) {
            case Budget.Steps(long all) -> all;
            case Budget.Clock(double _, long mostSteps) ->
                Math.min(mostSteps, Math.ceilDiv(expectedTokens, (long) batchRows * context));
        };
        long available = available();
        return available == Long.MAX_VALUE
                ? Math.multiplyExact(steps, (long) batchRows)
                : Math.min(steps, Math.max(1, available / batchRows)) * batchRows;
    }

    private long available() {
        return most.contains(Long.MAX_VALUE)
                ? Long.MAX_VALUE
                : most.stream().mapToLong(Long::longValue).sum();
    }

    private void requireTokens() {
        if (available() == Long.MAX_VALUE || !plan.hyperparameters().hasTokens()) {
            return;
        }
        long all = (long) data.manifest().sources().stream()
                .mapToDouble(source -> source.maximumEpochs() * tokens(source))
                .sum();
        long wanted = plan.hyperparameters().getTokens();
        if (wanted > all) {
            throw new RefusedSpecException(
                    "hyperparameters.tokens",
                    "must be at most " + all + ", the tokens of the mixture's sources within their epochs ("
                            + data.manifest().sources().stream()
                                    .map(source ->
                                            source.name() + ": " + source.maximumEpochs() + " x " + tokens(source))
                                    .collect(Collectors.joining(", "))
                            + "), was " + wanted + "; raise the epochs of a source");
        }
    }

    private void requireAllPhases(SamplingPlan draws, long sequences) {
        for (int phase = 0; phase < draws.missing().size(); phase++) {
            double missing = draws.missing().get(phase);
            if (missing > HALF_A_SEQUENCE) {
                double found = draws.draws().get(phase).stream()
                        .mapToDouble(Double::doubleValue)
                        .sum();
                String field = mixture.getPhasesCount() == 0 ? "mixture.sources" : "mixture.phases[" + phase + "]";
                throw new RefusedSpecException(
                        field,
                        "needs " + Math.round((found + missing) * context) + " tokens, but its sources have "
                                + Math.round(found * context) + " left within their epochs; raise the epochs of a"
                                + " source, give another source a weight in this phase, or set hyperparameters.tokens"
                                + " to at most " + largest(sequences) * context);
            }
        }
    }

    /** Largest number of sequences, in whole steps, for which every phase can be drawn; at least one step. */
    private long largest(long refused) {
        long fits = 0;
        long fails = refused / batchRows;
        while (fits + 1 < fails) {
            long middle = (fits + fails) >>> 1;
            boolean drawn = SamplingPlan.of(data.phases(), middle * batchRows, most).missing().stream()
                    .allMatch(missing -> missing <= HALF_A_SEQUENCE);
            fits = drawn ? middle : fits;
            fails = drawn ? fails : middle;
        }
        return Math.max(1, fits) * batchRows;
    }

    /** Sentences about weights that were normalized, and sources that reach their maximum number of epochs. */
    private List<String> notes(SamplingPlan draws) {
        List<String> notes = new ArrayList<>();
        boolean needed = mixture.getPhasesCount() == 0
                || mixture.getPhasesList().stream().anyMatch(phase -> phase.getWeightsCount() == 0);
        if (MixtureRule.isAbsolute(mixture) && needed) {
            normalized(
                            "the weights",
                            mixture.getSourcesList().stream()
                                    .map(MixtureSource::getWeight)
                                    .toList())
                    .ifPresent(notes::add);
        }
        for (int phase = 0; phase < mixture.getPhasesCount(); phase++) {
            List<Double> weights = mixture.getPhases(phase).getWeightsList();
            if (!weights.isEmpty()) {
                normalized("the weights of phase " + (phase + 1), weights).ifPresent(notes::add);
            }
        }
        for (int i = 0; i < most.size(); i++) {
            exhausted(draws, i, most.get(i)).ifPresent(notes::add);
        }
        return notes;
    }

    private static Optional<String> normalized(String which, List<Double> weights) {
        double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
        return Math.abs(sum - 1) <= ROUNDING
                ? Optional.empty()
                : Optional.of(which + " sum to "
                        + new BigDecimal(sum)
                                .round(new MathContext(6))
                                .stripTrailingZeros()
                                .toPlainString()
                        + "; normalized to 1");
    }

    private Optional<String> exhausted(SamplingPlan draws, int source, long mostSequences) {
        if (mostSequences == Long.MAX_VALUE || draws.drawn(source) < mostSequences - HALF_A_SEQUENCE) {
            return Optional.empty();
        }
        double drawn = 0;
        int phase = -1;
        while (drawn < mostSequences - HALF_A_SEQUENCE) {
            phase++;
            drawn += draws.draws().get(phase).get(source);
        }
        Source named = data.manifest().sources().get(source);
        return Optional.of(String.format(
                Locale.ROOT,
                "%s reaches its maximum of %s epochs%s; the other sources then share its weight in proportion",
                named.name(),
                named.maximumEpochs(),
                data.phases().size() == 1 ? "" : " in phase " + (phase + 1)));
    }

    /** Digest of the datasets, their epochs and their resolved weights, in order. */
    private String digest() {
        StringBuilder canonical = new StringBuilder(FORMAT);
        for (MixtureSource source : mixture.getSourcesList()) {
            canonical.append("source ").append(source.getDatasetDigest()).append(' ');
            canonical
                    .append(source.getEpochs())
                    .append(' ')
                    .append(source.getSource())
                    .append('\n');
        }
        for (Phase phase : data.phases()) {
            canonical.append("until ").append(phase.until());
            IntStream.range(0, most.size())
                    .forEach(i -> canonical.append(' ').append(phase.weights().get(i)));
            canonical.append('\n');
        }
        return Digest.of(canonical.toString().getBytes(StandardCharsets.UTF_8)).value();
    }

    private static long tokens(Source source) {
        return source.split(DatasetManifest.TRAIN).tokens();
    }
}
