package io.rootstock.cli.command.job;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ListOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.MixturePlanTable;
import io.rootstock.cli.display.Table;
import io.rootstock.names.EnumNames;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobState;
import io.rootstock.registry.v1.ListJobsRequest;
import io.rootstock.registry.v1.ListJobsResponse;
import io.rootstock.trainer.v1.RunProgress;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rootstock jobs list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List training jobs, newest first",
        footer = {"", "Example:", "  rootstock jobs list --state running --limit 10"})
final class JobsListCommand extends ServiceCommand {
    enum State {
        VALIDATING,
        QUEUED,
        RUNNING,
        PAUSED,
        NEEDS_RECOVERY,
        SUCCEEDED,
        FAILED,
        CANCELLED
    }

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Only jobs in this state (validating, queued, running, paused, needs_recovery,"
                    + " succeeded, failed, cancelled); repeatable")
    private List<State> states = new ArrayList<>();

    @Option(names = "--model", paramLabel = "MODEL", description = "Only jobs with this output model")
    private String model;

    @Option(names = "--dataset", paramLabel = "DATASET", description = "Only jobs that train on this dataset")
    private String dataset;

    @Mixin
    private ListOptions list;

    @Override
    protected int run(Clients clients, Console console) {
        List<JobState> jobStates = states.stream()
                .map(state -> EnumNames.parse(JobState.class, state.name()))
                .toList();
        List<Job> jobs = list.read(
                console,
                (size, token) -> clients.jobs()
                        .listJobs(ListJobsRequest.newBuilder()
                                .setPageSize(size)
                                .setPageToken(token)
                                .setFilter(list.filter())
                                .setOrderBy(list.orderBy())
                                .addAllStates(jobStates)
                                .setOutputModel(model == null ? "" : Names.of("models", model))
                                .setDataset(dataset == null ? "" : Names.of("datasets", dataset))
                                .build()),
                ListJobsResponse::getJobsList,
                ListJobsResponse::getNextPageToken);
        Table table = new Table(
                "job",
                "task",
                "dataset",
                "state",
                "priority",
                "queue",
                "progress",
                "loss",
                "ETA",
                "version",
                "created");
        for (Job job : jobs) {
            console.printJson(job);
            RunProgress progress = job.getProgress();
            table.row(
                    Names.id(job.getName()),
                    Labels.of(job.getSpec().getTask()),
                    MixturePlanTable.data(job.getSpec()),
                    Labels.of(job.getState()) + (job.hasTrainerLostTime() ? ", no contact" : ""),
                    Labels.of(job.getSpec().getPriority()),
                    job.getQueuePosition() > 0 ? Integer.toString(job.getQueuePosition()) : "-",
                    job.hasProgress() ? Format.percent(progress.getDone()) : "-",
                    progress.getLoss() > 0 ? Format.fixed(progress.getLoss(), 3) : "-",
                    job.hasEstimatedEndTime() ? Format.until(job.getEstimatedEndTime()) : "-",
                    job.getVersion().isEmpty() ? "-" : Names.brief(job.getVersion()),
                    Format.time(job.getCreateTime()));
        }
        table.print(console);
        return 0;
    }
}
