package io.rootstock.evaluation.task.yaml;

import io.rootstock.evaluation.task.DataFile;
import io.rootstock.yaml.Settings;
import io.rootstock.yaml.YamlValue.Entry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Local row files of datasets that task files name by {@code dataset_path} and {@code dataset_name}.
 *
 * @param datasets splits by {@code PATH} or {@code PATH/NAME}
 */
public record DatasetMappings(Map<String, Map<String, DataFile>> datasets) {
    /** No dataset: task files name their row files in {@code dataset_kwargs}. */
    public static final DatasetMappings NONE = new DatasetMappings(Map.of());

    public DatasetMappings {
        datasets = Map.copyOf(datasets);
    }

    /** Reads {@code data} of a suite. */
    public static DatasetMappings read(Settings data) {
        Map<String, Map<String, DataFile>> datasets = new LinkedHashMap<>();
        for (Entry entry : data.mapping().entries().values()) {
            datasets.put(entry.key(), DataFileReader.splits(Settings.of("data." + entry.key(), entry.value())));
        }
        return new DatasetMappings(datasets);
    }

    /** Returns the splits of a dataset; empty if the suite has none. */
    public Optional<Map<String, DataFile>> find(String path, Optional<String> name) {
        return Optional.ofNullable(
                datasets.get(name.map(suffix -> path + "/" + suffix).orElse(path)));
    }
}
