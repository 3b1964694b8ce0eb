package io.rootstock.cli.command.gate;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.evaluation.v1.AgreementRule;
import io.rootstock.evaluation.v1.BetterRule;
import io.rootstock.evaluation.v1.ContaminationRule;
import io.rootstock.evaluation.v1.Gate;
import io.rootstock.evaluation.v1.NotWorseRule;
import io.rootstock.evaluation.v1.PromptFormat;
import io.rootstock.evaluation.v1.SetGateRequest;
import io.rootstock.evaluation.v1.ThresholdRule;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock gates set}. */
@Command(
        name = "set",
        mixinStandardHelpOptions = true,
        header = "Create or replace a gate",
        footer = {
            "",
            "Examples:",
            "  rootstock gates set support quality --suite base --task boolq --bound 0.6",
            "  rootstock gates set support gain --suite abilities --task translation_en_de --better-by 1",
            "  rootstock gates set support no-loss --suite base --task lambada --not-worse-by 0.02",
            "  rootstock gates set support q8 --suite base --task arc_easy --agreement 0.98",
            "  rootstock gates set support unseen --suite base --task arc_easy --max-contamination 0.01"
        })
final class GatesSetCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "Model of the alias")
    private String model;

    @Parameters(index = "1", paramLabel = "GATE", description = "Name of the gate")
    private String gate;

    @Option(
            names = "--alias",
            paramLabel = "ALIAS",
            defaultValue = "production",
            description = "Alias of the gate [default: ${DEFAULT-VALUE}]")
    private String alias;

    @Option(
            names = "--suite",
            required = true,
            paramLabel = "SUITE",
            description = "Suite, or SUITE/revisions/NUMBER [default: the newest revision]")
    private String suite;

    @Option(names = "--task", required = true, paramLabel = "TASK", description = "Task of the suite")
    private String task;

    @Option(
            names = "--metric",
            paramLabel = "METRIC",
            defaultValue = "",
            description = "Metric of the task [default: its first one]")
    private String metric;

    @Option(
            names = "--limit",
            paramLabel = "ROWS",
            defaultValue = "0",
            description = "Rows of the task that evaluations must have, the first ones [default: all]")
    private int limit;

    @Option(
            names = "--shots",
            paramLabel = "N",
            description = "Few-shot examples that evaluations must have [default: as the task says]")
    private Integer shots;

    @Option(names = "--chat", description = "Read evaluations with chat prompts, of `eval run --chat`")
    private boolean chat;

    @ArgGroup(multiplicity = "1")
    private Rule rule;

    private static final class Rule {
        @Option(
                names = "--bound",
                paramLabel = "VALUE",
                description =
                        "The metric's 95-percent interval is not below VALUE, or not above it where less is better")
        private Double bound;

        @Option(
                names = "--better-by",
                paramLabel = "GAIN",
                description = "The paired test finds the version better than the alias's current one, by at least GAIN"
                        + " (may be 0)")
        private Double gain;

        @Option(
                names = "--not-worse-by",
                paramLabel = "MARGIN",
                description =
                        "The loss against the alias's current version is at most MARGIN (paired 95-percent interval)")
        private Double margin;

        @Option(
                names = "--agreement",
                paramLabel = "SHARE",
                description = "The default GGUF file has the first score of the F32 file on this share of the rows")
        private Double share;

        @Option(
                names = "--max-contamination",
                paramLabel = "SHARE",
                description = "At most this share of the rows is in the training data of the version and its ancestors;"
                        + " needs eval run --check-contamination")
        private Double contamination;
    }

    @Option(
            names = "--p-value",
            paramLabel = "P",
            defaultValue = "0.05",
            description = "With --better-by: largest p-value [default: ${DEFAULT-VALUE}]")
    private double pValue;

    @Override
    protected int run(Clients clients, Console console) {
        Gate.Builder request = Gate.newBuilder()
                .setName(Names.gate(model, alias, gate))
                .setSuiteRevision(Names.of("suites", suite))
                .setTask(task)
                .setMetric(metric)
                .setLimit(limit);
        if (shots != null) {
            request.setShots(shots);
        }
        if (chat) {
            request.setPromptFormat(PromptFormat.PROMPT_FORMAT_CHAT);
        }
        if (rule.bound != null) {
            request.setThreshold(ThresholdRule.newBuilder().setBound(rule.bound));
        } else if (rule.margin != null) {
            request.setNotWorseThanCurrent(NotWorseRule.newBuilder().setMargin(rule.margin));
        } else if (rule.share != null) {
            request.setQuantizationAgrees(AgreementRule.newBuilder().setMinimumShare(rule.share));
        } else if (rule.contamination != null) {
            request.setContamination(ContaminationRule.newBuilder().setMaximumShare(rule.contamination));
        } else {
            request.setBetterThanCurrent(
                    BetterRule.newBuilder().setMinimumGain(rule.gain).setMaximumPValue(pValue));
        }
        Gate stored = clients.gates()
                .setGate(SetGateRequest.newBuilder().setGate(request).build())
                .getGate();
        console.printJson(stored);
        console.print(stored.getName() + ": " + stored.getTask() + " " + stored.getMetric() + " on "
                + stored.getSuiteRevision() + " (" + GateText.rows(stored) + "), " + GateText.rule(stored));
        return 0;
    }
}
