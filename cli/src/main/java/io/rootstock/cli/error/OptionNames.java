package io.rootstock.cli.error;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Writes a service's error with the names of the command line: request fields become options of the command that was
 * called, values of enums become values of options. A name without a counterpart stays.
 */
public final class OptionNames {
    /** Options and arguments whose names differ from their fields'. */
    private static final Map<String, String> OTHER_NAMES = Map.ofEntries(
            Map.entry("sources", "--file"),
            Map.entry("source-digests", "--file"),
            Map.entry("maximum-epochs", "--source"),
            Map.entry("fields", "--field"),
            Map.entry("maximum-refused-rows", "--max-rejected-rows"),
            Map.entry("balance-classes", "--balance"),
            Map.entry("vocabulary-size", "--vocabulary"),
            Map.entry("class-weighting", "--class-weights"),
            Map.entry("warmup-fraction", "--warmup"),
            Map.entry("decay-fraction", "--decay"),
            Map.entry("output-model", "--model"),
            Map.entry("skip-quantizations", "--no-quantizations"),
            Map.entry("adapter-digest", "--adapter"),
            Map.entry("base-digest", "--base"),
            Map.entry("dataset-digest", "--dataset"),
            Map.entry("grants", "--grant"),
            Map.entry("added", "GRANT"),
            Map.entry("removed", "GRANT"),
            Map.entry("principal", "--for"),
            Map.entry("version", "MODEL"),
            Map.entry("suite", "NAME"),
            Map.entry("files", "--from"),
            Map.entry("first", "EVALUATION1"),
            Map.entry("second", "EVALUATION2"),
            Map.entry("flipped-against", "--flipped"),
            Map.entry("tasks", "--task"),
            Map.entry("suite-revision", "--suite"),
            Map.entry("minimum-gain", "--better-by"),
            Map.entry("maximum-p-value", "--p-value"),
            Map.entry("margin", "--not-worse-by"),
            Map.entry("minimum-share", "--agreement"),
            Map.entry("maximum-share", "--max-contamination"),
            Map.entry("text", "RECIPE"),
            Map.entry("spark-master", "--master"),
            Map.entry("name", "ID"));

    private static final Pattern INDEX = Pattern.compile("\\[[^]]*]");
    /** A field within a text; quoted names and parts of paths are the user's. */
    private static final Pattern FIELD =
            Pattern.compile("(?<![\\w.'\"`/-])[a-z0-9]+(?:[._][a-z0-9]+)*_[a-z0-9]+(?:[._][a-z0-9]+)*(?![\\w'\"`/-])");

    private static final Pattern ENUM_VALUE = Pattern.compile("\\b(?:DATASET_KIND|LONG_ROW_HANDLING|PRE_TOKENIZER|TASK"
            + "|TUNING_METHOD|CLASS_WEIGHTING|OPTIMIZER|SCHEDULE|RECOMPUTE|PRECISION|JOB_KIND|JOB_STATE|ARTIFACT_KIND"
            + "|CORPUS_STATE|CORPUS_ENGINE)"
            + "_([A-Z0-9_]+)\\b");

    private final CommandSpec command;

    public OptionNames(CommandSpec command) {
        this.command = command;
    }

    /** Returns the error with the command's names in its fields and texts. */
    public ErrorReport apply(ErrorReport report) {
        Map<String, String> fields = new LinkedHashMap<>();
        report.fields()
                .forEach((field, description) ->
                        fields.merge(named(field), text(description), (first, second) -> first + "; " + second));
        return new ErrorReport(report.code(), report.reason(), text(report.message()), fields, report.hint());
    }

    /** A field of an element, such as {@code sources[0].weight}, becomes the option of its list and the field's name. */
    private String named(String field) {
        String path = INDEX.matcher(field).replaceAll("");
        return option(path)
                .or(() -> element(path, path.lastIndexOf('.')))
                .or(() -> argument(path.substring(path.lastIndexOf('.') + 1)))
                .orElse(field);
    }

    /** The name of the part of a path before a dot, or before an earlier one, with the rest of the path. */
    private Optional<String> element(String path, int dot) {
        if (dot < 0) {
            return Optional.empty();
        }
        String list = path.substring(0, dot);
        return option(list)
                .or(() -> argument(list))
                .map(name -> name + " " + words(path.substring(dot + 1)))
                .or(() -> element(path, list.lastIndexOf('.')));
    }

    private String text(String text) {
        String options =
                FIELD.matcher(text).replaceAll(found -> option(found.group()).orElse(found.group()));
        return ENUM_VALUE
                .matcher(options)
                .replaceAll(value -> value.group(1).toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /** The option of a field's path: of its last name, or of its last two. */
    private Optional<String> option(String path) {
        String[] names = path.replace('_', '-').split("\\.", -1);
        String last = names[names.length - 1];
        String lastTwo = names.length > 1 ? names[names.length - 2] + "-" + last : last;
        return Stream.of("--" + last, "--" + lastTwo, OTHER_NAMES.getOrDefault(last, ""))
                .filter(this::isOption)
                .findFirst();
    }

    /** Whether the command has the option; --help and --version are not values of a request. */
    private boolean isOption(String name) {
        OptionSpec option = command.findOption(name);
        return option != null && !option.usageHelp() && !option.versionHelp();
    }

    private Optional<String> argument(String field) {
        return command.positionalParameters().stream()
                .map(PositionalParamSpec::paramLabel)
                .filter(label -> label.equalsIgnoreCase(field)
                        || label.equals(OTHER_NAMES.getOrDefault(field.replace('_', '-'), "")))
                .findFirst();
    }

    private static String words(String path) {
        return path.replace('_', ' ').replace('.', ' ');
    }
}
