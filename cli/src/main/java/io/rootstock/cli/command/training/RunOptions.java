package io.rootstock.cli.command.training;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Training;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.PlanReport;
import io.rootstock.cli.operation.WatchedJob;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.EstimateRunResponse;
import java.util.UUID;
import picocli.CommandLine.Option;

/** How a job is started and followed. */
final class RunOptions {
    @Option(
            names = "--dollars-per-hour",
            paramLabel = "PRICE",
            defaultValue = "0",
            description = "Price of the device for cost figures. Default: the device price table's.")
    private double dollarsPerHour;

    @Option(
            names = "--no-quantizations",
            description = "Export the F32 model only, without quantizing and measuring it (F16, Q8_0, Q4_K_M).")
    private boolean noQuantizations;

    @Option(names = "--plan-only", description = "Print the plan and spend nothing.")
    private boolean planOnly;

    @Option(names = "--detach", description = "Start the job and do not follow it.")
    private boolean detach;

    @Option(
            names = "--request-id",
            paramLabel = "ID",
            description = "Idempotency key: the same id with the same job returns the job that is there.")
    private String requestId;

    @Option(
            names = {"-y", "--yes"},
            description = "Start runs of more than an hour without asking. Without a terminal nothing is ever asked.")
    private boolean yes;

    /** Prints the plan, creates the job and follows it. Returns the exit code. */
    int start(JobSpec.Builder asked, String task, Clients clients, Console console) {
        JobSpec spec = asked.setDollarsPerHour(dollarsPerHour)
                .setSkipQuantizations(noQuantizations)
                .build();
        Training training = new Training(clients);
        EstimateRunResponse plan = training.plan(spec, false);
        if (LongRunWarning.isDoubtful(plan)) {
            console.note("measuring a few steps, because this may take long");
            plan = training.plan(spec, true);
        }
        console.printJson(plan);
        console.print("plan, before anything is spent:");
        PlanReport.lines(plan).forEach(console::print);
        if (LongRunWarning.isLong(plan) && !spec.getHyperparameters().hasSeconds()) {
            LongRunWarning.Smaller smaller = LongRunWarning.smaller(spec, plan.getHyperparameters());
            boolean none = smaller.options().isEmpty();
            LongRunWarning.lines(plan, smaller, none ? plan : training.plan(smaller.spec(), true))
                    .forEach(console::note);
            if (!planOnly && !yes && !console.confirm("start it?")) {
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
            console.print("follow it with: rootstock jobs watch " + job.getName());
            return 0;
        }
        return WatchedJob.watch(clients, console, job.getName(), 0, task).exitCode();
    }
}
