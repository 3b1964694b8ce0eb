package io.rootstock.cli.command.evaluation;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.evaluation.Records;
import io.rootstock.evaluation.v1.CancelEvaluationRequest;
import io.rootstock.evaluation.v1.CancelEvaluationResponse;
import io.rootstock.evaluation.v1.CompareEvaluationsRequest;
import io.rootstock.evaluation.v1.CompareEvaluationsResponse;
import io.rootstock.evaluation.v1.CreateEvaluationRequest;
import io.rootstock.evaluation.v1.CreateEvaluationResponse;
import io.rootstock.evaluation.v1.DeleteEvaluationRequest;
import io.rootstock.evaluation.v1.DeleteEvaluationResponse;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationEvent;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.EvaluationServiceGrpc;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.EvaluationState;
import io.rootstock.evaluation.v1.EvaluationStateChanged;
import io.rootstock.evaluation.v1.GetEvaluationRequest;
import io.rootstock.evaluation.v1.GetEvaluationResponse;
import io.rootstock.evaluation.v1.ListEvaluationsRequest;
import io.rootstock.evaluation.v1.ListEvaluationsResponse;
import io.rootstock.evaluation.v1.MetricComparison;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.ReadEvaluationRowsRequest;
import io.rootstock.evaluation.v1.ReadEvaluationRowsResponse;
import io.rootstock.evaluation.v1.ResolvedEvaluation;
import io.rootstock.evaluation.v1.ResumeEvaluationRequest;
import io.rootstock.evaluation.v1.ResumeEvaluationResponse;
import io.rootstock.evaluation.v1.TaskComparison;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.evaluation.v1.Verdict;
import io.rootstock.evaluation.v1.WatchEvaluationRequest;
import io.rootstock.evaluation.v1.WatchEvaluationResponse;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A registry that records requests and ends each evaluation at once. Version 2 of spam is in the alias production. */
final class RecordedEvaluations extends EvaluationServiceGrpc.EvaluationServiceImplBase {
    final List<String> requests = new ArrayList<>();
    final Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    EvaluationState end = EvaluationState.EVALUATION_STATE_SUCCEEDED;
    String metric = "acc";

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
                        .setEvaluation(evaluation.toBuilder().setState(EvaluationState.EVALUATION_STATE_QUEUED))
                        .build());
    }

    private Evaluation evaluation(EvaluationSpec spec) {
        int version = spec.getVersion().endsWith("@latest") || spec.getVersion().endsWith("3") ? 3 : 2;
        return Evaluation.newBuilder()
                .setName("evaluations/e" + version)
                .setSpec(spec)
                .setState(end)
                .setMessage(end == EvaluationState.EVALUATION_STATE_FAILED ? "the model does not fit" : "")
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
    public void watchEvaluation(WatchEvaluationRequest request, StreamObserver<WatchEvaluationResponse> observer) {
        requests.add("watch " + request.getName() + " " + request.getAfterSequence());
        List<EvaluationEvent> events = List.of(
                EvaluationEvent.newBuilder()
                        .setSequence(1)
                        .setStateChanged(
                                EvaluationStateChanged.newBuilder().setState(EvaluationState.EVALUATION_STATE_RUNNING))
                        .build(),
                EvaluationEvent.newBuilder()
                        .setSequence(2)
                        .setTaskResult(result())
                        .build(),
                EvaluationEvent.newBuilder()
                        .setSequence(3)
                        .setStateChanged(EvaluationStateChanged.newBuilder().setState(end))
                        .build());
        events.stream()
                .filter(event -> event.getSequence() > request.getAfterSequence())
                .forEach(event -> observer.onNext(
                        WatchEvaluationResponse.newBuilder().setEvent(event).build()));
        observer.onCompleted();
    }

    @Override
    public void cancelEvaluation(CancelEvaluationRequest request, StreamObserver<CancelEvaluationResponse> observer) {
        requests.add("cancel " + request.getName());
        answer(
                observer,
                CancelEvaluationResponse.newBuilder()
                        .setEvaluation(Evaluation.newBuilder()
                                .setName(request.getName())
                                .setState(EvaluationState.EVALUATION_STATE_CANCELLED))
                        .build());
    }

    @Override
    public void resumeEvaluation(ResumeEvaluationRequest request, StreamObserver<ResumeEvaluationResponse> observer) {
        requests.add("resume " + request.getName());
        answer(
                observer,
                ResumeEvaluationResponse.newBuilder()
                        .setEvaluation(Evaluation.newBuilder()
                                .setName(request.getName())
                                .setState(EvaluationState.EVALUATION_STATE_QUEUED))
                        .build());
    }

    @Override
    public void deleteEvaluation(DeleteEvaluationRequest request, StreamObserver<DeleteEvaluationResponse> observer) {
        requests.add("delete " + request.getName());
        answer(observer, DeleteEvaluationResponse.getDefaultInstance());
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
}
