package io.rootstock.trainer.data.mixture;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.mixture.Phase;
import io.rootstock.dataset.mixture.Weighting;
import io.rootstock.trainer.data.DatasetFacts;
import io.rootstock.trainer.plan.MixtureRule;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.v1.Mixture;
import io.rootstock.trainer.v1.MixturePhase;
import io.rootstock.trainer.v1.MixtureSource;
import io.rootstock.trainer.v1.RunSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The data of a run.
 *
 * @param manifest manifest of the dataset; of a mixture, a manifest with the mixture's sources, which is in no store
 * @param mixture the spec's mixture; empty for one dataset
 * @param phases phases of the mixture with normalized weights of the manifest's sources; empty for one dataset, whose
 *     weights are the manifest's
 */
public record RunDataset(DatasetManifest manifest, Optional<Mixture> mixture, List<Phase> phases) {
    public RunDataset {
        phases = List.copyOf(phases);
    }

    /**
     * Reads the manifests that a spec names.
     *
     * @throws RefusedSpecException if one does not exist, or the datasets of a mixture do not fit together
     */
    public static RunDataset read(ArtifactStore store, RunSpec spec) {
        if (!spec.hasMixture()) {
            return new RunDataset(
                    manifest(store, spec.getDatasetDigest(), "dataset_digest"), Optional.empty(), List.of());
        }
        Mixture mixture = spec.getMixture();
        List<DatasetManifest> manifests = new ArrayList<>();
        for (int i = 0; i < mixture.getSourcesCount(); i++) {
            String field = MixtureRule.source(i) + ".dataset_digest";
            manifests.add(manifest(store, mixture.getSources(i).getDatasetDigest(), field));
        }
        MixedManifest.requireFitting(manifests);
        List<DatasetManifest.Source> sources = new ArrayList<>();
        for (int i = 0; i < manifests.size(); i++) {
            sources.add(MixedManifest.source(manifests.get(i), mixture.getSources(i), i));
        }
        List<Phase> phases = phases(mixture, sources);
        return new RunDataset(
                MixedManifest.of(manifests.getFirst(), sources, Weighting.mean(phases)), Optional.of(mixture), phases);
    }

    private static DatasetManifest manifest(ArtifactStore store, String value, String field) {
        Digest digest = DatasetFacts.digest(value, field);
        try {
            return DatasetManifest.read(store, digest);
        } catch (NoSuchArtifactException e) {
            throw new RefusedSpecException(field, "is not in the artifact store: " + digest);
        }
    }

    private static List<Phase> phases(Mixture mixture, List<DatasetManifest.Source> sources) {
        List<Double> standard = standard(mixture, sources);
        if (mixture.getPhasesCount() == 0) {
            return Phase.constantWeights(standard);
        }
        List<Phase> phases = new ArrayList<>();
        for (MixturePhase phase : mixture.getPhasesList()) {
            phases.add(new Phase(
                    phase.getUntil(),
                    phase.getWeightsCount() == 0 ? standard : Weighting.normalized(phase.getWeightsList())));
        }
        return phases;
    }

    /** Returns the weights of phases without weights of their own; empty if no phase needs them. */
    private static List<Double> standard(Mixture mixture, List<DatasetManifest.Source> sources) {
        List<Long> tokens = sources.stream()
                .map(source -> source.split(DatasetManifest.TRAIN).tokens())
                .toList();
        return switch (mixture.getWeighting()) {
            case MIXTURE_WEIGHTING_TOKENS -> Weighting.byTokens(tokens);
            case MIXTURE_WEIGHTING_TEMPERATURE -> Weighting.byTemperature(tokens, mixture.getTemperature());
            case MIXTURE_WEIGHTING_ABSOLUTE, MIXTURE_WEIGHTING_UNSPECIFIED, UNRECOGNIZED ->
                Weighting.normalized(mixture.getSourcesList().stream()
                        .map(MixtureSource::getWeight)
                        .toList());
        };
    }
}
