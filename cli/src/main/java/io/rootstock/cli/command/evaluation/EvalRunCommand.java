package io.rootstock.cli.command.evaluation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.evaluation.ComparisonText;
import io.rootstock.cli.evaluation.EvaluationDetails;
import io.rootstock.cli.evaluation.EvaluationRequests;
import io.rootstock.cli.evaluation.ResultTable;
import io.rootstock.cli.operation.WatchedEvaluation;
import io.rootstock.evaluation.v1.CompareEvaluationsResponse;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.PromptFormat;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.GgufFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock eval run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        header = "Evaluate a version on a suite",
        description = {
            "Queues an evaluation for an evaluator and watches it. Prints the metrics of each task with half of their"
                    + " 95-percent interval, the value of random answers (chance), the number of rows, and of near ties:"
                    + " rows whose prediction the order of floating-point operations can change.",
            "--against also evaluates another version on the same rows, or uses an earlier evaluation of it with the"
                    + " same settings, and compares the two with paired tests.",
            "A classifier is evaluated on multiple_choice tasks whose choices are its classes, without examples."
        },
        footer = {
            "",
            "Examples:",
            "  rootstock eval run javadoc@production --suite base",
            "  rootstock eval run answers:3 --suite abilities --tasks sentiment --against base",
            "  rootstock eval run support --suite instruct --chat",
            "  rootstock eval run answers --suite abilities --check-contamination",
            "  rootstock eval run prose --suite base --limit 100 --detach"
        })
final class EvalRunCommand extends ServiceCommand {
    @Parameters(paramLabel = "MODEL", description = "Version: MODEL (latest version), MODEL@ALIAS or MODEL:NUMBER")
    private String model;

    @Option(
            names = "--suite",
            paramLabel = "SUITE",
            required = true,
            description = "Suite (newest revision), or SUITE/revisions/NUMBER")
    private String suite;

    @Option(
            names = "--tasks",
            paramLabel = "TASK",
            split = ",",
            description = "Tasks of the suite, comma-separated [default: all]")
    private List<String> tasks = List.of();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "0",
            description = "Rows of each task, the first ones; 0: all [default: ${DEFAULT-VALUE}]")
    private int limit;

    @Option(
            names = "--shots",
            paramLabel = "N",
            description = "Few-shot examples of each prompt, 0 to 100 [default: as each task says]")
    private Integer shots;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the few-shot examples [default: 1234]")
    private Long seed;

    @Option(
            names = "--chat",
            description = "Render the prompts with the version's chat template, as lm-evaluation-harness'"
                    + " --apply_chat_template")
    private boolean chat;

    @Option(
            names = "--quantization",
            paramLabel = "f32|f16|q8_0|q4_k_m|original",
            description = "GGUF file to evaluate [default: q8_0 if the version has it]")
    private GgufFile quantization;

    @Option(
            names = "--check-contamination",
            description =
                    "Search the training data of the version and its ancestors for the rows, and print the metrics"
                            + " without those found")
    private boolean checkContamination;

    @Option(
            names = "--against",
            paramLabel = "VERSION",
            description =
                    "Compare with this version: `base` (the version's parent), MODEL, MODEL@ALIAS or" + " MODEL:NUMBER")
    private String against;

    @Option(names = "--detach", description = "Create the evaluation without watching it")
    private boolean detach;

    @Option(
            names = "--request-id",
            paramLabel = "ID",
            description = "Idempotency key: a repeated request with the same ID returns the existing evaluation")
    private String requestId;

    @Override
    protected int run(Clients clients, Console console) {
        EvaluationRequests requests = new EvaluationRequests(clients);
        String id = requestId == null ? UUID.randomUUID().toString() : requestId;
        if (against == null) {
            Evaluation created = requests.create(spec(), id);
            console.note("created " + created.getName());
            return detach ? detached(console, List.of(created)) : watch(clients, console, created, Optional.empty());
        }
        return runAgainst(clients, console, requests, id);
    }

    private int runAgainst(Clients clients, Console console, EvaluationRequests requests, String id) {
        Evaluation plan = requests.plan(spec());
        EvaluationSpec otherSpec = requests.against(plan, spec(), against);
        Evaluation otherPlan = requests.plan(otherSpec);
        requireDifferent(plan, otherPlan, otherSpec.getQuantization() != spec().getQuantization(), console);
        Optional<Evaluation> earlier = requests.reusable(otherPlan);
        Evaluation baseline = earlier.orElseGet(() -> requests.create(otherSpec, id + "-against"));
        console.note((earlier.isPresent() ? "using " : "created ") + baseline.getName() + " of "
                + Names.brief(otherPlan.getResolved().getVersion()));
        EvaluationSpec pinned = spec().toBuilder()
                .setVersion(plan.getResolved().getVersion())
                .setSuite(plan.getResolved().getSuiteRevision())
                .build();
        Evaluation created = requests.create(pinned, id);
        console.note("created " + created.getName() + " of "
                + Names.brief(plan.getResolved().getVersion()));
        return detach
                ? detached(console, List.of(baseline, created))
                : watch(clients, console, created, Optional.of(baseline));
    }

    private EvaluationSpec spec() {
        EvaluationSpec.Builder spec = EvaluationSpec.newBuilder()
                .setVersion(Names.version(model, "latest"))
                .setSuite(Names.of("suites", suite))
                .addAllTasks(tasks)
                .setLimit(limit)
                .setCheckContamination(checkContamination);
        if (shots != null) {
            spec.setShots(shots);
        }
        if (seed != null) {
            spec.setSeed(seed);
        }
        if (chat) {
            spec.setPromptFormat(PromptFormat.PROMPT_FORMAT_CHAT);
        }
        if (quantization != null) {
            spec.setQuantization(quantization.kind());
        }
        return spec.build();
    }

    /**
     * Requires two versions, and warns if their files differ in kind.
     *
     * @param shared whether the other file is the one that the evaluated adapter applies to
     */
    private void requireDifferent(Evaluation plan, Evaluation other, boolean shared, Console console) {
        Artifact file = plan.getResolved().getArtifact();
        Artifact otherFile = other.getResolved().getArtifact();
        if (plan.getResolved().getVersion().equals(other.getResolved().getVersion())) {
            throw new CliException(
                    "--against " + against + " names the evaluated version, "
                            + Names.brief(plan.getResolved().getVersion()),
                    "name another version");
        }
        if (file.getKind() != otherFile.getKind() && !shared) {
            console.note("warning: the files differ in kind: %s of %s, %s of %s; a difference can come from it"
                    .formatted(
                            Labels.file(file.getKind()),
                            Names.brief(plan.getResolved().getVersion()),
                            Labels.file(otherFile.getKind()),
                            Names.brief(other.getResolved().getVersion())));
        }
    }

    private static int detached(Console console, List<Evaluation> evaluations) {
        for (Evaluation evaluation : evaluations) {
            console.printJson(evaluation);
        }
        String ids = String.join(
                " ", evaluations.stream().map(each -> Names.id(each.getName())).toList());
        console.note("hint: rootstock jobs watch "
                + Names.id(evaluations.getLast().getName())
                + (evaluations.size() == 1 ? "" : "; when both have ended: rootstock eval compare " + ids));
        return 0;
    }

    /** Watches the evaluations, and prints their results and comparison. Returns the exit code. */
    private static int watch(Clients clients, Console console, Evaluation created, Optional<Evaluation> baseline) {
        List<Evaluation> ended = new ArrayList<>();
        List<String> names = new ArrayList<>();
        baseline.filter(EvaluationDetails::isSucceeded).ifPresent(ended::add);
        baseline.filter(other -> !EvaluationDetails.isSucceeded(other))
                .map(Evaluation::getName)
                .ifPresent(names::add);
        names.add(created.getName());
        ended.addAll(WatchedEvaluation.watch(clients, console, names));
        Evaluation last = ended.getLast();
        if (!last.getName().equals(created.getName()) || !EvaluationDetails.isSucceeded(last)) {
            return 1;
        }
        ResultTable.print(console, last);
        if (baseline.isPresent()) {
            Evaluation first = ended.getFirst();
            CompareEvaluationsResponse comparison =
                    new EvaluationRequests(clients).compare(first.getName(), last.getName());
            console.printJson(comparison);
            console.print("");
            new ComparisonText(comparison.getTasksList()).print(console, first, last);
        }
        console.note("hint: rootstock eval report "
                + baseline.map(other -> Names.id(other.getName()) + " ").orElse("") + Names.id(last.getName())
                + " --to report.html");
        return 0;
    }
}
