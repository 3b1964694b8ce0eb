package io.rootstock.cli.demo;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.evaluation.ComparisonText;
import io.rootstock.cli.evaluation.EvaluationDetails;
import io.rootstock.cli.evaluation.EvaluationRequests;
import io.rootstock.cli.evaluation.ResultTable;
import io.rootstock.cli.operation.WatchedEvaluation;
import io.rootstock.cli.suite.LocalSuite;
import io.rootstock.cli.suite.SuiteCreation;
import io.rootstock.evaluation.task.suite.FolderFiles;
import io.rootstock.evaluation.v1.CreateSuiteRevisionRequest;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.Gate;
import io.rootstock.evaluation.v1.GetSuiteRevisionRequest;
import io.rootstock.evaluation.v1.ListGatesRequest;
import io.rootstock.evaluation.v1.SetGateRequest;
import io.rootstock.evaluation.v1.SetGateResponse;
import io.rootstock.evaluation.v1.ThresholdRule;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Suite, gates and evaluations of the demo; what exists with the same content is reused. */
final class DemoEvaluation {
    private static final int BOUND_DIGITS = 3;
    private static final double SCALE = 1000;

    private final Clients clients;
    private final Console console;
    private final EvaluationRequests requests;

    DemoEvaluation(Clients clients, Console console) {
        this.clients = clients;
        this.console = console;
        this.requests = new EvaluationRequests(clients);
    }

    /**
     * Creates a revision of the suite; returns its name.
     *
     * @param name suites/{suite}
     */
    String suite(String name, DemoSuite suite) {
        Optional<String> existing = DemoData.found(() -> clients.suites()
                .getSuiteRevision(
                        GetSuiteRevisionRequest.newBuilder().setName(name).build())
                .getRevision()
                .getName());
        SuiteCreation created = SuiteCreation.create(
                clients,
                LocalSuite.read(new FolderFiles(suite.folder())),
                true,
                CreateSuiteRevisionRequest.newBuilder().setSuite(name).build(),
                console);
        String revision = created.revision().getName();
        console.print("  %s: %s; at most %d rows of each are evaluated%s"
                .formatted(
                        revision,
                        created.rows().stream()
                                .map(task -> task.task() + " (" + Format.counted(task.rows(), "row") + ")")
                                .collect(Collectors.joining(", ")),
                        DemoSuite.LIMIT,
                        existing.equals(Optional.of(revision)) ? " (already exists)" : ""));
        return revision;
    }

    /**
     * A gate of the demo: the interval of a task's metric must not be beyond the value of a baseline.
     *
     * @param name name of the gate
     * @param bound value of the baseline
     * @param baseline name of the baseline
     */
    record Bound(String name, String task, String metric, double bound, String baseline) {}

    /** Sets a gate of the alias that a version is promoted to. */
    void gate(String version, Bound gate, String revision) {
        String alias = DemoPromotion.alias(version);
        Gate wanted = Gate.newBuilder()
                .setName(alias + "/gates/" + gate.name())
                .setSuiteRevision(revision)
                .setTask(gate.task())
                .setMetric(gate.metric())
                .setLimit(DemoSuite.LIMIT)
                .setThreshold(ThresholdRule.newBuilder().setBound(Math.round(gate.bound() * SCALE) / SCALE))
                .build();
        boolean exists =
                clients
                        .gates()
                        .listGates(ListGatesRequest.newBuilder().setAlias(alias).build())
                        .getGatesList()
                        .stream()
                        .anyMatch(
                                set -> set.toBuilder().clearUpdateTime().build().equals(wanted));
        if (!exists) {
            SetGateResponse _ = clients.gates()
                    .setGate(SetGateRequest.newBuilder().setGate(wanted).build());
        }
        console.print("  %s: %s must beat %s (%s)%s"
                .formatted(
                        wanted.getName(),
                        gate.metric(),
                        Format.fixed(wanted.getThreshold().getBound(), BOUND_DIGITS),
                        gate.baseline(),
                        exists ? " (already set)" : ""));
    }

    /** Evaluates a version, or returns its earlier evaluation with the same settings; prints the results. */
    Evaluation evaluate(String version, String revision) {
        EvaluationSpec spec = EvaluationSpec.newBuilder()
                .setVersion(version)
                .setSuite(revision)
                .setLimit(DemoSuite.LIMIT)
                .build();
        Optional<Evaluation> earlier = requests.reusable(requests.plan(spec));
        console.print("  " + Names.brief(version)
                + earlier.map(found -> ": " + found.getName() + " is reused").orElse(""));
        Evaluation evaluation = earlier.orElseGet(() -> run(spec));
        ResultTable.of(evaluation.getResultsList()).print(console);
        console.print("");
        return evaluation;
    }

    private Evaluation run(EvaluationSpec spec) {
        Evaluation created = requests.create(spec, UUID.randomUUID().toString());
        Evaluation ended = WatchedEvaluation.watch(clients, console, List.of(created.getName()))
                .getFirst();
        if (!EvaluationDetails.isSucceeded(ended)) {
            throw new CliException(
                    ended.getName() + " " + Labels.of(ended.getState()) + ": " + ended.getMessage(),
                    "run rootstock jobs resume " + Names.id(ended.getName()) + ", then rootstock demo");
        }
        return ended;
    }

    /** Prints the differences between two evaluations and the verdicts on them. */
    void compare(Evaluation base, Evaluation tuned) {
        new ComparisonText(requests.compare(base.getName(), tuned.getName()).getTasksList())
                .print(console, base, tuned);
    }
}
