package io.rootstock.cli.pipeline;

import io.rootstock.yaml.Settings;
import io.rootstock.yaml.YamlValue;
import io.rootstock.yaml.YamlValue.Entry;
import io.rootstock.yaml.YamlValue.Mapping;
import io.rootstock.yaml.YamlValue.Scalar;
import io.rootstock.yaml.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/**
 * Turns the keys of a step into arguments of its command: a key is an option without its hyphens, or an argument in lower
 * case. A list repeats an option; true sets a flag, and false leaves it out.
 */
final class StepArguments {
    /** Options that the pipeline itself sets or that would keep it from waiting for a step. */
    private static final Set<String> NOT_IN_FILES = Set.of(
            "help",
            "help-all",
            "version",
            "json",
            "output",
            "verbose",
            "home",
            "detach",
            "plan-only",
            "validate-only",
            "request-id",
            "yes");

    private final StepKind kind;
    private final CommandLine root;
    private final CommandLine command;

    /** @param root the command line with all commands */
    StepArguments(StepKind kind, CommandLine root) {
        this.kind = kind;
        this.root = root;
        CommandLine found = root;
        for (String word : kind.command()) {
            found = found.getSubcommands().get(word);
        }
        command = found;
    }

    Step step(String name, YamlValue value) {
        Settings settings = Settings.of(name, value);
        settings.requireOnly(keys(), Map.of());
        List<String> options = new ArrayList<>();
        List<String> positional = new ArrayList<>();
        for (Entry entry : settings.mapping().entries().values()) {
            Optional<PositionalParamSpec> argument = argument(entry.key());
            if (argument.isPresent()) {
                positional.add(text(entry.key(), entry.value()));
            } else {
                options.addAll(option(entry));
            }
        }
        String output = settings.entry(kind == StepKind.DATASET ? "name" : "model")
                .map(entry -> text(entry.key(), entry.value()))
                .orElse("");
        List<String> arguments = new ArrayList<>(positional);
        arguments.addAll(options);
        Step step = new Step(kind, arguments, output, value.file(), value.line());
        check(step, value);
        return step;
    }

    /** Parses the arguments as the command will. */
    private void check(Step step, YamlValue value) {
        try {
            root.parseArgs(step.words("model:1").toArray(String[]::new));
        } catch (ParameterException invalid) {
            throw value.error(
                    "invalid step '" + kind.key() + "': " + invalid.getMessage(),
                    command.getCommandSpec().qualifiedName() + " --help");
        }
    }

    private Set<String> keys() {
        Stream<String> options = command.getCommandSpec().options().stream().map(StepArguments::key);
        return Stream.concat(options.filter(key -> !NOT_IN_FILES.contains(key) && !isConnection(key)), arguments())
                .collect(Collectors.toSet());
    }

    private Stream<String> arguments() {
        return kind.takesVersion()
                ? Stream.empty()
                : command.getCommandSpec().positionalParameters().stream().map(StepArguments::key);
    }

    private Optional<PositionalParamSpec> argument(String key) {
        return kind.takesVersion()
                ? Optional.empty()
                : command.getCommandSpec().positionalParameters().stream()
                        .filter(argument -> key(argument).equals(key))
                        .findFirst();
    }

    private static boolean isConnection(String key) {
        return key.endsWith("-endpoint")
                || key.equals("token-file")
                || key.equals("certificate-authority")
                || key.startsWith("client-");
    }

    private static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^--", "");
    }

    private static String key(PositionalParamSpec argument) {
        return argument.paramLabel().toLowerCase(Locale.ROOT);
    }

    private List<String> option(Entry entry) {
        String option = "--" + entry.key();
        boolean flag = command.getCommandSpec().findOption(option).arity().max() == 0;
        return switch (entry.value()) {
            case Scalar scalar
            when flag && scalar.value() instanceof Boolean truth -> truth ? List.of(option) : List.of();
            case Scalar scalar
            when flag ->
                throw scalar.error(
                        "'" + entry.key() + "' must be true or false, not " + scalar.kind(),
                        "write " + entry.key() + ": true");
            case Scalar scalar -> List.of(option + "=" + text(entry.key(), scalar));
            case Sequence list ->
                list.items().stream()
                        .map(item -> option + "=" + text(entry.key(), item))
                        .toList();
            case Mapping mapping ->
                mapping.entries().values().stream()
                        .map(item -> option + "=" + item.key() + "=" + text(entry.key(), item.value()))
                        .toList();
        };
    }

    private static String text(String key, YamlValue value) {
        if (value instanceof Scalar scalar && scalar.value() != null) {
            return scalar.text();
        }
        throw value.error("'" + key + "' must be a text or number, not " + value.kind(), "write " + key + ": VALUE");
    }
}
