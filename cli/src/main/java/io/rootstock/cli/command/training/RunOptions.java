package io.rootstock.cli.command.training;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.client.Training;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.PlanReport;
import io.rootstock.cli.operation.WatchedJob;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.EstimateRunResponse;
import java.util.UUID;
import picocli.CommandLine.Option;

/** Options of creating and watching a job. */
final class RunOptions {
    @Option(
            names = "--dollars-per-hour",
            paramLabel = "PRICE",
            defaultValue = "0",
            description = "Price of the device in dollars per hour [default: from the price table]")
    private double dollarsPerHour;

    @Option(
            names = "--no-quantizations",
            description = "Export only F32; skip F16, Q8_0 and Q4_K_M and their evaluation")
    private boolean noQuantizations;

    @Option(names = "--plan-only", description = "Print the plan without creating the job")
    private boolean planOnly;

    @Option(names = "--detach", description = "Create the job without watching it")
    private boolean detach;

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

    /** Prints the plan, creates the job and watches it. Returns the exit code. */
    int start(JobSpec.Builder request, String task, Clients clients, Console console) {
        JobSpec spec = request.setDollarsPerHour(dollarsPerHour)
                .setSkipQuantizations(noQuantizations)
                .build();
        Training training = new Training(clients);
        EstimateRunResponse plan = training.plan(spec, false);
        if (LongRunWarning.needsProbe(plan)) {
            console.note("measuring a few steps for a better estimate");
            plan = training.plan(spec, true);
        }
        console.printJson(plan);
        console.print("plan:");
        PlanReport.lines(plan).forEach(console::print);
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
        return WatchedJob.watch(clients, console, job.getName(), 0, task).exitCode();
    }
}
