package io.rootstock.trainer.plan;

import static io.rootstock.trainer.plan.RefusedSpecException.unless;

import io.rootstock.names.EnumNames;
import io.rootstock.trainer.v1.Mixture;
import io.rootstock.trainer.v1.MixturePhase;
import io.rootstock.trainer.v1.MixtureSource;
import io.rootstock.trainer.v1.MixtureWeighting;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rejects an invalid mixture, as far as it does not depend on the datasets. */
public final class MixtureRule {
    private static final int MAX_SOURCES = 256;
    private static final int MAX_PHASES = 64;
    private static final double MIN_EPOCHS = 0.01;
    private static final double MAX_EPOCHS = 1000;
    private static final double MIN_TEMPERATURE = 0.01;
    private static final double MAX_TEMPERATURE = 100;

    private MixtureRule() {}

    /** Field of the data in a spec, for errors. */
    public static String field(RunSpec spec) {
        return spec.hasMixture() ? "mixture" : "dataset_digest";
    }

    /** Path of a source in a spec, for errors. */
    public static String source(int index) {
        return "mixture.sources[" + index + "]";
    }

    /** Rejects an invalid mixture; without effect on a spec without one. */
    static void check(RunSpec spec) {
        if (!spec.hasMixture()) {
            return;
        }
        Mixture mixture = spec.getMixture();
        unless(spec.getTask() == Task.TASK_PRETRAIN, "mixture", "is for pre-training");
        unless(spec.getDatasetDigest().isEmpty(), "dataset_digest", "must be empty with a mixture");
        int sources = mixture.getSourcesCount();
        unless(
                sources > 0 && sources <= MAX_SOURCES,
                "mixture.sources",
                "must be 1 to " + MAX_SOURCES + ", were " + sources);
        checkDistinct(mixture.getSourcesList());
        checkWeighting(mixture);
        for (int i = 0; i < sources; i++) {
            double epochs = mixture.getSources(i).getEpochs();
            unless(
                    epochs == 0 || (epochs >= MIN_EPOCHS && epochs <= MAX_EPOCHS),
                    source(i) + ".epochs",
                    "must be " + MIN_EPOCHS + " to " + MAX_EPOCHS + ", or 0 for no limit, was " + epochs);
        }
        checkPhases(mixture);
        if (mixture.getPhasesCount() > 0) {
            unless(
                    !spec.getHyperparameters().hasSeconds(),
                    "mixture.phases",
                    "need a length in tokens, because the progress of a run with hyperparameters.seconds depends on the"
                            + " clock; set hyperparameters.tokens instead");
            unless(
                    spec.getExtendedRunId().isEmpty(),
                    "extended_run_id",
                    "is a run with a curriculum, whose phases are shares of its length; continue from its version with"
                            + " base_digest instead");
        }
    }

    private static void checkDistinct(List<MixtureSource> sources) {
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < sources.size(); i++) {
            MixtureSource source = sources.get(i);
            Integer whole = seen.get(source.getDatasetDigest() + "/");
            Integer first = seen.putIfAbsent(source.getDatasetDigest() + "/" + source.getSource(), i);
            Integer same = first == null ? whole : first;
            unless(same == null, source(i), "is part of sources[" + same + "]; name each source once");
        }
        for (int i = 0; i < sources.size(); i++) {
            Integer whole = seen.get(sources.get(i).getDatasetDigest() + "/");
            unless(whole == null || whole == i, source(i), "is part of sources[" + whole + "]; name each source once");
        }
    }

    private static void checkWeighting(Mixture mixture) {
        MixtureWeighting weighting = mixture.getWeighting();
        unless(
                weighting != MixtureWeighting.UNRECOGNIZED,
                "mixture.weighting",
                "must be ABSOLUTE, TOKENS or TEMPERATURE");
        boolean absolute = isAbsolute(mixture);
        boolean needed = mixture.getPhasesCount() == 0
                || mixture.getPhasesList().stream().anyMatch(phase -> phase.getWeightsCount() == 0);
        for (int i = 0; i < mixture.getSourcesCount(); i++) {
            double weight = mixture.getSources(i).getWeight();
            unless(
                    Double.isFinite(weight) && weight >= 0,
                    source(i) + ".weight",
                    "must be 0 or more and finite, was " + weight);
            unless(
                    absolute || weight == 0,
                    source(i) + ".weight",
                    "must not be set with weighting " + EnumNames.of(weighting) + ", which computes it, was " + weight);
            unless(!absolute || !needed || weight > 0, source(i) + ".weight", "must be above 0, was " + weight);
        }
        double temperature = mixture.getTemperature();
        unless(
                weighting == MixtureWeighting.MIXTURE_WEIGHTING_TEMPERATURE
                        ? temperature >= MIN_TEMPERATURE && temperature <= MAX_TEMPERATURE
                        : temperature == 0,
                "mixture.temperature",
                "must be " + MIN_TEMPERATURE + " to " + MAX_TEMPERATURE
                        + " with weighting TEMPERATURE and unset otherwise, was " + temperature);
    }

    private static void checkPhases(Mixture mixture) {
        int phases = mixture.getPhasesCount();
        unless(phases <= MAX_PHASES, "mixture.phases", "must be at most " + MAX_PHASES + ", were " + phases);
        double from = 0;
        for (int p = 0; p < phases; p++) {
            MixturePhase phase = mixture.getPhases(p);
            String field = "mixture.phases[" + p + "]";
            unless(
                    phase.getUntil() > from && phase.getUntil() <= 1,
                    field + ".until",
                    "must be above " + from + " and at most 1, was " + phase.getUntil());
            from = phase.getUntil();
            unless(
                    phase.getWeightsCount() == 0 || phase.getWeightsCount() == mixture.getSourcesCount(),
                    field + ".weights",
                    "must be one for each of the " + mixture.getSourcesCount() + " sources, were "
                            + phase.getWeightsCount());
            unless(
                    phase.getWeightsList().stream().allMatch(weight -> Double.isFinite(weight) && weight >= 0),
                    field + ".weights",
                    "must be 0 or more and finite, were " + phase.getWeightsList());
            unless(
                    phase.getWeightsCount() == 0
                            || phase.getWeightsList().stream().anyMatch(weight -> weight > 0),
                    field + ".weights",
                    "must have one above 0");
        }
        unless(
                phases == 0 || from == 1,
                "mixture.phases[" + (phases - 1) + "].until",
                "must be 1, the end of the run, was " + from);
        for (int i = 0; i < mixture.getSourcesCount(); i++) {
            int source = i;
            unless(
                    phases == 0
                            || mixture.getPhasesList().stream()
                                    .anyMatch(phase -> phase.getWeightsCount() == 0 || phase.getWeights(source) > 0),
                    source(i),
                    "has weight 0 in every phase; remove it, or give it a weight in a phase");
        }
    }

    /** Whether the weights are those of the spec. */
    public static boolean isAbsolute(Mixture mixture) {
        return mixture.getWeighting() == MixtureWeighting.MIXTURE_WEIGHTING_ABSOLUTE
                || mixture.getWeighting() == MixtureWeighting.MIXTURE_WEIGHTING_UNSPECIFIED;
    }
}
