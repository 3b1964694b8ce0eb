package io.rootstock.registry.finetuning;

import static io.rootstock.registry.RegistryHarness.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.rootstock.registry.RecordedDatasets;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.WebhookReceiver;
import io.rootstock.registry.v1.CancelFineTuningJobRequest;
import io.rootstock.registry.v1.CreateFineTuningJobRequest;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.CreateWebhookRequest;
import io.rootstock.registry.v1.DeleteFileRequest;
import io.rootstock.registry.v1.DeleteJobRequest;
import io.rootstock.registry.v1.FileHeader;
import io.rootstock.registry.v1.FilePurpose;
import io.rootstock.registry.v1.FineTuningJob;
import io.rootstock.registry.v1.FineTuningMethod;
import io.rootstock.registry.v1.FineTuningSpec;
import io.rootstock.registry.v1.FineTuningState;
import io.rootstock.registry.v1.GetFineTuningJobRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.ListFineTuningJobsRequest;
import io.rootstock.registry.v1.ListFineTuningJobsResponse;
import io.rootstock.registry.v1.PauseFineTuningJobRequest;
import io.rootstock.registry.v1.ReadFileRequest;
import io.rootstock.registry.v1.ReadFileResponse;
import io.rootstock.registry.v1.ResumeFineTuningJobRequest;
import io.rootstock.registry.v1.UploadFileRequest;
import io.rootstock.registry.v1.UploadFileResponse;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.registry.v1.Webhook;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunArtifacts;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FineTuningServiceTest {
    private static final String ROWS = "{\"messages\": []}\n";

    @TempDir
    private Path scratch;

    private RegistryHarness registry;
    private RecordedDatasets datasets;
    private String base;
    private String file;

    @BeforeEach
    void start() throws Exception {
        registry = new RegistryHarness(scratch);
        datasets = registry.peers().datasets();
        base = registry.models()
                .createVersion(CreateVersionRequest.newBuilder()
                        .setModel("models/tiny")
                        .setVersion(Version.newBuilder()
                                .setKind(VersionKind.VERSION_KIND_BASE)
                                .setTokenizer("tokenizers/tiny")
                                .setTokenizerDigest(RecordedDatasets.DIGEST)
                                .addArtifacts(registry.directory("{\"max_position_embeddings\": 512}")))
                        .build())
                .getVersion()
                .getName();
        file = upload("rows.jsonl", ROWS);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void aFileBecomesAPromotedModel() throws Exception {
        FineTuningJob job = create(spec().setSuffix("shop"));
        assertThat(job.getState()).isEqualTo(FineTuningState.FINE_TUNING_STATE_VALIDATING_FILES);
        assertThat(job.getSpec().getBase()).isEqualTo(base);
        assertThat(job.getOutputModel()).matches("models/tiny-shop-[0-9a-z]{8}");
        Job training = training(job);
        assertThat(training.getSpec().getTask()).isEqualTo(Task.TASK_INSTRUCTION);
        assertThat(training.getSpec().getOutputModel()).isEqualTo(job.getOutputModel());
        PrepareDatasetRequest prepared = datasets.preparations().getFirst();
        assertThat(prepared.getName()).isEqualTo("datasets/" + id(job));
        assertThat(prepared.getKind()).isEqualTo(DatasetKind.DATASET_KIND_INSTRUCTION);
        assertThat(prepared.getTokenizer()).isEqualTo("tokenizers/tiny");
        assertThat(prepared.getMaxTokens()).isEqualTo(512);
        assertThat(prepared.getSourcesList()).hasSize(1);
        assertThat(prepared.getSources(0).getSplit()).isEmpty();
        assertThat(datasets.source(prepared.getSources(0).getDigest())).isEqualTo("rows.jsonl:" + ROWS);

        String run = run(training);
        train(run);
        FineTuningJob done = eventuallyIn(job, FineTuningState.FINE_TUNING_STATE_SUCCEEDED);
        assertThat(done.getVersion()).isEqualTo(job.getOutputModel() + "/versions/1");
        assertThat(done.getTrainedTokens()).isEqualTo(4000);
        assertThat(done.hasFinishTime()).isTrue();
        assertThat(registry.models()
                        .getVersion(GetVersionRequest.newBuilder()
                                .setName(job.getOutputModel() + "@production")
                                .build())
                        .getVersion()
                        .getName())
                .isEqualTo(done.getVersion());
        assertThat(read(done.getResultFile())).isEqualTo("""
                step,train_loss,valid_loss
                1,2.50000,
                2,2.00000,2.25000
                4,1.50000,
                """);
        refused(() -> cancel(job), Status.Code.FAILED_PRECONDITION, "is SUCCEEDED and cannot be cancelled");
        registry.restart();
        assertThat(get(job)).isEqualTo(done);
    }

    @Test
    void preparationContinuesAfterARestart() throws Exception {
        datasets.hold();
        FineTuningJob job = create(spec());
        eventually(() -> !datasets.preparations().isEmpty());
        refused(
                () -> registry.files()
                        .deleteFile(DeleteFileRequest.newBuilder().setName(file).build()),
                "is read by " + job.getName());
        registry.restart();
        assertThat(get(job).getState()).isEqualTo(FineTuningState.FINE_TUNING_STATE_VALIDATING_FILES);
        datasets.release();
        Job training = training(job);
        assertThat(training.getSpec().getDataset()).isEqualTo("datasets/" + id(job));
        registry.files().deleteFile(DeleteFileRequest.newBuilder().setName(file).build());
        assertThat(registry.peers().commands()).containsExactly("START " + run(training));
    }

    @Test
    void preparationWaitsForTheTokenizerService() {
        registry.peers().stopServing();
        FineTuningJob job = create(spec());
        assertThat(get(job).getState()).isEqualTo(FineTuningState.FINE_TUNING_STATE_VALIDATING_FILES);
        registry.peers().startServing();
        training(job);
    }

    @Test
    void aRefusedRowFailsTheJobWithItsLine() throws Exception {
        datasets.refuse("1 row is refused, maximum_refused_rows is 0:\nvalid.jsonl:3: has no field 'messages'");
        FineTuningJob job = create(spec().setValidationFile(upload("valid.jsonl", ROWS + "\n")));
        FineTuningJob failed = eventuallyIn(job, FineTuningState.FINE_TUNING_STATE_FAILED);
        assertThat(failed.getError().getCode()).isEqualTo("invalid_validation_file");
        assertThat(failed.getError().getParam()).isEqualTo("validation_file");
        assertThat(failed.getError().getMessage()).contains("valid.jsonl:3: has no field 'messages'");
        assertThat(failed.getJob()).isEmpty();
        assertThat(datasets.preparations().getFirst().getSourcesList())
                .extracting(source -> source.getSplit())
                .containsExactly("train", "validation");
    }

    @Test
    void preferencesAndTheLearningRateReachTheTrainer() {
        FineTuningJob job = create(spec().setMethod(FineTuningMethod.FINE_TUNING_METHOD_DPO)
                .setLearningRateMultiplier(1.5)
                .setHyperparameters(Hyperparameters.newBuilder()
                        .setEpochs(2)
                        .setBatchRows(8)
                        .setPreferenceBeta(0.2)
                        .setSeed(7)));
        Job training = training(job);
        assertThat(training.getSpec().getTask()).isEqualTo(Task.TASK_PREFERENCE);
        assertThat(training.getSpec().getHyperparameters())
                .isEqualTo(Hyperparameters.newBuilder()
                        .setEpochs(2)
                        .setBatchRows(8)
                        .setPreferenceBeta(0.2)
                        .setSeed(7)
                        .setLearningRate(1.5 * 2e-4)
                        .build());
        PrepareDatasetRequest prepared = datasets.preparations().getFirst();
        assertThat(prepared.getKind()).isEqualTo(DatasetKind.DATASET_KIND_PREFERENCE);
        assertThat(prepared.getFields().getPrompt()).isEqualTo("input");
        assertThat(prepared.getFields().getChosen()).isEqualTo("preferred_output");
        assertThat(prepared.getFields().getRejected()).isEqualTo("non_preferred_output");
    }

    @Test
    void aJobIsPausedResumedAndCancelled() {
        FineTuningJob job = create(spec());
        String run = run(training(job));
        registry.peers().emit(run, RunState.RUN_STATE_RUNNING);
        eventuallyIn(job, FineTuningState.FINE_TUNING_STATE_RUNNING);
        registry.fineTuning()
                .pauseFineTuningJob(PauseFineTuningJobRequest.newBuilder()
                        .setName(job.getName())
                        .build());
        eventuallyIn(job, FineTuningState.FINE_TUNING_STATE_PAUSED);
        registry.fineTuning()
                .resumeFineTuningJob(ResumeFineTuningJobRequest.newBuilder()
                        .setName(job.getName())
                        .build());
        eventuallyIn(job, FineTuningState.FINE_TUNING_STATE_RUNNING);
        cancel(job);
        FineTuningJob cancelled = eventuallyIn(job, FineTuningState.FINE_TUNING_STATE_CANCELLED);
        assertThat(cancelled.hasFinishTime()).isTrue();
        refused(() -> cancel(job), Status.Code.FAILED_PRECONDITION, "is CANCELLED and cannot be cancelled");
    }

    @Test
    void cancellingStopsThePreparation() {
        datasets.hold();
        FineTuningJob job = create(spec());
        eventually(() -> !datasets.preparations().isEmpty());
        refused(
                () -> registry.fineTuning()
                        .pauseFineTuningJob(PauseFineTuningJobRequest.newBuilder()
                                .setName(job.getName())
                                .build()),
                Status.Code.FAILED_PRECONDITION,
                "is VALIDATING_FILES and cannot be paused");
        assertThat(cancel(job).getState()).isEqualTo(FineTuningState.FINE_TUNING_STATE_CANCELLED);
        eventually(() -> datasets.cancelled().contains("datasets/" + id(job)));
        assertThat(registry.peers().commands()).isEmpty();
    }

    @Test
    void aTrainingJobIsNotDeletedBeforeItsVersionIsPromoted() throws Exception {
        FineTuningJob job = create(spec());
        Job training = training(job);
        DeleteJobRequest deletion =
                DeleteJobRequest.newBuilder().setName(training.getName()).build();
        try (Connection connection = registry.source().getConnection()) {
            // The lock keeps the fine-tuning job from its end.
            connection.setAutoCommit(false);
            try (Statement lock = connection.createStatement()) {
                lock.execute("select id from registry.fine_tuning where id = '" + id(job) + "' for update");
            }
            train(run(training));
            eventually(() -> !registry.jobs()
                    .getJob(GetJobRequest.newBuilder()
                            .setName(training.getName())
                            .build())
                    .getJob()
                    .getVersion()
                    .isEmpty());
            refused(
                    () -> registry.jobs().deleteJob(deletion),
                    Status.Code.FAILED_PRECONDITION,
                    "cannot be deleted before its fine-tuning job is complete");
            connection.rollback();
        }
        eventuallyIn(job, FineTuningState.FINE_TUNING_STATE_SUCCEEDED);
        registry.jobs().deleteJob(deletion);
    }

    @Test
    void aFailedRunFailsTheJobWithItsReason() {
        FineTuningJob job = create(spec());
        registry.peers().emit(run(training(job)), RunState.RUN_STATE_FAILED, "out of memory");
        FineTuningJob failed = eventuallyIn(job, FineTuningState.FINE_TUNING_STATE_FAILED);
        assertThat(failed.getError().getCode()).isEqualTo("training_failed");
        assertThat(failed.getError().getMessage()).contains("out of memory");
    }

    @Test
    void everyEndIsAnEventForWebhooks() throws Exception {
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            String secret = registry.webhooks()
                    .createWebhook(CreateWebhookRequest.newBuilder()
                            .setWebhook(Webhook.newBuilder()
                                    .setUrl(receiver.url())
                                    .addEventTypes("fine_tuning.job.succeeded")
                                    .addEventTypes("fine_tuning.job.failed")
                                    .addEventTypes("fine_tuning.job.cancelled"))
                            .build())
                    .getSecret();
            FineTuningJob succeeded = create(spec());
            train(run(training(succeeded)));
            assertThat(receiver.await(1)
                            .verified(secret)
                            .asFineTuningJobSucceeded()
                            .data()
                            .id())
                    .isEqualTo(id(succeeded));
            FineTuningJob failed = create(spec());
            registry.peers().emit(run(training(failed)), RunState.RUN_STATE_FAILED, "out of memory");
            assertThat(receiver.await(2)
                            .verified(secret)
                            .asFineTuningJobFailed()
                            .data()
                            .id())
                    .isEqualTo(id(failed));
            FineTuningJob cancelled = create(spec());
            training(cancelled);
            cancel(cancelled);
            assertThat(receiver.await(3)
                            .verified(secret)
                            .asFineTuningJobCancelled()
                            .data()
                            .id())
                    .isEqualTo(id(cancelled));
            datasets.hold();
            FineTuningJob early = create(spec());
            cancel(early);
            assertThat(receiver.await(4)
                            .verified(secret)
                            .asFineTuningJobCancelled()
                            .data()
                            .id())
                    .isEqualTo(id(early));
            datasets.release();
            datasets.refuse("1 row is refused, maximum_refused_rows is 0:\nrows.jsonl:3: has no field 'messages'");
            FineTuningJob refused = create(spec());
            assertThat(receiver.await(5)
                            .verified(secret)
                            .asFineTuningJobFailed()
                            .data()
                            .id())
                    .isEqualTo(id(refused));
            assertThat(receiver.received()).hasSize(5);
        }
    }

    @Test
    void jobsAreListedByMetadata() {
        FineTuningJob first = create(spec().putMetadata("team", "a"));
        FineTuningJob second = create(spec().putMetadata("team", "b").putMetadata("run", "1"));
        FineTuningJob third = create(spec().putMetadata("team", "a"));
        ListFineTuningJobsResponse page =
                list(ListFineTuningJobsRequest.newBuilder().setPageSize(2));
        assertThat(page.getJobsList())
                .extracting(FineTuningJob::getName)
                .containsExactly(third.getName(), second.getName());
        assertThat(page.getHasMore()).isTrue();
        page = list(ListFineTuningJobsRequest.newBuilder().setAfter(second.getName()));
        assertThat(page.getJobsList()).extracting(FineTuningJob::getName).containsExactly(first.getName());
        assertThat(page.getHasMore()).isFalse();
        page = list(ListFineTuningJobsRequest.newBuilder().putMetadata("team", "b"));
        assertThat(page.getJobsList()).extracting(FineTuningJob::getName).containsExactly(second.getName());
        assertThat(list(ListFineTuningJobsRequest.newBuilder().putMetadata("team", "c"))
                        .getJobsList())
                .isEmpty();
    }

    @Test
    void jobsAreFilteredAndOrdered() {
        FineTuningJob first = create(spec().putMetadata("team", "a"));
        FineTuningJob second = create(spec().putMetadata("team", "b"));
        training(first);
        training(second);
        cancel(first);
        FineTuningJob cancelled = eventuallyIn(first, FineTuningState.FINE_TUNING_STATE_CANCELLED);

        assertThat(filtered("state = QUEUED", "")).containsExactly(second.getName());
        assertThat(filtered("state = CANCELLED AND metadata.team = a", "")).containsExactly(cancelled.getName());
        assertThat(filtered("output_model = \"" + second.getOutputModel() + "\"", "create_time"))
                .contains(second.getName());
        assertThat(filtered("", "create_time")).containsExactly(first.getName(), second.getName());
        assertThatThrownBy(() -> filtered("size = 3", ""))
                .hasMessageContaining("filter: at position 1: unknown field 'size'");
    }

    private List<String> filtered(String filter, String orderBy) {
        return list(ListFineTuningJobsRequest.newBuilder().setFilter(filter).setOrderBy(orderBy)).getJobsList().stream()
                .map(FineTuningJob::getName)
                .toList();
    }

    @Test
    void aRepeatedRequestGivesTheSameJob() {
        CreateFineTuningJobRequest request = CreateFineTuningJobRequest.newBuilder()
                .setSpec(spec())
                .setRequestId("1")
                .build();
        assertThat(registry.fineTuning().createFineTuningJob(request).getJob().getName())
                .isEqualTo(registry.fineTuning()
                        .createFineTuningJob(request)
                        .getJob()
                        .getName());
    }

    @Test
    void invalidSpecsAreRefusedByField() throws Exception {
        refused(spec().setTrainingFile("files/file-x"), "spec.training_file: files/file-x was not found");
        refused(spec().setValidationFile("rows.jsonl"), "spec.validation_file: must be files/{id}");
        refused(spec().setSuffix("My model"), "spec.suffix: must have at most 18 lower-case letters");
        refused(spec().clearMethod(), "spec.method: must be SUPERVISED or DPO");
        refused(spec().setLearningRateMultiplier(-1), "spec.learning_rate_multiplier: must be above 0");
        refused(spec().putMetadata("k", "v".repeat(513)), "spec.metadata: keys must have at most 64");
        refused(spec().setAlias(""), "spec.alias: ");
        refused(() -> create(spec().setBase("models/none")), Status.Code.NOT_FOUND, "models/none");
        refused(
                () -> get(FineTuningJob.newBuilder()
                        .setName("fineTuningJobs/ftjob-x")
                        .build()),
                Status.Code.NOT_FOUND,
                "fineTuningJobs/ftjob-x");
    }

    private FineTuningSpec.Builder spec() {
        return FineTuningSpec.newBuilder()
                .setBase("models/tiny")
                .setTrainingFile(file)
                .setMethod(FineTuningMethod.FINE_TUNING_METHOD_SUPERVISED)
                .setAlias("production");
    }

    private FineTuningJob create(FineTuningSpec.Builder spec) {
        return registry.fineTuning()
                .createFineTuningJob(
                        CreateFineTuningJobRequest.newBuilder().setSpec(spec).build())
                .getJob();
    }

    private FineTuningJob get(FineTuningJob job) {
        return registry.fineTuning()
                .getFineTuningJob(GetFineTuningJobRequest.newBuilder()
                        .setName(job.getName())
                        .build())
                .getJob();
    }

    private FineTuningJob cancel(FineTuningJob job) {
        return registry.fineTuning()
                .cancelFineTuningJob(CancelFineTuningJobRequest.newBuilder()
                        .setName(job.getName())
                        .build())
                .getJob();
    }

    private ListFineTuningJobsResponse list(ListFineTuningJobsRequest.Builder request) {
        return registry.fineTuning().listFineTuningJobs(request.build());
    }

    private FineTuningJob eventuallyIn(FineTuningJob job, FineTuningState state) {
        eventually(() -> get(job).getState() == state);
        return get(job);
    }

    /** Waits for the training job and its run. */
    private Job training(FineTuningJob job) {
        eventually(() -> !get(job).getJob().isEmpty());
        Job training = registry.jobs()
                .getJob(GetJobRequest.newBuilder().setName(get(job).getJob()).build())
                .getJob();
        eventually(() -> registry.peers().hasRun(run(training)));
        return training;
    }

    private void train(String run) {
        registry.peers().emit(run, RunState.RUN_STATE_RUNNING);
        progress(run, 1, 2.5);
        progress(run, 2, 2.0);
        registry.peers()
                .emit(
                        run,
                        RunEvent.newBuilder()
                                .setEvaluation(RunEvaluation.newBuilder()
                                        .setStep(2)
                                        .setSplit("validation")
                                        .setLoss(2.25)));
        progress(run, 2, 2.0);
        progress(run, 4, 1.5);
        registry.peers()
                .emit(
                        run,
                        RunEvent.newBuilder()
                                .setArtifacts(RunArtifacts.newBuilder()
                                        .addArtifacts(registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "trained"))));
        registry.peers().emit(run, RunState.RUN_STATE_SUCCEEDED);
    }

    private void progress(String run, int step, double loss) {
        registry.peers()
                .emit(
                        run,
                        RunEvent.newBuilder()
                                .setProgress(RunProgress.newBuilder()
                                        .setStep(step)
                                        .setLoss(loss)
                                        .setTokens(step * 1000L)));
    }

    private String upload(String name, String content) throws Exception {
        BlockingClientCall<UploadFileRequest, UploadFileResponse> call =
                registry.files().uploadFile();
        call.write(UploadFileRequest.newBuilder()
                .setHeader(FileHeader.newBuilder()
                        .setFileName(name)
                        .setPurpose(FilePurpose.FILE_PURPOSE_FINE_TUNE)
                        .setBytes(content.length()))
                .build());
        call.write(UploadFileRequest.newBuilder()
                .setChunk(ByteString.copyFromUtf8(content))
                .build());
        call.halfClose();
        return call.read().getFile().getName();
    }

    private String read(String name) throws Exception {
        BlockingClientCall<?, ReadFileResponse> call = registry.files()
                .readFile(ReadFileRequest.newBuilder().setName(name).build());
        return call.read().getChunk().toStringUtf8();
    }

    private static String id(FineTuningJob job) {
        return job.getName().substring("fineTuningJobs/".length());
    }

    private static String run(Job job) {
        return job.getName().substring("jobs/".length());
    }

    private void refused(FineTuningSpec.Builder spec, String message) {
        refused(() -> create(spec), Status.Code.INVALID_ARGUMENT, message);
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).hasMessageContaining(message);
    }

    private static void refused(ThrowingCallable call, Status.Code code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
                .hasMessageContaining(message);
    }
}
