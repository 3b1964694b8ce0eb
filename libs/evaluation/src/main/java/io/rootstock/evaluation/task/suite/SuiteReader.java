package io.rootstock.evaluation.task.suite;

import io.rootstock.evaluation.task.DataFile;
import io.rootstock.evaluation.task.RowFormat;
import io.rootstock.evaluation.task.SuiteFiles;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.evaluation.task.core.CoreBaselines;
import io.rootstock.evaluation.task.core.CoreTask;
import io.rootstock.evaluation.task.yaml.DatasetMappings;
import io.rootstock.evaluation.task.yaml.SuitePaths;
import io.rootstock.evaluation.task.yaml.SuiteYaml;
import io.rootstock.evaluation.task.yaml.TaskFileReader;
import io.rootstock.names.ResourceId;
import io.rootstock.yaml.InvalidFileException;
import io.rootstock.yaml.Settings;
import io.rootstock.yaml.YamlText;
import io.rootstock.yaml.YamlValue;
import io.rootstock.yaml.YamlValue.Entry;
import io.rootstock.yaml.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code suite.yaml} with the task files and CORE tasks that it lists. */
public final class SuiteReader {
    /** Name of the suite's file. */
    public static final String FILE = "suite.yaml";

    private static final Set<String> KEYS = Set.of("suite", "description", "tasks", "core", "core_baselines", "data");
    private static final Set<String> CORE_KEYS =
            Set.of("label", "dataset_uri", "num_fewshot", "icl_task_type", "continuation_delimiter", "has_categories");

    private final SuiteFiles files;
    private final Settings settings;
    private final Set<String> names = new HashSet<>();

    private SuiteReader(SuiteFiles files) {
        this.files = files;
        this.settings = new Settings("", SuiteYaml.read(files, FILE));
    }

    /**
     * Reads a suite; does not read its row files.
     *
     * @throws InvalidFileException with file, line and remedy, if the suite or a task file is invalid or not supported
     */
    public static Suite read(SuiteFiles files) {
        return new SuiteReader(files).suite();
    }

    private Suite suite() {
        settings.requireOnly(KEYS, Map.of());
        YamlText name = settings.source(settings.required("suite"));
        if (!ResourceId.isValid(name.text())) {
            throw name.error(
                    "invalid suite name '" + name.text() + "'",
                    "use lower case letters, digits and '-', at most 63, a letter first");
        }
        DatasetMappings mappings =
                settings.settings("data").map(DatasetMappings::read).orElse(DatasetMappings.NONE);
        List<Task> tasks = new ArrayList<>();
        for (YamlText path : settings.texts("tasks", false).orElse(List.of())) {
            String file = SuitePaths.resolve("", path);
            if (!files.has(file)) {
                throw path.error(
                        "task file '" + path.text() + "' is not in the suite", "add the file, or correct its name");
            }
            Task task = TaskFileReader.read(files, file, mappings);
            requireNew(task.name(), path);
            tasks.add(task);
        }
        List<CoreTask> coreTasks = coreTasks();
        if (tasks.isEmpty() && coreTasks.isEmpty()) {
            throw settings.mapping().error("the suite has no tasks", "list task files in tasks:");
        }
        return new Suite(name.text(), settings.text("description").orElse(""), tasks, coreTasks);
    }

    private void requireNew(String name, YamlText place) {
        if (!names.add(name)) {
            throw place.error("two tasks are named '" + name + "'", "rename one of the two");
        }
        if (names.size() > TaskLimits.TASKS) {
            throw place.error("the suite has more than " + TaskLimits.TASKS + " tasks", "split the suite");
        }
    }

    private List<CoreTask> coreTasks() {
        Optional<CoreBaselines> baselines =
                settings.source("core_baselines").map(path -> CoreBaselines.read(files, SuitePaths.resolve("", path)));
        List<CoreTask> tasks = new ArrayList<>();
        for (YamlValue entry : settings.items("core", false).orElse(List.of())) {
            tasks.add(coreTask(Settings.of("core", entry), baselines));
        }
        return tasks;
    }

    /** Reads an entry with the keys of nanochat's {@code core.yaml}. */
    private CoreTask coreTask(Settings core, Optional<CoreBaselines> baselines) {
        core.requireOnly(CORE_KEYS, Map.of());
        YamlText label = core.source(core.required("label"));
        requireNew(label.text(), label);
        YamlText type = core.source(core.required("icl_task_type"));
        YamlText uri = core.source(core.required("dataset_uri"));
        CoreTask.Kind kind = CoreTask.Kind.of(type.text())
                .orElseThrow(() -> type.error(
                        "icl_task_type '" + type.text() + "' is not supported",
                        "choose from multiple_choice, schema, language_modeling"));
        DataFile data =
                new DataFile(List.of(SuitePaths.resolve("", uri)), new RowFormat.JsonLines(), uri.file(), uri.line());
        return new CoreTask(
                label.text(),
                kind,
                data,
                shots(core),
                core.text("continuation_delimiter").orElse(" "),
                baselines.flatMap(table -> table.of(label.text())));
    }

    /** nanochat writes the number of shots as a list of one number. */
    private static int shots(Settings core) {
        Optional<Entry> entry = core.entry("num_fewshot");
        if (entry.isPresent()
                && entry.get().value() instanceof Sequence(List<YamlValue> items, String file, int line)) {
            if (items.size() == 1) {
                Entry only = new Entry("num_fewshot", items.getFirst(), file, line);
                return new Settings("core", new YamlValue.Mapping(Map.of("num_fewshot", only), file, line))
                        .integer("num_fewshot", 0, TaskLimits.SHOTS)
                        .orElse(0);
            }
            throw entry.get().error("'num_fewshot' has " + items.size() + " values", "write one number");
        }
        return core.integer("num_fewshot", 0, TaskLimits.SHOTS).orElse(0);
    }
}
