package io.rootstock.registry.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.client.TokenCredentials;
import io.rootstock.evaluation.v1.ClaimEvaluationRequest;
import io.rootstock.evaluation.v1.ClaimEvaluationResponse;
import io.rootstock.evaluation.v1.CreateEvaluationRequest;
import io.rootstock.evaluation.v1.CreateSuiteRevisionRequest;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.EvaluationServiceGrpc;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.EvaluationSuccess;
import io.rootstock.evaluation.v1.EvaluatorServiceGrpc;
import io.rootstock.evaluation.v1.FinishEvaluationRequest;
import io.rootstock.evaluation.v1.GetEvaluationRequest;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.ReportEvaluationRequest;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.SuiteServiceGrpc;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.grpc.EvaluationGrpcService;
import io.rootstock.registry.grpc.EvaluatorGrpcService;
import io.rootstock.registry.grpc.SuiteGrpcService;
import io.rootstock.registry.lease.Leases;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.DeleteJobRequest;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.ResumeJobRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.registry.watch.Changes;
import io.rootstock.trainer.v1.ArtifactContent;
import io.rootstock.trainer.v1.ArtifactKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A suite with the tasks yesno and stories, and an evaluator's calls. */
public final class EvaluationFixture {
    static final Map<String, String> FILES = Map.of(
            "suite.yaml",
            """
            suite: tiny
            tasks: [tasks/yesno.yaml, tasks/stories.yaml]
            data:
              org/yesno: {test: rows/yesno.jsonl}
              org/stories: {test: rows/stories.jsonl}
            """,
            "tasks/yesno.yaml",
            """
            task: yesno
            dataset_path: org/yesno
            test_split: test
            output_type: multiple_choice
            num_fewshot: 2
            doc_to_text: "{{question}}"
            doc_to_target: label
            doc_to_choice: ["no", "yes"]
            metric_list: [{metric: acc}, {metric: acc_norm}]
            """,
            "tasks/stories.yaml",
            """
            task: stories
            dataset_path: org/stories
            test_split: test
            output_type: loglikelihood
            doc_to_text: "{{start}}"
            doc_to_target: "{{end}}"
            """,
            "rows/yesno.jsonl",
            "{\"question\": \"Is ice cold?\", \"label\": 1}\n",
            "rows/stories.jsonl",
            "{\"start\": \"It was\", \"end\": \"a dark night\"}\n");

    final RegistryHarness registry;
    final SuiteServiceGrpc.SuiteServiceBlockingStub suites;
    final EvaluationServiceGrpc.EvaluationServiceBlockingStub evaluations;
    final EvaluatorServiceGrpc.EvaluatorServiceBlockingStub evaluator;
    final JobServiceGrpc.JobServiceBlockingStub jobs;

    private final ModelServiceGrpc.ModelServiceBlockingStub models;

    public EvaluationFixture(RegistryHarness registry) {
        this(registry, registry.channel());
    }

    /** Calls a registry with a token. */
    static EvaluationFixture withToken(RegistryHarness registry, String token) {
        Metadata headers = new Metadata();
        headers.put(TokenCredentials.AUTHORIZATION, "Bearer " + token);
        return new EvaluationFixture(
                registry,
                ClientInterceptors.intercept(registry.channel(), MetadataUtils.newAttachHeadersInterceptor(headers)));
    }

    private EvaluationFixture(RegistryHarness registry, Channel channel) {
        this.registry = registry;
        suites = SuiteServiceGrpc.newBlockingStub(channel);
        evaluations = EvaluationServiceGrpc.newBlockingStub(channel);
        evaluator = EvaluatorServiceGrpc.newBlockingStub(channel);
        jobs = JobServiceGrpc.newBlockingStub(channel);
        models = ModelServiceGrpc.newBlockingStub(channel);
    }

    /** The gRPC services of evaluation. */
    public static List<BindableService> services(
            Database database, ArtifactStore store, Leases leases, Evaluations evaluations, Changes changes) {
        RowWork work = new RowWork();
        return List.of(
                new SuiteGrpcService(new Suites(database, store)),
                new EvaluationGrpcService(
                        evaluations,
                        new RowReading(evaluations, store, work),
                        new Comparisons(evaluations, store, work)),
                new EvaluatorGrpcService(new EvaluationClaims(database, store, leases, changes), changes));
    }

    /** Creates a version models/base/versions/1 and the suite. */
    public EvaluationFixture withSuite() {
        register("base");
        suite(FILES);
        return this;
    }

    /** The suites. */
    public SuiteServiceGrpc.SuiteServiceBlockingStub suites() {
        return suites;
    }

    /** Registers a base version with files in F32 and Q8_0. */
    public void registerQuantized(String model) {
        var _ = models.createVersion(CreateVersionRequest.newBuilder()
                .setModel("models/" + model)
                .setVersion(Version.newBuilder()
                        .setKind(VersionKind.VERSION_KIND_BASE)
                        .addArtifacts(registry.directory(model))
                        .addArtifacts(registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "gguf " + model))
                        .addArtifacts(registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0, "q8 " + model)))
                .build());
    }

    /** Registers a base version with a GGUF file. */
    public void register(String model) {
        var _ = models.createVersion(CreateVersionRequest.newBuilder()
                .setModel("models/" + model)
                .setVersion(Version.newBuilder()
                        .setKind(VersionKind.VERSION_KIND_BASE)
                        .addArtifacts(registry.directory(model))
                        .addArtifacts(registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "gguf " + model)))
                .build());
    }

    SuiteFile file(String path, String content) {
        return SuiteFile.newBuilder()
                .setPath(path)
                .setDigest(registry.file(ArtifactKind.ARTIFACT_KIND_UNSPECIFIED, content)
                        .getDigest())
                .build();
    }

    CreateSuiteRevisionRequest.Builder request(Map<String, String> files) {
        CreateSuiteRevisionRequest.Builder request =
                CreateSuiteRevisionRequest.newBuilder().setSuite("suites/tiny");
        files.forEach((path, content) -> request.addFiles(file(path, content)));
        return request;
    }

    SuiteRevision suite(Map<String, String> files) {
        return suites.createSuiteRevision(request(files).build()).getRevision();
    }

    /** The files of the suite with one replaced or added. */
    static Map<String, String> with(String path, String content) {
        Map<String, String> files = new LinkedHashMap<>(FILES);
        files.put(path, content);
        return files;
    }

    /** The files of the suite without one. */
    static Map<String, String> without(String path) {
        Map<String, String> files = new LinkedHashMap<>(FILES);
        files.remove(path);
        return files;
    }

    public static EvaluationSpec.Builder spec() {
        return EvaluationSpec.newBuilder().setVersion("models/base@latest").setSuite("suites/tiny");
    }

    Evaluation create(EvaluationSpec.Builder spec) {
        return evaluations
                .createEvaluation(
                        CreateEvaluationRequest.newBuilder().setSpec(spec).build())
                .getEvaluation();
    }

    Evaluation get(String name) {
        return evaluations
                .getEvaluation(GetEvaluationRequest.newBuilder().setName(name).build())
                .getEvaluation();
    }

    ClaimEvaluationResponse claim(String name) {
        return evaluator.claimEvaluation(
                ClaimEvaluationRequest.newBuilder().setEvaluator(name).build());
    }

    boolean report(ClaimEvaluationResponse claim, long rows, TaskResult... results) {
        return evaluator
                .reportEvaluation(ReportEvaluationRequest.newBuilder()
                        .setName(claim.getEvaluation().getName())
                        .setLease(claim.getLease())
                        .setProgress(
                                EvaluationProgress.newBuilder().setRows(rows).setTotalRows(1000))
                        .addAllResults(List.of(results))
                        .build())
                .getCancelled();
    }

    /** Finishes an evaluation with these row records and results. */
    void succeed(ClaimEvaluationResponse claim, List<String> records, TaskResult... results) {
        String rows = String.join("\n", records) + "\n";
        finish(
                claim,
                EvaluationSuccess.newBuilder()
                        .addAllResults(List.of(results))
                        .setRows(ArtifactContent.newBuilder()
                                .setDigest(registry.file(ArtifactKind.ARTIFACT_KIND_UNSPECIFIED, rows)
                                        .getDigest()))
                        .setEngine("llama.cpp b9090")
                        .build());
    }

    void finish(ClaimEvaluationResponse claim, EvaluationSuccess success) {
        var _ = evaluator.finishEvaluation(FinishEvaluationRequest.newBuilder()
                .setName(claim.getEvaluation().getName())
                .setLease(claim.getLease())
                .setSuccess(success)
                .build());
    }

    /** Creates an evaluation of the task yesno and finishes it with these accuracies of its rows. */
    Evaluation scored(int... right) {
        List<String> records = new ArrayList<>();
        for (int row = 0; row < right.length; row++) {
            records.add(record("yesno", row, "acc", right[row], 1));
        }
        return evaluated(spec().addTasks("yesno"), records, result("yesno", right.length, "acc"));
    }

    /** Creates an evaluation and finishes it. */
    public Evaluation evaluated(EvaluationSpec.Builder spec, List<String> records, TaskResult... results) {
        String name = create(spec).getName();
        ClaimEvaluationResponse claim = evaluator.claimEvaluation(ClaimEvaluationRequest.newBuilder()
                .setEvaluator("test")
                .setPreferred(name)
                .build());
        assertThat(claim.getEvaluation().getName()).isEqualTo(name);
        succeed(claim, records, results);
        return get(name);
    }

    static TaskResult result(String task, int rows, String... metrics) {
        TaskResult.Builder result =
                TaskResult.newBuilder().setTask(task).setRows(rows).setShots(2);
        for (String metric : metrics) {
            result.addMetrics(MetricResult.newBuilder().setMetric(metric).setValue(0.5));
        }
        return result.build();
    }

    public static String record(String task, int row, String metric, double value, double weight) {
        return record(task, row, "0".repeat(64), metric, value, weight);
    }

    static String record(String task, int row, String hash, String metric, double value, double weight) {
        return String.format(
                Locale.ROOT,
                "{\"task\":\"%s\",\"row\":%d,\"requests_sha256\":\"%s\",\"scores\":{\"%s\":{\"value\":%s,\"weight\":%s}}}",
                task,
                row,
                hash,
                metric,
                value,
                weight);
    }

    /** Returns the name of an evaluation's job. */
    static String job(String name) {
        return name.replace("evaluations/", "jobs/");
    }

    Evaluation cancel(String name) {
        return jobs.cancelJob(CancelJobRequest.newBuilder().setName(job(name)).build())
                .getJob()
                .getEvaluation();
    }

    Evaluation resume(String name) {
        return jobs.resumeJob(ResumeJobRequest.newBuilder().setName(job(name)).build())
                .getJob()
                .getEvaluation();
    }

    void delete(String name) {
        var _ = jobs.deleteJob(DeleteJobRequest.newBuilder().setName(job(name)).build());
    }

    /** Returns the stored events. */
    List<JobEvent> events(String name, long after) {
        List<JobEvent> events = new ArrayList<>();
        jobs.watchJob(WatchJobRequest.newBuilder()
                        .setName(job(name))
                        .setAfterSequence(after)
                        .setReplayOnly(true)
                        .build())
                .forEachRemaining(message -> events.add(message.getEvent()));
        return events;
    }

    /** Lets the leases of all running evaluations expire, once the registry leads and has extended those that it found. */
    void expireLeases() {
        registry.awaitLeadership();
        execute(
                "update registry.job set lease_expire_time = clock_timestamp() - interval '1 s' where state = 'RUNNING'");
    }

    void execute(String sql) {
        try (Connection connection = registry.source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the first column of a query. */
    List<String> query(String sql) {
        try (Connection connection = registry.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the description of an error with this code. */
    public static String refusal(Status.Code code, ThrowingCallable call) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.getStatus().getCode())
                .as(failure.getStatus().getDescription())
                .isEqualTo(code);
        return failure.getStatus().getDescription();
    }
}
