package io.rootstock.cli.command.evaluation;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.evaluation.Records;
import io.rootstock.evaluation.v1.CompareEvaluationsRequest;
import io.rootstock.evaluation.v1.CompareEvaluationsResponse;
import io.rootstock.evaluation.v1.CreateEvaluationRequest;
import io.rootstock.evaluation.v1.CreateEvaluationResponse;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.EvaluationServiceGrpc;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.GetEvaluationRequest;
import io.rootstock.evaluation.v1.GetEvaluationResponse;
import io.rootstock.evaluation.v1.ListEvaluationsRequest;
import io.rootstock.evaluation.v1.ListEvaluationsResponse;
import io.rootstock.evaluation.v1.MetricComparison;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.ReadEvaluationRowsRequest;
import io.rootstock.evaluation.v1.ReadEvaluationRowsResponse;
import io.rootstock.evaluation.v1.ResolvedEvaluation;
import io.rootstock.evaluation.v1.TaskComparison;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.evaluation.v1.Verdict;
import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CancelJobResponse;
import io.rootstock.registry.v1.DeleteJobRequest;
import io.rootstock.registry.v1.DeleteJobResponse;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetJobResponse;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.JobStateChanged;
import io.rootstock.registry.v1.ListJobsRequest;
import io.rootstock.registry.v1.ListJobsResponse;
import io.rootstock.registry.v1.PauseJobRequest;
import io.rootstock.registry.v1.PauseJobResponse;
import io.rootstock.registry.v1.ResumeJobRequest;
import io.rootstock.registry.v1.ResumeJobResponse;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.registry.v1.WatchJobResponse;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A registry that records requests and ends each evaluation and its job at once. Version 2 of spam is in the alias
 * production.
 */
final class RecordedEvaluations extends EvaluationServiceGrpc.EvaluationServiceImplBase {
    /** Time of the events. */
    static final long EVENT_SECONDS = 1_700_000_000;

    final List<String> requests = new ArrayList<>();
    final Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    JobState end = JobState.JOB_STATE_SUCCEEDED;
    String metric = "acc";

    /** The service of the evaluations' jobs, and of jobs/p1, a pre-training. */
    BindableService jobs() {
        return new Jobs();
    }

    private static <T> void answer(StreamObserver<T> observer, T message) {
        observer.onNext(message);
        observer.onCompleted();
    }

    @Override
    public void createEvaluation(CreateEvaluationRequest request, StreamObserver<CreateEvaluationResponse> observer) {
        EvaluationSpec spec = request.getSpec();
        requests.add((request.getValidateOnly() ? "plan " : "create ") + spec.getVersion() + " " + spec.getSuite()
                + (spec.getTasksCount() == 0 ? "" : " tasks=" + spec.getTasksList())
                + (spec.getLimit() == 0 ? "" : " limit=" + spec.getLimit())
                + (spec.hasShots() ? " shots=" + spec.getShots() : "")
                + (spec.hasSeed() ? " seed=" + spec.getSeed() : "")
                + (spec.getPromptFormatValue() == 0 ? "" : " " + spec.getPromptFormat())
                + (spec.getCheckContamination() ? " contamination" : "")
                + (spec.getQuantizationValue() == 0 ? "" : " " + spec.getQuantization())
                + (request.getRequestId().endsWith("-against") ? " against" : ""));
        Evaluation evaluation = evaluation(spec);
        if (!request.getValidateOnly()) {
            evaluations.put(evaluation.getName(), evaluation);
        }
        answer(
                observer,
                CreateEvaluationResponse.newBuilder()
                        .setEvaluation(evaluation.toBuilder().setState(JobState.JOB_STATE_QUEUED))
                        .build());
    }

    private Evaluation evaluation(EvaluationSpec spec) {
        int version = spec.getVersion().endsWith("@latest") || spec.getVersion().endsWith("3") ? 3 : 2;
        return Evaluation.newBuilder()
                .setName("evaluations/e" + version)
                .setSpec(spec)
                .setState(end)
                .setMessage(end == JobState.JOB_STATE_FAILED ? "the model does not fit" : "")
                .setResolved(ResolvedEvaluation.newBuilder()
                        .setVersion("models/spam/versions/" + version)
                        .setSuiteRevision("suites/base/revisions/4")
                        .setArtifact(Artifact.newBuilder()
                                .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0)
                                .setDigest("sha256:" + version)))
                .setProgress(EvaluationProgress.newBuilder().setRows(10).setTotalRows(10))
                .setEngine("llama.cpp b9090")
                .addResults(result())
                .build();
    }

    private TaskResult result() {
        return TaskResult.newBuilder()
                .setTask("boolq")
                .setRows(10)
                .addMetrics(MetricResult.newBuilder()
                        .setMetric(metric)
                        .setValue(0.5)
                        .setLower(0.4)
                        .setUpper(0.6)
                        .setChance(0.5))
                .build();
    }

    @Override
    public void getEvaluation(GetEvaluationRequest request, StreamObserver<GetEvaluationResponse> observer) {
        Evaluation found = evaluations.get(request.getName());
        if (found == null) {
            observer.onError(Status.NOT_FOUND
                    .withDescription(request.getName() + " not found")
                    .asRuntimeException());
            return;
        }
        answer(observer, GetEvaluationResponse.newBuilder().setEvaluation(found).build());
    }

    @Override
    public void listEvaluations(ListEvaluationsRequest request, StreamObserver<ListEvaluationsResponse> observer) {
        requests.add("list " + request.getFilter() + request.getOrderBy());
        answer(
                observer,
                ListEvaluationsResponse.newBuilder()
                        .addAllEvaluations(evaluations.values())
                        .build());
    }

    @Override
    public void readEvaluationRows(
            ReadEvaluationRowsRequest request, StreamObserver<ReadEvaluationRowsResponse> observer) {
        requests.add("rows " + request.getName() + " " + request.getTasksList() + " " + request.getFlippedAgainst());
        if (request.getName().equals("evaluations/checked")) {
            answer(observer, rows(Records.CORRECT + "\n" + Records.CONTAMINATED + "\n"));
            return;
        }
        observer.onNext(rows(Records.CORRECT + "\n" + Records.WRONG + "\n"));
        observer.onNext(rows(Records.WRONG + "\n"));
        answer(observer, rows(Records.CORRECT + "\n"));
    }

    private static ReadEvaluationRowsResponse rows(String lines) {
        return ReadEvaluationRowsResponse.newBuilder()
                .setLines(ByteString.copyFromUtf8(lines))
                .build();
    }

    @Override
    public void compareEvaluations(
            CompareEvaluationsRequest request, StreamObserver<CompareEvaluationsResponse> observer) {
        requests.add("compare " + request.getFirst() + " " + request.getSecond());
        answer(
                observer,
                CompareEvaluationsResponse.newBuilder()
                        .addTasks(TaskComparison.newBuilder()
                                .setTask("boolq")
                                .setRows(10)
                                .setWins(2)
                                .setLosses(1)
                                .addMetrics(MetricComparison.newBuilder()
                                        .setMetric("acc")
                                        .setFirst(0.4)
                                        .setSecond(0.5)
                                        .setDifference(0.1)
                                        .setLower(-0.1)
                                        .setUpper(0.3)
                                        .setAdjustedPValue(0.5)
                                        .setVerdict(Verdict.VERDICT_NO_DIFFERENCE)
                                        .setDetectableDifference(0.25)))
                        .build());
    }

    private final class Jobs extends JobServiceGrpc.JobServiceImplBase {
        private static final Job PRETRAINING = Job.newBuilder()
                .setName("jobs/p1")
                .setKind(JobKind.JOB_KIND_PRETRAIN)
                .setState(JobState.JOB_STATE_SUCCEEDED)
                .setSpec(JobSpec.newBuilder().setTask(Task.TASK_PRETRAIN).setDataset("datasets/web"))
                .setVersion("models/spam/versions/1")
                .build();

        @Override
        public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> observer) {
            Optional<Job> found = all().stream()
                    .filter(job -> job.getName().equals(request.getName()))
                    .findFirst();
            if (found.isEmpty()) {
                observer.onError(Status.NOT_FOUND
                        .withDescription(request.getName() + " not found")
                        .asRuntimeException());
                return;
            }
            answer(observer, GetJobResponse.newBuilder().setJob(found.get()).build());
        }

        private List<Job> all() {
            return Stream.concat(evaluations.values().stream().map(Jobs::job), Stream.of(PRETRAINING))
                    .toList();
        }

        private static Job job(Evaluation evaluation) {
            return Job.newBuilder()
                    .setName(evaluation.getName().replace("evaluations/", "jobs/"))
                    .setKind(JobKind.JOB_KIND_EVALUATE)
                    .setState(evaluation.getState())
                    .setMessage(evaluation.getMessage())
                    .setEvaluation(evaluation)
                    .build();
        }

        @Override
        public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> observer) {
            requests.add("list " + request.getKindsList() + " " + request.getStatesList());
            answer(
                    observer,
                    ListJobsResponse.newBuilder()
                            .addAllJobs(all().stream()
                                    .filter(job -> request.getKindsCount() == 0
                                            || request.getKindsList().contains(job.getKind()))
                                    .toList())
                            .build());
        }

        @Override
        public void watchJob(WatchJobRequest request, StreamObserver<WatchJobResponse> observer) {
            requests.add("watch " + request.getName() + " " + request.getAfterSequence());
            List<JobEvent.Builder> events = List.of(
                    JobEvent.newBuilder()
                            .setStateChanged(JobStateChanged.newBuilder()
                                    .setState(JobState.JOB_STATE_RUNNING)
                                    .setMessage("running at node1")),
                    JobEvent.newBuilder()
                            .setEvaluationProgress(EvaluationProgress.newBuilder()
                                    .setRows(5)
                                    .setTotalRows(10)
                                    .setRowsPerSecond(2)
                                    .setRemainingSeconds(2.5)
                                    .setTask("boolq")),
                    JobEvent.newBuilder().setTaskResult(result()),
                    JobEvent.newBuilder()
                            .setStateChanged(JobStateChanged.newBuilder().setState(end)));
            for (int sequence = (int) request.getAfterSequence() + 1; sequence <= events.size(); sequence++) {
                observer.onNext(WatchJobResponse.newBuilder()
                        .setEvent(events.get(sequence - 1)
                                .setSequence(sequence)
                                .setTime(Timestamp.newBuilder().setSeconds(EVENT_SECONDS)))
                        .build());
            }
            observer.onCompleted();
        }

        @Override
        public void cancelJob(CancelJobRequest request, StreamObserver<CancelJobResponse> observer) {
            requests.add("cancel " + request.getName());
            answer(
                    observer,
                    CancelJobResponse.newBuilder()
                            .setJob(changed(request.getName(), JobState.JOB_STATE_CANCELLED))
                            .build());
        }

        @Override
        public void resumeJob(ResumeJobRequest request, StreamObserver<ResumeJobResponse> observer) {
            requests.add("resume " + request.getName());
            answer(
                    observer,
                    ResumeJobResponse.newBuilder()
                            .setJob(changed(request.getName(), JobState.JOB_STATE_QUEUED))
                            .build());
        }

        private static Job changed(String name, JobState state) {
            return Job.newBuilder()
                    .setName(name)
                    .setKind(JobKind.JOB_KIND_EVALUATE)
                    .setState(state)
                    .build();
        }

        @Override
        public void pauseJob(PauseJobRequest request, StreamObserver<PauseJobResponse> observer) {
            observer.onError(Status.FAILED_PRECONDITION
                    .withDescription(request.getName() + " is an evaluation, which cannot be paused")
                    .asRuntimeException());
        }

        @Override
        public void deleteJob(DeleteJobRequest request, StreamObserver<DeleteJobResponse> observer) {
            requests.add("delete " + request.getName());
            answer(observer, DeleteJobResponse.getDefaultInstance());
        }
    }
}
