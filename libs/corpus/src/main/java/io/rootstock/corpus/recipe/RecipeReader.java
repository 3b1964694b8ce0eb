package io.rootstock.corpus.recipe;

import io.rootstock.names.InvalidNameException;
import io.rootstock.names.ResourceName;
import io.rootstock.yaml.Settings;
import io.rootstock.yaml.YamlReader;
import io.rootstock.yaml.YamlText;
import io.rootstock.yaml.YamlValue;
import io.rootstock.yaml.YamlValue.Entry;
import io.rootstock.yaml.YamlValue.Mapping;
import io.rootstock.yaml.YamlValue.Scalar;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads recipes. Unknown keys, steps and parameters are refused with file, line and remedy. */
public final class RecipeReader {
    /** Sources of a recipe. */
    public static final int SOURCES = 1_000;

    /** Smallest unit in bytes. */
    public static final long MIN_UNIT = 64 << 10;

    /** Largest unit in bytes. */
    public static final long MAX_UNIT = 4L << 30;

    /** Default size of a unit in bytes. */
    public static final long UNIT = 64L << 20;

    /** Formats that a source can state. */
    public static final List<String> FORMATS =
            List.of("text", "markdown", "jsonl", "json", "csv", "tsv", "parquet", "warc", "wet");

    /** Fields of a record that a source can name. */
    public static final List<String> FIELDS = List.of("text", "url", "licence");

    /** Rules that split text into words. */
    public static final List<String> PRE_TOKENIZERS =
            List.of("gpt2", "cl100k", "llama3", "qwen2", "smollm", "tekken", "o200k");

    /** Smallest vocabulary of a trained tokenizer: bytes and special tokens. */
    public static final int MIN_VOCABULARY = 261;

    /** Largest vocabulary of a trained tokenizer. */
    public static final int MAX_VOCABULARY = 1 << 20;

    /** Default vocabulary of a trained tokenizer. */
    public static final int VOCABULARY = 32_000;

    /** Default minimum number of occurrences of a merged pair. */
    public static final long FREQUENCY = 2;

    private static final Set<String> KEYS =
            Set.of("version", "sources", "unit_bytes", "steps", "tokenizer", "splits", "seed");
    /** Keys that do not change the result. */
    private static final Map<String, String> ENGINE_KEYS = Map.of(
            "workers", "pass --workers to the command: it does not change the result",
            "threads", "pass --threads to the command: it does not change the result",
            "memory", "pass --memory to the command: it does not change the result",
            "master", "pass --master to the command: it does not change the result");

    private static final Set<String> SOURCE_KEYS =
            Set.of("name", "files", "format", "fields", "licence", "weight", "maximum_epochs");

    private final Map<String, StepKind> kinds = new HashMap<>();

    /** Creates a reader that knows some steps. */
    public RecipeReader(List<StepKind> kinds) {
        kinds.forEach(kind -> this.kinds.put(kind.name(), kind));
    }

    /**
     * Reads a recipe.
     *
     * @param file name for errors
     * @param in bytes of the file; not closed
     * @throws io.rootstock.yaml.InvalidFileException with file, line, reason and remedy
     */
    public Recipe read(String file, InputStream in) throws IOException {
        Settings settings = new Settings("", YamlReader.read(file, in, Map.of()));
        settings.requireOnly(KEYS, ENGINE_KEYS);
        settings.required("version");
        settings.integer("version", 1, 1);
        Optional<Settings> training = settings.entry("tokenizer")
                .map(Entry::value)
                .filter(Mapping.class::isInstance)
                .map(value -> Settings.of("tokenizer", value));
        return new Recipe(
                sources(settings),
                settings.whole("unit_bytes", MIN_UNIT, MAX_UNIT).orElse(UNIT),
                steps(settings),
                training.isPresent()
                        ? training.map(stated -> tokenizer(stated.source(stated.required("train"))))
                        : settings.source("tokenizer").map(RecipeReader::tokenizer),
                training.map(RecipeReader::training),
                settings.settings("splits").map(RecipeReader::splits).orElse(new Recipe.HeldOut(0, 0)),
                settings.whole("seed", 0, Long.MAX_VALUE).orElse(0L));
    }

    private static String tokenizer(YamlText name) {
        try {
            return ResourceName.parse("tokenizers", name.text()).toString();
        } catch (InvalidNameException _) {
            throw name.error(
                    "'tokenizer' is '" + name.text() + "'",
                    "write tokenizers/NAME, with at most 63 lower-case letters, digits and hyphens, a letter first");
        }
    }

    private static Recipe.TokenizerTraining training(Settings training) {
        training.requireOnly(Set.of("train", "vocabulary_size", "pre_tokenizer", "minimum_frequency"), Map.of());
        return new Recipe.TokenizerTraining(
                training.integer("vocabulary_size", MIN_VOCABULARY, MAX_VOCABULARY)
                        .orElse(VOCABULARY),
                training.source("pre_tokenizer")
                        .map(text -> choice("pre_tokenizer", text, PRE_TOKENIZERS))
                        .orElse(PRE_TOKENIZERS.getFirst()),
                training.whole("minimum_frequency", 1, Long.MAX_VALUE).orElse(FREQUENCY));
    }

    private static Recipe.HeldOut splits(Settings splits) {
        splits.requireOnly(Set.of("validation", "test"), Map.of("train", "remove it: the rest is for training"));
        return new Recipe.HeldOut(
                splits.decimal("validation", 0, 0.5).orElse(0.0),
                splits.decimal("test", 0, 0.5).orElse(0.0));
    }

    private List<RecipeSource> sources(Settings settings) {
        Entry entry = settings.required("sources");
        List<YamlValue> items = settings.items("sources", false).orElseThrow();
        if (items.isEmpty() || items.size() > SOURCES) {
            throw entry.error("'sources' has " + items.size() + " entries", "name 1 to " + SOURCES + " sources");
        }
        List<RecipeSource> sources = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlValue item : items) {
            RecipeSource source = source(Settings.of("sources", item));
            if (!names.add(source.name())) {
                throw item.error("source '" + source.name() + "' is stated twice", "rename one of the two");
            }
            sources.add(source);
        }
        return sources;
    }

    private static RecipeSource source(Settings settings) {
        settings.requireOnly(SOURCE_KEYS, Map.of());
        YamlText name = settings.source(settings.required("name"));
        if (!name.text().matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw name.error(
                    "source name '" + name.text() + "' is invalid",
                    "write at most 63 lower-case letters, digits and hyphens");
        }
        Entry files = settings.required("files");
        List<String> paths = settings.texts("files", true).orElseThrow().stream()
                .map(YamlText::text)
                .toList();
        if (paths.isEmpty() || paths.contains("")) {
            throw files.error("'files' of source '" + name.text() + "' names no file", "name a path or glob");
        }
        settings.entry("weight").ifPresent(weight -> requirePositive(weight, settings.decimal("weight", 0, 1e9)));
        settings.entry("maximum_epochs")
                .ifPresent(epochs -> requirePositive(epochs, settings.decimal("maximum_epochs", 0, 1e6)));
        return new RecipeSource(
                name.text(),
                paths,
                settings.source("format").map(format -> choice("format", format, FORMATS)),
                settings.settings("fields").map(RecipeReader::fields).orElse(Map.of()),
                settings.text("licence").orElse(""),
                settings.decimal("weight", 0, 1e9).orElse(1.0),
                settings.decimal("maximum_epochs", 0, 1e6));
    }

    private static void requirePositive(Entry entry, Optional<Double> value) {
        if (value.isPresent() && value.get() == 0) {
            throw entry.error("'" + entry.key() + "' is 0", "write a number above 0, or remove the source");
        }
    }

    private static Map<String, String> fields(Settings fields) {
        fields.requireOnly(Set.copyOf(FIELDS), Map.of());
        return FIELDS.stream()
                .filter(field -> fields.text(field).isPresent())
                .collect(Collectors.toMap(
                        field -> field, field -> fields.text(field).orElseThrow()));
    }

    private List<StepSettings> steps(Settings settings) {
        List<StepSettings> steps = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (YamlValue item : settings.items("steps", false).orElse(List.of())) {
            StepSettings step = step(item);
            if (!names.add(step.kind().name())) {
                throw item.error("step '" + step.kind().name() + "' is stated twice", "remove one of the two");
            }
            steps.add(step);
        }
        return steps;
    }

    private StepSettings step(YamlValue item) {
        if (item instanceof Scalar scalar && scalar.value() instanceof String name) {
            return new StepSettings(kind(name, item), defaults(kind(name, item)), item.line());
        }
        if (!(item instanceof Mapping mapping) || mapping.entries().size() != 1) {
            throw item.error("a step is " + item.kind(), "write - STEP, or - STEP: {PARAMETER: VALUE}");
        }
        Entry entry = mapping.entries().values().iterator().next();
        StepKind kind = kind(entry.key(), item);
        return new StepSettings(kind, values(kind, Settings.of(kind.name(), entry.value())), entry.line());
    }

    private StepKind kind(String name, YamlValue item) {
        StepKind kind = kinds.get(name);
        if (kind == null) {
            throw item.error(
                    "unknown step '" + name + "'",
                    "known steps: " + kinds.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return kind;
    }

    private static Map<String, Object> defaults(StepKind kind) {
        return kind.parameters().stream().collect(Collectors.toMap(Parameter::name, Parameter::standard));
    }

    private static Map<String, Object> values(StepKind kind, Settings settings) {
        settings.requireOnly(kind.parameters().stream().map(Parameter::name).collect(Collectors.toSet()), Map.of());
        Map<String, Object> values = defaults(kind);
        for (Parameter parameter : kind.parameters()) {
            String name = parameter.name();
            Optional<?> value = switch (parameter.type()) {
                case Parameter.Type.Whole(long least, long most) -> settings.whole(name, least, most);
                case Parameter.Type.Decimal(double least, double most) -> settings.decimal(name, least, most);
                case Parameter.Type.Truth _ -> settings.entry(name).map(_ -> settings.truth(name, false));
                case Parameter.Type.Word _ -> settings.text(name);
                case Parameter.Type.Choice(List<String> choices) ->
                    settings.source(name).map(text -> choice(name, text, choices));
                case Parameter.Type.Words _ ->
                    settings.texts(name, true)
                            .map(texts -> texts.stream().map(YamlText::text).toList());
            };
            value.ifPresent(stated -> values.put(name, stated));
        }
        return values;
    }

    private static String choice(String key, YamlText text, List<String> choices) {
        if (!choices.contains(text.text())) {
            throw text.error("'" + key + "' is '" + text.text() + "'", "choose from " + String.join(", ", choices));
        }
        return text.text();
    }
}
