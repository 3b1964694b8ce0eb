package io.rootstock.evaluation.task.yaml;

import io.rootstock.evaluation.task.Choices;
import io.rootstock.evaluation.task.DataFile;
import io.rootstock.evaluation.task.DatasetReference;
import io.rootstock.evaluation.task.FewShots;
import io.rootstock.evaluation.task.GenerationSetting;
import io.rootstock.evaluation.task.MetricSetting;
import io.rootstock.evaluation.task.OutputType;
import io.rootstock.evaluation.task.SuiteFiles;
import io.rootstock.evaluation.task.Target;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.evaluation.task.template.TaskTemplate;
import io.rootstock.yaml.InvalidFileException;
import io.rootstock.yaml.Settings;
import io.rootstock.yaml.YamlText;
import io.rootstock.yaml.YamlValue.Entry;
import io.rootstock.yaml.YamlValue.Mapping;
import io.rootstock.yaml.YamlValue.Scalar;
import io.rootstock.yaml.YamlValue.Sequence;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a task file: a strict subset of lm-evaluation-harness' YAML. Parses all templates and regular expressions. */
public final class TaskFileReader {
    private static final Set<String> KEYS = Set.of(
            "task",
            "task_alias",
            "tag",
            "group",
            "dataset_path",
            "dataset_name",
            "dataset_kwargs",
            "training_split",
            "validation_split",
            "test_split",
            "fewshot_split",
            "output_type",
            "doc_to_text",
            "doc_to_target",
            "doc_to_choice",
            "description",
            "target_delimiter",
            "fewshot_delimiter",
            "num_fewshot",
            "fewshot_config",
            "generation_kwargs",
            "metric_list",
            "filter_list",
            "should_decontaminate",
            "doc_to_decontamination_query",
            "repeats",
            "metadata",
            "include");
    private static final Set<String> LOCAL_BUILDERS = Set.of("json", "csv", "text");

    private final Settings settings;
    private final DatasetMappings mappings;

    private TaskFileReader(Settings settings, DatasetMappings mappings) {
        this.settings = settings;
        this.mappings = mappings;
    }

    /**
     * Reads a task file and its includes.
     *
     * @param files files of the suite
     * @param path task file
     * @param mappings local row files of datasets that the task file does not give itself
     * @throws InvalidFileException with file, line and remedy, if a key, value or template is invalid or not supported
     */
    public static Task read(SuiteFiles files, String path, DatasetMappings mappings) {
        return new TaskFileReader(new Settings("", Includes.read(files, path)), mappings).task(path);
    }

    private Task task(String path) {
        settings.requireOnly(KEYS, UnsupportedKeys.TASK);
        YamlText name = name();
        OutputType type = outputType();
        requireFixedValues();
        String fewshotDelimiter = settings.text("fewshot_delimiter").orElse("\n\n");
        Optional<String> training = settings.text("training_split");
        Optional<String> validation = settings.text("validation_split");
        Optional<String> test = settings.text("test_split");
        if (test.isEmpty() && validation.isEmpty()) {
            throw settings.mapping().error("'test_split' and 'validation_split' are missing", "add test_split: NAME");
        }
        FewShots fewShots = fewShots();
        Optional<Choices> choices = choices(type);
        List<MetricSetting> metrics = MetricListReader.metrics(settings, type);
        Task task = new Task(
                name.text(),
                path,
                settings.settings("metadata").flatMap(metadata -> version(metadata)),
                dataset(),
                training,
                validation,
                test,
                type,
                text(type),
                target(choices.isPresent()),
                choices,
                settings.source("description").map(TaskFileReader::parsed).orElse(new YamlText("", path, 1)),
                settings.text("target_delimiter").orElse(" "),
                fewshotDelimiter,
                fewShots,
                generation(type, fewshotDelimiter),
                metrics,
                MetricListReader.filters(settings, type),
                decontaminationQuery(),
                ClassSettingsReader.read(settings, type, choices, metrics));
        requireSplits(task);
        return task;
    }

    private YamlText name() {
        Entry entry = settings.required("task");
        if (entry.value() instanceof Sequence) {
            throw entry.error("'task' is a list: groups are not supported", "list the task files in suite.yaml");
        }
        YamlText name = settings.source(entry);
        if (!name.text().matches("[A-Za-z0-9][A-Za-z0-9_.+-]{0,199}")) {
            throw name.error(
                    "invalid task name '" + name.text() + "'",
                    "use letters, digits, '_', '-', '.' and '+', at most 200");
        }
        return name;
    }

    private OutputType outputType() {
        Optional<YamlText> stated = settings.source("output_type");
        if (stated.isEmpty()) {
            return OutputType.GENERATE_UNTIL;
        }
        return OutputType.of(stated.get().text())
                .orElseThrow(() -> stated.get()
                        .error(
                                "unknown output_type '" + stated.get().text() + "'",
                                "choose from "
                                        + Arrays.stream(OutputType.values())
                                                .map(OutputType::key)
                                                .collect(Collectors.joining(", "))));
    }

    private void requireFixedValues() {
        settings.integer("repeats", Integer.MIN_VALUE, Integer.MAX_VALUE)
                .filter(repeats -> repeats != 1)
                .ifPresent(repeats -> {
                    throw settings.required("repeats")
                            .error(
                                    "repeats " + repeats + " is not supported",
                                    "write repeats: 1: responses are greedy");
                });
        for (String ignored : List.of("tag", "group")) {
            settings.texts(ignored, true);
        }
        settings.text("task_alias");
    }

    private static Optional<String> version(Settings metadata) {
        return metadata.entry("version").map(entry -> {
            if (entry.value() instanceof Scalar scalar) {
                return scalar.text();
            }
            throw entry.error("'metadata.version' is not a number or text", "write version: 1.0");
        });
    }

    private DatasetReference dataset() {
        YamlText path = settings.source(settings.required("dataset_path"));
        Optional<String> name = settings.text("dataset_name");
        Optional<Settings> options = settings.settings("dataset_kwargs");
        Map<String, DataFile> splits;
        if (LOCAL_BUILDERS.contains(path.text()) && options.isPresent()) {
            splits = DataFileReader.ofBuilder(path.text(), options.get());
        } else {
            String key = name.map(suffix -> path.text() + "/" + suffix).orElse(path.text());
            splits = mappings.find(path.text(), name)
                    .orElseThrow(() -> path.error(
                            "dataset '" + key + "' has no local row files",
                            LOCAL_BUILDERS.contains(path.text())
                                    ? "add dataset_kwargs: {data_files: {SPLIT: FILE}}"
                                    : "add data: {" + key + ": {SPLIT: FILE}} to suite.yaml; nothing is downloaded"));
            options.ifPresent(stated -> stated.requireOnly(
                    Set.of(), Map.of("trust_remote_code", "remove it: task files run no Python code")));
        }
        return new DatasetReference(path.text(), name, splits);
    }

    private void requireSplits(Task task) {
        for (String key : List.of("training_split", "validation_split", "test_split", "fewshot_split")) {
            settings.source(key).ifPresent(split -> {
                if (!task.dataset().splits().containsKey(split.text())) {
                    throw split.error(
                            "dataset '" + task.dataset().path() + "' has no split '" + split.text() + "'",
                            "choose from "
                                    + String.join(
                                            ", ",
                                            task.dataset().splits().keySet().stream()
                                                    .sorted()
                                                    .toList()));
                }
            });
        }
        String shots = task.fewshotSplit();
        if (!task.dataset().splits().containsKey(shots)) {
            throw settings.required("fewshot_config")
                    .error("dataset '" + task.dataset().path() + "' has no split '" + shots + "'", "correct its name");
        }
    }

    private YamlText text(OutputType type) {
        Optional<YamlText> text = settings.source("doc_to_text");
        if (text.isEmpty() && type == OutputType.LOGLIKELIHOOD_ROLLING) {
            return new YamlText(
                    "", settings.mapping().file(), settings.mapping().line());
        }
        return parsed(text.orElseGet(() -> settings.source(settings.required("doc_to_text"))));
    }

    private Target target(boolean hasChoices) {
        Entry entry = settings.required("doc_to_target");
        if (entry.value() instanceof Scalar scalar && scalar.value() instanceof Long) {
            if (!hasChoices) {
                throw entry.error(
                        "'doc_to_target' is a number without doc_to_choice", "add doc_to_choice, or quote it");
            }
            return new Target.Fixed(
                    settings.integer("doc_to_target", 0, TaskLimits.CHOICES - 1).orElseThrow());
        }
        return new Target.Template(parsed(settings.source(entry)));
    }

    private Optional<Choices> choices(OutputType type) {
        Optional<Entry> entry = settings.entry("doc_to_choice");
        if (entry.isEmpty()) {
            if (type == OutputType.MULTIPLE_CHOICE) {
                settings.required("doc_to_choice");
            }
            return Optional.empty();
        }
        return Optional.of(
                switch (entry.get().value()) {
                    case Scalar _ -> new Choices.Template(parsed(settings.source(entry.get())));
                    case Sequence _ -> {
                        List<YamlText> texts =
                                settings.texts("doc_to_choice", false).orElseThrow();
                        if (texts.isEmpty() || texts.size() > TaskLimits.CHOICES) {
                            throw entry.get()
                                    .error(
                                            "'doc_to_choice' has " + texts.size() + " choices",
                                            "write 1 to " + TaskLimits.CHOICES + " choices");
                        }
                        texts.stream()
                                .filter(choice -> choice.text().isEmpty())
                                .findFirst()
                                .ifPresent(choice -> {
                                    throw choice.error("a choice is empty", "write a text, or remove the choice");
                                });
                        yield new Choices.Fixed(
                                texts.stream().map(YamlText::text).toList());
                    }
                    case Mapping _ ->
                        throw entry.get()
                                .error("'doc_to_choice' is a mapping", "write a list, a field name or a template");
                });
    }

    private FewShots fewShots() {
        int count = settings.integer("num_fewshot", 0, TaskLimits.SHOTS).orElse(0);
        Optional<Settings> config = settings.settings("fewshot_config");
        config.ifPresent(stated -> stated.requireOnly(Set.of("sampler", "split"), UnsupportedKeys.FEWSHOT_CONFIG));
        Optional<String> split =
                config.flatMap(stated -> stated.text("split")).or(() -> settings.text("fewshot_split"));
        Optional<YamlText> sampler = config.flatMap(stated -> stated.source("sampler"));
        return new FewShots(
                count,
                split,
                sampler.map(name -> switch (name.text()) {
                            case "default" -> FewShots.Sampler.DEFAULT;
                            case "first_n" -> FewShots.Sampler.FIRST_N;
                            default ->
                                throw name.error(
                                        "unknown sampler '" + name.text() + "'", "choose from default, first_n");
                        })
                        .orElse(FewShots.Sampler.DEFAULT));
    }

    private Optional<GenerationSetting> generation(OutputType type, String fewshotDelimiter) {
        Optional<Settings> stated = settings.settings("generation_kwargs");
        if (type != OutputType.GENERATE_UNTIL) {
            stated.ifPresent(_ -> {
                throw settings.required("generation_kwargs")
                        .error("'generation_kwargs' needs output_type: generate_until", "remove it");
            });
            return Optional.empty();
        }
        if (stated.isEmpty()) {
            return Optional.of(new GenerationSetting(List.of(fewshotDelimiter), GenerationSetting.DEFAULT_MAX_TOKENS));
        }
        Settings options = stated.get();
        options.requireOnly(Set.of("until", "max_gen_toks", "do_sample", "temperature"), UnsupportedKeys.GENERATION);
        if (options.truth("do_sample", false)) {
            throw options.required("do_sample")
                    .error("do_sample: true is not supported", "write do_sample: false: evaluations generate greedily");
        }
        options.entry("temperature")
                .filter(entry -> !(entry.value() instanceof Scalar scalar
                        && scalar.value() instanceof Number value
                        && value.doubleValue() == 0))
                .ifPresent(entry -> {
                    throw entry.error("a temperature other than 0 is not supported", "write temperature: 0.0");
                });
        List<String> until = options.texts("until", true)
                .map(texts -> texts.stream().map(YamlText::text).toList())
                .orElse(List.of(fewshotDelimiter));
        if (until.size() > TaskLimits.STOP_SEQUENCES || until.contains("")) {
            throw options.required("until")
                    .error(
                            "'until' has an empty text or more than " + TaskLimits.STOP_SEQUENCES + " texts",
                            "write texts that end a response");
        }
        return Optional.of(new GenerationSetting(
                until,
                options.integer("max_gen_toks", 1, TaskLimits.GENERATED_TOKENS)
                        .orElse(GenerationSetting.DEFAULT_MAX_TOKENS)));
    }

    private Optional<YamlText> decontaminationQuery() {
        Optional<YamlText> query =
                settings.source("doc_to_decontamination_query").map(TaskFileReader::parsed);
        return settings.truth("should_decontaminate", false)
                ? query.or(() -> settings.source("doc_to_text"))
                : Optional.empty();
    }

    private static YamlText parsed(YamlText template) {
        return TaskTemplate.compile(template).source();
    }
}
