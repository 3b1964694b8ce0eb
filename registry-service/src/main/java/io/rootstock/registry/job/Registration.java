package io.rootstock.registry.job;

import io.rootstock.names.VersionName;
import io.rootstock.registry.v1.Version;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.RunEvaluation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Builds the version that a succeeded job registers. */
final class Registration {
    private static final String TEST = "test";

    private Registration() {}

    /**
     * Returns the version of a job.
     *
     * @param artifacts the verified artifacts
     */
    static Version version(TrainingRow job, List<Artifact> artifacts) {
        Dataset dataset = job.dataset().orElseThrow();
        Version.Builder version = Version.newBuilder()
                .setKind(SpecCheck.kind(job.spec().getTask()))
                .setParent(job.base().map(VersionName::toString).orElse(""))
                .setJob(job.name())
                .setTokenizer(dataset.getTokenizer())
                .setTokenizerDigest(dataset.getTokenizerDigest())
                .addAllArtifacts(artifacts)
                .addAllLabels(dataset.getLabelsList())
                .putAllMetrics(metrics(job.evaluations()));
        if (job.spec().hasMixture()) {
            job.runResolved().ifPresent(resolved -> version.setMixture(resolved.getMixture()));
        } else {
            version.setDataset(dataset.getName()).setDatasetDigest(dataset.getDigest());
        }
        return version.build();
    }

    /**
     * Returns every metric as {@code split_name}. A metric's bare name has its value on the test split, or on the
     * validation split if the test split was not evaluated.
     */
    static Map<String, Double> metrics(List<RunEvaluation> evaluations) {
        Map<String, Double> metrics = new TreeMap<>();
        List<RunEvaluation> testLast = new ArrayList<>(evaluations);
        testLast.sort(Comparator.comparing(evaluation -> evaluation.getSplit().equals(TEST)));
        for (RunEvaluation evaluation : testLast) {
            Map<String, Double> own = new TreeMap<>(evaluation.getMetricsMap());
            own.put("loss", evaluation.getLoss());
            if (evaluation.getBitsPerByte() != 0) {
                own.put("bits_per_byte", evaluation.getBitsPerByte());
            }
            own.forEach((name, value) -> {
                metrics.put(name, value);
                metrics.put(evaluation.getSplit() + "_" + name, value);
            });
        }
        return metrics;
    }
}
