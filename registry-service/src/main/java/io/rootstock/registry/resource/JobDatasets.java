package io.rootstock.registry.resource;

import io.rootstock.registry.v1.JobSpec;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.trainer.v1.MixtureSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The datasets of a job: that of its spec, or those of its mixture.
 *
 * @param byName datasets by resource name, in the order of the spec
 */
public record JobDatasets(Map<String, Dataset> byName) {
    /** Returns the names of the datasets of the spec's mixture, each once; empty without one. */
    public static List<String> mixture(JobSpec spec) {
        return spec.getMixture().getSourcesList().stream()
                .map(MixtureSource::getDataset)
                .distinct()
                .toList();
    }

    /**
     * Reads the datasets of a spec.
     *
     * @param reader returns the dataset of a name; empty: unknown now, and the result is empty
     */
    public static Optional<JobDatasets> read(JobSpec spec, Function<String, Optional<Dataset>> reader) {
        Map<String, Dataset> datasets = new LinkedHashMap<>();
        for (String name : spec.hasMixture() ? mixture(spec) : List.of(spec.getDataset())) {
            Optional<Dataset> dataset = reader.apply(name);
            if (dataset.isEmpty()) {
                return Optional.empty();
            }
            datasets.put(name, dataset.get());
        }
        return Optional.of(new JobDatasets(datasets));
    }

    /** The first dataset; all have its tokenizer. */
    public Dataset first() {
        return byName.values().iterator().next();
    }

    /** Locks the datasets against their release until the commit; NOT_FOUND if one was released. */
    public void require(Connection connection) throws SQLException {
        for (Map.Entry<String, Dataset> dataset : byName.entrySet()) {
            ReleasedResources.require(
                    connection, dataset.getKey(), Optional.of(dataset.getValue().getCreateTime()));
        }
    }
}
