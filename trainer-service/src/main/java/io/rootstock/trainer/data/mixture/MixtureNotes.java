package io.rootstock.trainer.data.mixture;

import io.rootstock.dataset.DatasetManifest.Source;
import io.rootstock.dataset.mixture.SamplingPlan;
import io.rootstock.trainer.plan.MixtureRule;
import io.rootstock.trainer.v1.Mixture;
import io.rootstock.trainer.v1.MixtureSource;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Sentences about a mixture: weights that were normalized, and sources that reach their maximum number of epochs. */
final class MixtureNotes {
    private static final double ROUNDING = 1e-9;
    private static final double HALF_A_SEQUENCE = 0.5;

    private MixtureNotes() {}

    /**
     * Returns the notes.
     *
     * @param most maximum number of sequences of each source
     */
    static List<String> of(RunDataset data, Mixture mixture, SamplingPlan draws, List<Long> most) {
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
            exhausted(data, draws, i, most.get(i)).ifPresent(notes::add);
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

    private static Optional<String> exhausted(RunDataset data, SamplingPlan draws, int source, long most) {
        if (most == Long.MAX_VALUE || draws.drawn(source) < most - HALF_A_SEQUENCE) {
            return Optional.empty();
        }
        double drawn = 0;
        int phase = -1;
        while (drawn < most - HALF_A_SEQUENCE) {
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
}
