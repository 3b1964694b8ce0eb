package io.rootstock.cli;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.CommonOptions;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.operation.TrainedVersion;
import io.rootstock.cli.pipeline.PipelineFile;
import io.rootstock.cli.pipeline.Step;
import io.rootstock.cli.pipeline.StepKind;
import io.rootstock.registry.v1.GetModelRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code rootstock apply}. It is beside the root command because it runs other commands. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        header = "Run a pipeline: dataset, run, evaluation, promotion",
        description =
                "Runs the steps of a YAML file in the order dataset, pretrain or finetune, evaluate, promote, and stops"
                        + " at the first that fails. The keys of a step are the options of its command: dataset prepare, pretrain,"
                        + " finetune, eval run and models promote; the last two take the version of the run.",
        footer = {
            "",
            "Examples:",
            "  rootstock apply -f spam.yaml --dry-run",
            "  rootstock apply -f spam.yaml --from evaluate"
        })
final class ApplyCommand implements Callable<Integer> {
    private static final String NEW_VERSION = "VERSION-OF-THE-RUN";

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "YAML file of the pipeline")
    private Path file;

    @Option(names = "--dry-run", description = "Check the file and print the commands without running them")
    private boolean dryRun;

    @Option(
            names = "--from",
            paramLabel = "dataset|pretrain|finetune|evaluate|promote",
            description =
                    "Begin at this step, after an earlier one has succeeded; later steps take the latest version of"
                            + " the model [default: the first]")
    private StepKind from;

    private Optional<String> version = Optional.empty();

    @Override
    public Integer call() {
        CommandLine whole = Rootstock.commandLine(
                spec.commandLine().getOut(), spec.commandLine().getErr());
        List<Step> all = PipelineFile.read(file, whole);
        List<Step> steps = all.stream()
                .filter(step -> from == null || step.kind().compareTo(from) >= 0)
                .toList();
        if (steps.isEmpty()) {
            throw new CliException("the pipeline has no step from " + from.key() + " on", "omit --from");
        }
        String model = model(all, steps);
        return dryRun ? print(steps) : run(steps, model);
    }

    private int print(List<Step> steps) {
        Console console = common.console();
        for (Step step : steps) {
            List<String> words = new ArrayList<>(List.of("rootstock"));
            words.addAll(step.words(NEW_VERSION));
            console.printJson(Map.of("step", step.kind().key(), "command", words));
            console.print(shellLine(words));
        }
        return 0;
    }

    private int run(List<Step> steps, String model) {
        Console console = common.console();
        for (Step step : steps) {
            List<String> words = new ArrayList<>(step.words(step.kind().takesVersion() ? version(model) : ""));
            console.note("rootstock " + shellLine(words));
            words.addAll(inherited());
            int code = run(words.toArray(String[]::new));
            if (code != 0) {
                console.note(
                        "error: the step " + step.kind().key() + " (" + step.file() + ":" + step.line() + ") failed");
                console.note("hint: continue with: rootstock apply -f " + shellLine(List.of(file.toString()))
                        + " --from " + step.kind().key());
                return code;
            }
        }
        return 0;
    }

    private int run(String... words) {
        CommandLine line = Rootstock.commandLine(
                CommandTree.of(words),
                spec.commandLine().getOut(),
                spec.commandLine().getErr());
        int code = line.execute(words);
        ParseResult parsed = line.getParseResult();
        while (parsed != null && parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        if (parsed != null && parsed.commandSpec().userObject() instanceof TrainedVersion run) {
            version = run.trainedVersion().map(Names::brief);
        }
        return code;
    }

    /** Options of this invocation that its steps have too: format, data directory and connections. */
    private List<String> inherited() {
        return spec.commandLine().getParseResult().matchedOptions().stream()
                .filter(option -> !option.longestName().equals("--file")
                        && !option.longestName().equals("--dry-run")
                        && !option.longestName().equals("--from"))
                .map(option -> option.arity().max() == 0
                        ? option.longestName()
                        : option.longestName() + "="
                                + option.originalStringValues().getLast())
                .toList();
    }

    /** The version of the run, else the latest version of its model. */
    private String version(String model) {
        return version.orElseGet(() -> {
            try (Clients clients = new Clients(common.endpoints())) {
                return model + ":"
                        + clients.models()
                                .getModel(GetModelRequest.newBuilder()
                                        .setName(Names.of("models", model))
                                        .build())
                                .getModel()
                                .getLatestVersion();
            }
        });
    }

    /** Model of the run, which evaluations and a promotion need. */
    private static String model(List<Step> all, List<Step> steps) {
        return all.stream()
                .filter(step -> step.kind().trains())
                .map(Step::output)
                .findFirst()
                .orElseGet(() -> {
                    steps.stream()
                            .filter(step -> step.kind().takesVersion())
                            .findFirst()
                            .ifPresent(step -> {
                                throw new CliException(
                                        step.file() + ":" + step.line() + ": the step "
                                                + step.kind().key()
                                                + " needs the version of a run, and the pipeline has none",
                                        "add a step pretrain or finetune");
                            });
                    return "";
                });
    }

    /** The words in one line, as a POSIX shell reads them: those with characters of the shell in single quotes. */
    private static String shellLine(List<String> words) {
        return words.stream().map(ApplyCommand::quote).collect(Collectors.joining(" "));
    }

    private static String quote(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
