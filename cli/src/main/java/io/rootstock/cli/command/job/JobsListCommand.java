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
import io.rootstock.cli.evaluation.EvaluationDetails;
import io.rootstock.cli.evaluation.ProgressText;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.names.EnumNames;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.ListJobsRequest;
import io.rootstock.registry.v1.ListJobsResponse;
import io.rootstock.trainer.v1.RunProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rootstock jobs list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List jobs, newest first",
        footer = {"", "Example:", "  rootstock jobs list --kind evaluate --state running --limit 10"})
final class JobsListCommand extends ServiceCommand {
    enum Kind {
        PRETRAIN,
        FINE_TUNE,
        EVALUATE;

        /** The value of the option. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

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
            names = "--kind",
            paramLabel = "KIND",
            description = "Only jobs of this kind (pretrain, fine-tune, evaluate); repeatable")
    private List<Kind> kinds = new ArrayList<>();

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
        List<JobKind> jobKinds = kinds.stream()
                .map(kind -> EnumNames.parse(JobKind.class, kind.name()))
                .toList();
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
                                .addAllKinds(jobKinds)
                                .addAllStates(jobStates)
                                .setOutputModel(model == null ? "" : Names.of("models", model))
                                .setDataset(dataset == null ? "" : Names.of("datasets", dataset))
                                .build()),
                ListJobsResponse::getJobsList,
                ListJobsResponse::getNextPageToken);
        Table table = new Table(
                "job",
                "kind",
                "task",
                "data",
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
            table.row(job.getKind() == JobKind.JOB_KIND_EVALUATE ? evaluation(job) : training(job));
        }
        table.print(console);
        return 0;
    }

    private static Object[] training(Job job) {
        RunProgress progress = job.getProgress();
        return new Object[] {
            Names.id(job.getName()),
            Labels.of(job.getKind()),
            Labels.of(job.getSpec().getTask()),
            MixturePlanTable.data(job.getSpec()),
            Labels.of(job.getState()) + (job.hasTrainerLostTime() ? ", no contact" : ""),
            Labels.of(job.getSpec().getPriority()),
            job.getQueuePosition() > 0 ? Integer.toString(job.getQueuePosition()) : "-",
            job.hasProgress() ? Format.percent(progress.getDone()) : "-",
            progress.getLoss() > 0 ? Format.fixed(progress.getLoss(), 3) : "-",
            job.hasEstimatedEndTime() ? Format.until(job.getEstimatedEndTime()) : "-",
            job.getVersion().isEmpty() ? "-" : Names.brief(job.getVersion()),
            Format.time(job.getCreateTime())
        };
    }

    /** An evaluation with its suite as data and the evaluated version. */
    private static Object[] evaluation(Job job) {
        Evaluation evaluation = job.getEvaluation();
        return new Object[] {
            Names.id(job.getName()),
            Labels.of(job.getKind()),
            "-",
            EvaluationDetails.suite(evaluation),
            Labels.of(job.getState()),
            "-",
            "-",
            ProgressText.percent(evaluation.getProgress()),
            "-",
            "-",
            Names.brief(evaluation.getResolved().getVersion()),
            Format.time(job.getCreateTime())
        };
    }
}
