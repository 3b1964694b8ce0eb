package io.rootstock.cli.command.training;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.client.Training;
import io.rootstock.cli.command.MadeFileConverter;
import io.rootstock.cli.command.MaxCost;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.MixturePlanTable;
import io.rootstock.cli.display.PlanReport;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.operation.WatchedJob;
import io.rootstock.names.AliasName;
import io.rootstock.names.EnumNames;
import io.rootstock.names.InvalidNameException;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobPriority;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.GgufFile;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Option;

/** Options of creating and watching a job. */
final class RunOptions {
    enum Priority {
        LOW,
        NORMAL,
        HIGH
    }

    @Option(
            names = "--dollars-per-hour",
            paramLabel = "PRICE",
            defaultValue = "0",
            description = "Price of the device in dollars per hour [default: from the price table]")
    private double dollarsPerHour;

    @Option(
            names = "--max-cost",
            paramLabel = "DOLLARS",
            defaultValue = "0",
            description = "Pause the job before it costs more than this [default: no limit]")
    private double maxCost;

    @Option(
            names = "--priority",
            paramLabel = "PRIORITY",
            defaultValue = "NORMAL",
            description = "Place in the queue: low, normal, high; running jobs stop at a checkpoint for higher ones"
                    + " [default: normal]")
    private Priority priority;

    @Option(
            names = "--team",
            paramLabel = "GROUP",
            description = "Group whose share and quota the job uses [default: your own]")
    private String team;

    @Option(names = "--no-quantizations", description = "Store only F32, without quantizations and their evaluation")
    private boolean noQuantizations;

    @Option(
            names = "--quantizations",
            paramLabel = "NAME",
            split = ",",
            converter = MadeFileConverter.class,
            completionCandidates = MadeFileConverter.class,
            description = "GGUF files to store: F32, F16, Q8_0, Q4_K_M; others can be made later with `models quantize`"
                    + " [default: rootstock.trainer.quantizations of the trainer, Q8_0]")
    private List<GgufFile> quantizations = List.of();

    @Option(names = "--plan-only", description = "Print the plan without creating the job")
    private boolean planOnly;

    @Option(names = "--detach", description = "Create the job without watching it")
    private boolean detach;

    @Option(
            names = "--promote",
            paramLabel = "ALIAS",
            description =
                    "Point this alias at the new version if the job succeeds; the inference service serves the alias"
                            + " `production`")
    private String promote;

    @Option(
            names = "--request-id",
            paramLabel = "ID",
            description = "Idempotency key: a repeated request with the same ID returns the existing job")
    private String requestId;

    @Option(
            names = {"-y", "--yes"},
            description = "Create jobs of more than an hour without confirmation; without a terminal they start"
                    + " unconfirmed")
    private boolean yes;

    private Optional<String> version = Optional.empty();

    /** Prints the plan, creates the job and watches it. Returns the exit code. */
    int start(JobSpec.Builder request, String task, Clients clients, Console console) {
        if (noQuantizations && !quantizations.isEmpty()) {
            throw new CliException("--no-quantizations excludes --quantizations", "omit one of them");
        }
        JobSpec spec = request.setDollarsPerHour(dollarsPerHour)
                .setMaxCostDollars(maxCost)
                .setPriority(EnumNames.parse(JobPriority.class, priority.name()))
                .setTeam(team == null ? "" : Names.of("groups", team))
                .addAllQuantizations(GgufFile.kinds(quantizations))
                .setSkipQuantizations(noQuantizations)
                .build();
        MaxCost.require(maxCost);
        Optional<AliasName> alias = alias(spec);
        Training training = new Training(clients);
        EstimateRunResponse plan = training.plan(spec, false);
        if (LongRunWarning.needsProbe(plan)) {
            console.note("measuring a few steps for a better estimate");
            plan = training.plan(spec, true);
        }
        console.printJson(plan);
        console.print("plan:");
        PlanReport.lines(plan).forEach(console::print);
        if (plan.hasMixture()) {
            MixturePlanTable.print(plan.getMixture(), console);
        }
        if (LongRunWarning.isLong(plan) && !spec.getHyperparameters().hasSeconds()) {
            LongRunWarning.Alternative alternative = LongRunWarning.alternative(spec, plan.getHyperparameters());
            boolean none = alternative.options().isEmpty();
            LongRunWarning.lines(plan, alternative, none ? plan : training.plan(alternative.spec(), true))
                    .forEach(console::note);
            if (!planOnly && !yes && !console.confirm("start the job?")) {
                return 0;
            }
        }
        if (planOnly) {
            return 0;
        }
        Job job = training.create(spec, requestId == null ? UUID.randomUUID().toString() : requestId);
        console.note("created " + job.getName());
        if (detach) {
            console.printJson(job);
            console.note("hint: rootstock jobs watch " + Names.id(job.getName()));
            return 0;
        }
        WatchedJob watched = WatchedJob.watch(clients, console, job.getName(), 0, task);
        version = watched.exitCode() == 0 ? Optional.of(watched.job().getVersion()) : Optional.empty();
        if (watched.exitCode() == 0 && alias.isPresent()) {
            promote(watched.job(), alias.get(), clients, console);
        }
        return watched.exitCode();
    }

    /** Resource name of the version of the watched job; empty unless the job has succeeded. */
    Optional<String> version() {
        return version;
    }

    /** The alias of --promote, validated before the run. */
    private Optional<AliasName> alias(JobSpec spec) {
        if (promote == null) {
            return Optional.empty();
        }
        if (detach) {
            throw new CliException(
                    "--promote needs the result of the job, which --detach does not wait for",
                    "omit --detach, or promote the version later: rootstock models promote MODEL:NUMBER --alias "
                            + promote);
        }
        try {
            return Optional.of(AliasName.parse(Names.alias(spec.getOutputModel(), promote)));
        } catch (InvalidNameException e) {
            throw new CliException("invalid --promote: " + e.getMessage(), "for example --promote production");
        }
    }

    private static void promote(Job job, AliasName alias, Clients clients, Console console) {
        Alias moved = clients.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName(alias.toString())
                        .setVersion(job.getVersion())
                        .setReason("promoted by " + job.getName())
                        .build())
                .getAlias();
        console.printJson(moved);
        console.print(moved.getName() + " → " + Names.brief(moved.getVersion()));
    }
}
