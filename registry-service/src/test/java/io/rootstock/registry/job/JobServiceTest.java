package io.rootstock.registry.job;

import static io.rootstock.registry.RegistryHarness.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.RecordedPeers;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.ListJobsRequest;
import io.rootstock.registry.v1.ListJobsResponse;
import io.rootstock.registry.v1.PauseJobRequest;
import io.rootstock.registry.v1.ReleaseResourceRequest;
import io.rootstock.registry.v1.ResumeJobRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.registry.v1.WatchJobResponse;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Mixture;
import io.rootstock.trainer.v1.MixturePlan;
import io.rootstock.trainer.v1.MixtureSource;
import io.rootstock.trainer.v1.MixtureSourcePlan;
import io.rootstock.trainer.v1.RunArtifacts;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobServiceTest {
    private static final String DIGEST = "sha256:" + "a".repeat(64);

    @TempDir
    private Path scratch;

    private RegistryHarness registry;
    private RecordedPeers peers;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
        peers = registry.peers();
        peers.put(dataset("text", DatasetKind.DATASET_KIND_PRETRAINING).build());
        peers.put(dataset("spam", DatasetKind.DATASET_KIND_CLASSIFICATION)
                .addLabels("ham")
                .addLabels("spam")
                .build());
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void aJobRunsAndRegistersItsVersionTogetherWithItsLastState() {
        Job job = create(pretrain());
        assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_QUEUED);
        assertThat(job.getResolved().getDatasetDigest()).isEqualTo(DIGEST);
        String run = run(job);
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
        peers.emit(
                run,
                RunEvent.newBuilder()
                        .setResolved(RunResolved.newBuilder()
                                .setHyperparameters(Hyperparameters.newBuilder().setLearningRate(0.003))));
        peers.emit(run, progress(10));
        peers.emit(run, evaluation("validation", 2.0, 1.5));
        peers.emit(run, evaluation("test", 3.0, 1.75));
        peers.emit(run, evaluation("validation", 1.0, 1.25));
        succeed(run);
        List<JobEvent> events = watch(job, 0);
        Job done = get(job);
        assertThat(done.getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        assertThat(done.getVersion()).isEqualTo("models/base/versions/1");
        assertThat(done.getProgress().getStep()).isEqualTo(10);
        assertThat(done.getResolved().getHyperparameters().getLearningRate()).isEqualTo(0.003);
        assertThat(done.getEvaluationsList())
                .extracting(RunEvaluation::getSplit, RunEvaluation::getLoss)
                .containsExactly(tuple("validation", 1.0), tuple("test", 3.0));
        Version version = version("base@latest");
        assertThat(version.getJob()).isEqualTo(job.getName());
        assertThat(version.getKind()).isEqualTo(VersionKind.VERSION_KIND_BASE);
        assertThat(version.getTokenizer()).isEqualTo("tokenizers/bytes");
        assertThat(version.getMetricsMap())
                .containsEntry("bits_per_byte", 1.75)
                .containsEntry("validation_bits_per_byte", 1.25)
                .containsEntry("validation_loss", 1.0)
                .containsEntry("loss", 3.0);
        assertThat(states(events))
                .containsExactly(
                        JobState.JOB_STATE_VALIDATING,
                        JobState.JOB_STATE_QUEUED,
                        JobState.JOB_STATE_RUNNING,
                        JobState.JOB_STATE_SUCCEEDED);
        assertGapFree(events, 1);
        assertThat(events.stream().filter(JobEvent::hasRunEvent)).hasSize(8);
        assertThat(watch(job, 5)).isEqualTo(events.subList(5, events.size()));
        assertThat(watch(job, events.size())).isEmpty();
    }

    @Test
    void aMixtureIsResolvedToDigestsAndRecordedInTheLineage() {
        peers.put(dataset("web", DatasetKind.DATASET_KIND_PRETRAINING).build());
        JobSpec spec = pretrain().toBuilder()
                .clearDataset()
                .setMixture(Mixture.newBuilder()
                        .addSources(MixtureSource.newBuilder()
                                .setDataset("datasets/text")
                                .setWeight(0.7))
                        .addSources(MixtureSource.newBuilder()
                                .setDataset("datasets/web")
                                .setWeight(0.3)
                                .setEpochs(2)))
                .build();
        Job job = create(spec);
        assertThat(job.getResolved().getDatasetDigest()).isEmpty();
        assertThat(job.getResolved().getMixture().getSourcesList())
                .extracting(MixtureSource::getDataset, MixtureSource::getDatasetDigest, MixtureSource::getEpochs)
                .containsExactly(tuple("datasets/text", DIGEST, 0.0), tuple("datasets/web", DIGEST, 2.0));
        for (String name : List.of("datasets/text", "datasets/web")) {
            assertThat(registry.jobs()
                            .listJobs(ListJobsRequest.newBuilder()
                                    .setDataset(name)
                                    .build())
                            .getJobsList())
                    .hasSize(1);
            assertThatThrownBy(() -> registry.resources()
                            .releaseResource(ReleaseResourceRequest.newBuilder()
                                    .setName(name)
                                    .setCreateTime(Timestamp.newBuilder().setSeconds(1))
                                    .build()))
                    .hasMessageContaining(job.getName());
        }
        MixturePlan plan = MixturePlan.newBuilder()
                .setDigest("sha256:" + "1".repeat(64))
                .addSources(MixtureSourcePlan.newBuilder()
                        .setDataset("datasets/text")
                        .setDatasetDigest(DIGEST)
                        .setWeight(0.7))
                .build();
        String run = run(job);
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
        peers.emit(
                run, RunEvent.newBuilder().setResolved(RunResolved.newBuilder().setMixture(plan)));
        succeed(run);
        watch(job, 0);
        Version version = version("base@latest");
        assertThat(version.getMixture()).isEqualTo(plan);
        assertThat(version.getDataset()).isEmpty();
        assertThat(version.getTokenizer()).isEqualTo("tokenizers/bytes");
        assertRefused(spec.toBuilder().setDataset("datasets/text"), "spec.dataset");
        JobSpec.Builder unnamed = spec.toBuilder();
        unnamed.getMixtureBuilder().getSourcesBuilder(1).setDataset("web");
        assertRefused(unnamed, "spec.mixture.sources[1].dataset");
        unnamed.getMixtureBuilder().getSourcesBuilder(1).setDataset("datasets/spam");
        assertRefused(unnamed, "spec.mixture.sources[1].dataset");
    }

    @Test
    void aSucceededJobIsExtendedByItsRun() {
        Job job = create(pretrain());
        JobSpec extension = pretrain().toBuilder()
                .setExtendedJob(job.getName())
                .setHyperparameters(Hyperparameters.newBuilder().setTokens(2000))
                .build();
        assertThatThrownBy(() -> create(extension))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("only a succeeded job can be extended");
        assertThatThrownBy(() -> create(
                        extension.toBuilder().setExtendedJob("jobs/unknown").build()))
                .hasMessageContaining("NOT_FOUND");
        assertThatThrownBy(
                        () -> create(extension.toBuilder().setExtendedJob("one").build()))
                .hasMessageContaining("spec.extended_job");
        assertThatThrownBy(
                        () -> create(pretrain().toBuilder().setExtendedStep(5).build()))
                .hasMessageContaining("spec.extended_step");
        String run = run(job);
        eventually(() -> peers.hasRun(run));
        JobSpec branch = extension.toBuilder().setExtendedStep(5).build();
        assertThat(create(branch).getResolved())
                .satisfies(resolved -> assertThat(resolved.getExtendedRunId()).isEqualTo(run))
                .satisfies(resolved -> assertThat(resolved.getExtendedStep()).isEqualTo(5));
        succeed(run);
        watch(job, 0);
        assertThat(create(extension).getResolved().getExtendedRunId()).isEqualTo(run);
    }

    @Test
    void aFineTuneRecordsItsBaseAsParentAndTheDatasetsLabels() {
        Version base = registry.register("base");
        JobSpec spec = JobSpec.newBuilder()
                .setTask(Task.TASK_CLASSIFICATION)
                .setDataset("datasets/spam")
                .setBase("base@latest")
                .setOutputModel("models/spam")
                .build();
        Job job = create(spec);
        assertThat(job.getBaseVersion()).isEqualTo(base.getName());
        assertThat(job.getResolved().getBaseDigest())
                .isEqualTo(base.getArtifacts(0).getDigest());
        String run = run(job);
        eventually(() -> peers.hasRun(run));
        peers.emit(run, evaluation("test", 0.1, 0));
        succeed(run);
        watch(job, 0);
        Version version = version("spam@latest");
        assertThat(version.getParent()).isEqualTo(base.getName());
        assertThat(version.getKind()).isEqualTo(VersionKind.VERSION_KIND_CLASSIFIER);
        assertThat(version.getLabelsList()).containsExactly("ham", "spam");
    }

    @Test
    void theBaseWeightsSettingSelectsTheGgufFileOfThatQuantization() {
        Artifact quantized = registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M, "q4");
        registry.register("base", Version.newBuilder().addArtifacts(quantized));
        JobSpec.Builder spec = JobSpec.newBuilder()
                .setTask(Task.TASK_CLASSIFICATION)
                .setDataset("datasets/spam")
                .setBase("base@latest")
                .setOutputModel("models/spam");
        spec.getHyperparametersBuilder().getLoraBuilder().setBaseWeights(ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M);
        Job job = create(spec.build());
        assertThat(job.getResolved().getBaseGgufDigest()).isEqualTo(quantized.getDigest());
        eventually(() -> peers.hasRun(run(job)));
        succeed(run(job));
        watch(job, 0);
        JobSpec extension = spec.build().toBuilder()
                .setExtendedJob(job.getName())
                .setHyperparameters(Hyperparameters.newBuilder().setEpochs(4))
                .build();
        assertThat(create(extension).getResolved().getBaseGgufDigest()).isEqualTo(quantized.getDigest());

        spec.getHyperparametersBuilder().getLoraBuilder().setBaseWeights(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0);
        assertThatThrownBy(() -> create(spec.build()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("has no artifact ARTIFACT_KIND_GGUF_Q8_0");
        spec.getHyperparametersBuilder().getLoraBuilder().setBaseWeights(ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER);
        assertThatThrownBy(() -> create(spec.build()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("must be HUGGING_FACE, GGUF_F16, GGUF_Q8_0, GGUF_Q4_K_M or GGUF_ORIGINAL");
        spec.getHyperparametersBuilder().getLoraBuilder().setBaseWeights(ArtifactKind.ARTIFACT_KIND_HUGGING_FACE);
        assertThat(create(spec.build()).getResolved().getBaseGgufDigest()).isEmpty();
    }

    @Test
    void everyEventIsStoredOnceAcrossRestartsOfTrainerAndRegistry() {
        Job job = create(pretrain());
        String run = run(job);
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
        int events = 300;
        for (int i = 1; i <= events; i++) {
            peers.emit(run, progress(i));
            if (i % 60 == 0) {
                peers.stopServing();
                peers.startServing();
            }
            if (i % 100 == 0) {
                registry.restart();
            }
        }
        succeed(run);
        List<JobEvent> seen = watch(job, 0);
        assertGapFree(seen, 1);
        assertThat(seen.stream()
                        .filter(event ->
                                event.hasRunEvent() && event.getRunEvent().hasProgress())
                        .map(event -> event.getRunEvent().getProgress().getStep()))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events).boxed().toList());
        assertThat(peers.commands()).containsExactly("START " + run);
    }

    @Test
    void aWatcherReceivesEveryEventLiveAndInOrder() {
        Job job = create(pretrain());
        String run = run(job);
        Iterator<WatchJobResponse> live = registry.jobs()
                .watchJob(WatchJobRequest.newBuilder().setName(job.getName()).build());
        eventually(() -> peers.hasRun(run));
        List<JobEvent> seen = new ArrayList<>();
        for (int i = 1; i <= 50; i++) {
            peers.emit(run, progress(i));
            while (seen.isEmpty() || seen.getLast().getRunEvent().getProgress().getStep() < i) {
                seen.add(live.next().getEvent());
            }
        }
        succeed(run);
        live.forEachRemaining(response -> seen.add(response.getEvent()));
        assertGapFree(seen, 1);
        assertThat(seen.getLast().getStateChanged().getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        assertThat(seen).isEqualTo(watch(job, 0));
    }

    @Test
    void aJobCreatedWhileThePeersAreUnavailableIsQueuedOnceTheyAreBack() {
        peers.stopServing();
        Job job = create(pretrain());
        assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_VALIDATING);
        registry.restart();
        assertThat(get(job).getState()).isEqualTo(JobState.JOB_STATE_VALIDATING);
        peers.startServing();
        eventually(() -> peers.hasRun(run(job)));
        assertThat(get(job).getState()).isEqualTo(JobState.JOB_STATE_QUEUED);
    }

    @Test
    void aJobWithADatasetOfTheWrongKindFailsWithTheReason() {
        peers.stopServing();
        Job job = create(pretrain().toBuilder().setDataset("datasets/spam").build());
        peers.startServing();
        eventually(() -> get(job).getState() == JobState.JOB_STATE_FAILED);
        assertThat(get(job).getMessage()).contains("spec.dataset");
    }

    @Test
    void cancelPauseAndResumeReachTheTrainerInOrderAfterAnOutage() {
        Job job = create(pretrain());
        String run = run(job);
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
        eventually(() -> get(job).getState() == JobState.JOB_STATE_RUNNING);
        peers.stopServing();
        assertThat(pause(job).getMessage()).contains("pause requested");
        peers.startServing();
        eventually(() -> get(job).getState() == JobState.JOB_STATE_PAUSED);
        assertThat(resume(job).getState()).isEqualTo(JobState.JOB_STATE_QUEUED);
        eventually(() -> get(job).getState() == JobState.JOB_STATE_RUNNING);
        cancel(job);
        cancel(job);
        eventually(() -> get(job).getState() == JobState.JOB_STATE_CANCELLED);
        assertThat(cancel(job).getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
        assertThatThrownBy(() -> pause(job)).hasMessageContaining("FAILED_PRECONDITION");
        registry.jobs()
                .resumeJob(ResumeJobRequest.newBuilder()
                        .setName(job.getName())
                        .setRanks(3)
                        .build());
        eventually(() -> get(job).getState() == JobState.JOB_STATE_RUNNING);
        assertThat(peers.resumeRanks()).containsExactly(0, 3);
        succeed(run);
        assertGapFree(watch(job, 0), 1);
        assertThat(get(job).getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        assertThat(peers.commands())
                .extracting(command -> command.substring(0, command.indexOf(" ")))
                .containsExactly("START", "PAUSE", "RESUME", "CANCEL", "RESUME");
        assertThatThrownBy(() -> resume(job)).hasMessageContaining("FAILED_PRECONDITION");
    }

    @Test
    void aResumeOfAStoppingRunIsRetriedUntilTheRunIsPaused() {
        Job job = create(pretrain());
        String run = run(job);
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
        eventually(() -> get(job).getState() == JobState.JOB_STATE_RUNNING);
        peers.holdPauses();
        pause(job);
        eventually(() -> peers.commands().contains("PAUSE " + run));
        assertThat(resume(job).getMessage()).isEqualTo("resume requested");
        eventually(() -> peers.commands().contains("RESUME " + run));
        peers.completePause(run);
        assertThat(watchedStates(job, 6))
                .containsExactly(
                        JobState.JOB_STATE_VALIDATING,
                        JobState.JOB_STATE_QUEUED,
                        JobState.JOB_STATE_RUNNING,
                        JobState.JOB_STATE_PAUSED,
                        JobState.JOB_STATE_QUEUED,
                        JobState.JOB_STATE_RUNNING);
    }

    @Test
    void aResumeAfterAPauseReachesTheTrainerAlthoughAnEventChangedTheMessage() {
        Job job = create(pretrain());
        String run = run(job);
        eventually(() -> peers.hasRun(run));
        peers.holdPauses();
        assertThat(pause(job).getMessage()).isEqualTo("pause requested");
        eventually(() -> peers.commands().contains("PAUSE " + run));
        peers.emit(run, RunState.RUN_STATE_RUNNING, "a worker trains from the start");
        eventually(() -> get(job).getMessage().equals("a worker trains from the start"));
        assertThat(resume(job).getMessage()).isEqualTo("resume requested");
        peers.completePause(run);
        assertThat(watchedStates(job, 6))
                .containsExactly(
                        JobState.JOB_STATE_VALIDATING,
                        JobState.JOB_STATE_QUEUED,
                        JobState.JOB_STATE_RUNNING,
                        JobState.JOB_STATE_PAUSED,
                        JobState.JOB_STATE_QUEUED,
                        JobState.JOB_STATE_RUNNING);
        assertThat(peers.commands()).containsExactly("START " + run, "PAUSE " + run, "RESUME " + run);
    }

    @Test
    void aRequestedCancellationIsNotRevoked() {
        Job job = create(pretrain());
        String run = run(job);
        eventually(() -> peers.hasRun(run));
        peers.stopServing();
        assertThat(cancel(job).getMessage()).isEqualTo("cancellation requested");
        assertThatThrownBy(() -> resume(job))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("being cancelled and cannot be resumed");
        assertThatThrownBy(() -> pause(job)).hasMessageContaining("being cancelled and cannot be paused");
        peers.startServing();
        eventually(() -> get(job).getState() == JobState.JOB_STATE_CANCELLED);
    }

    @Test
    void aPauseOutlivesTheLossOfItsRun() {
        Job job = create(pretrain());
        String run = run(job);
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
        eventually(() -> get(job).getState() == JobState.JOB_STATE_RUNNING);
        peers.holdPauses();
        pause(job);
        eventually(() -> peers.commands().contains("PAUSE " + run));
        peers.lose(run);
        peers.stopServing();
        peers.startServing();
        eventually(
                () -> peers.commands().equals(List.of("START " + run, "PAUSE " + run, "START " + run, "PAUSE " + run)));
    }

    @Test
    void aRunThatTheTrainerLostIsRestarted() {
        Job job = create(pretrain());
        String run = run(job);
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
        peers.emit(run, progress(1));
        eventually(() -> get(job).getProgress().getStep() == 1);
        peers.lose(run);
        peers.stopServing();
        peers.startServing();
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
        succeed(run);
        assertGapFree(watch(job, 0), 1);
        assertThat(get(job).getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    }

    @Test
    void aRunThatTheTrainerLostBeforeAnsweringIsFollowedFromTheStartOfItsNewLog() {
        peers.withholdStartAnswers();
        Job job = create(pretrain());
        String run = run(job);
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
        peers.emit(run, progress(1));
        peers.lose(run);
        peers.stopServing();
        peers.startServing();
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
        succeed(run);
        assertGapFree(watch(job, 0), 1);
        assertThat(get(job).getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        assertThat(get(job).getProgress().getStep()).isZero();
    }

    @Test
    void aRunWithMissingArtifactsFailsAndRegistersNoVersion() {
        Job job = create(pretrain());
        String run = run(job);
        eventually(() -> peers.hasRun(run));
        peers.emit(
                run,
                RunEvent.newBuilder()
                        .setArtifacts(RunArtifacts.newBuilder()
                                .addArtifacts(
                                        registry.directory("model").toBuilder().setDigest(DIGEST))));
        peers.emit(run, RunState.RUN_STATE_SUCCEEDED);
        watch(job, 0);
        assertThat(get(job).getState()).isEqualTo(JobState.JOB_STATE_FAILED);
        assertThat(get(job).getMessage()).contains("artifacts[0].digest");
        assertThatThrownBy(() -> version("base@latest")).hasMessageContaining("NOT_FOUND");
    }

    @Test
    void preTrainingContinuesFromABaseWithoutAnArchitectureOfItsOwn() {
        Version base = registry.register("base");
        JobSpec continued = pretrain().toBuilder()
                .setBase("base@latest")
                .clearArchitecture()
                .build();
        Job job = create(continued);
        assertThat(job.getBaseVersion()).isEqualTo(base.getName());
        assertThat(job.getResolved().getBaseDigest())
                .isEqualTo(base.getArtifacts(0).getDigest());
        assertRefused(
                continued.toBuilder().setArchitecture(Architecture.newBuilder().setDepth(2)), "spec.architecture");
    }

    @Test
    void invalidSpecsAreRejectedByField() {
        JobSpec good = pretrain();
        assertRefused(good.toBuilder().setDataset("text"), "spec.dataset");
        assertRefused(good.toBuilder().setDataset("datasets/spam"), "spec.dataset");
        assertRefused(good.toBuilder().setOutputModel("base"), "spec.output_model");
        assertRefused(good.toBuilder().clearArchitecture().setBase("models/"), "spec.base");
        assertRefused(good.toBuilder().clearTask(), "spec.task");
        assertRefused(good.toBuilder().setDollarsPerHour(-1), "spec.dollars_per_hour");
        assertRefused(
                good.toBuilder().setHyperparameters(Hyperparameters.newBuilder().setLearningRate(-1)),
                "spec.hyperparameters.learning_rate");
        assertThatThrownBy(() ->
                        create(good.toBuilder().setDataset("datasets/gone").build()))
                .hasMessageContaining("NOT_FOUND");
        assertThat(registry.jobs()
                        .listJobs(ListJobsRequest.getDefaultInstance())
                        .getJobsList())
                .isEmpty();
    }

    @Test
    void aRequestIdCreatesOneJobAndValidateOnlyCreatesNone() {
        CreateJobRequest request = CreateJobRequest.newBuilder()
                .setSpec(pretrain())
                .setRequestId("once")
                .build();
        String first = registry.jobs().createJob(request).getJob().getName();
        assertThat(registry.jobs().createJob(request).getJob().getName()).isEqualTo(first);
        CreateJobRequest other = request.toBuilder()
                .setSpec(pretrain().toBuilder().setOutputModel("models/other"))
                .build();
        assertThatThrownBy(() -> registry.jobs().createJob(other)).hasMessageContaining("ALREADY_EXISTS");
        Job valid = registry.jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(pretrain())
                        .setValidateOnly(true)
                        .build())
                .getJob();
        assertThat(valid.getName()).isEmpty();
        assertThat(valid.getResolved().getDatasetDigest()).isEqualTo(DIGEST);
        assertThat(registry.jobs()
                        .listJobs(ListJobsRequest.getDefaultInstance())
                        .getJobsList())
                .hasSize(1);
    }

    @Test
    void jobsArePagedNewestFirstAndByState() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            names.addFirst(create(pretrain()).getName());
        }
        ListJobsRequest request = ListJobsRequest.newBuilder().setPageSize(2).build();
        List<String> listed = new ArrayList<>();
        ListJobsResponse page;
        do {
            page = registry.jobs().listJobs(request);
            page.getJobsList().forEach(job -> listed.add(job.getName()));
            request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
        } while (!page.getNextPageToken().isEmpty());
        assertThat(listed).isEqualTo(names);
        ListJobsRequest failed = ListJobsRequest.newBuilder()
                .addStates(JobState.JOB_STATE_FAILED)
                .build();
        assertThat(registry.jobs().listJobs(failed).getJobsList()).isEmpty();
    }

    private void succeed(String run) {
        peers.emit(
                run,
                RunEvent.newBuilder()
                        .setArtifacts(RunArtifacts.newBuilder()
                                .addArtifacts(registry.directory("model of " + run))
                                .addArtifacts(registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "gguf of " + run))));
        peers.emit(run, RunState.RUN_STATE_SUCCEEDED);
    }

    private void assertRefused(JobSpec.Builder spec, String field) {
        assertThatThrownBy(() -> create(spec.build())).isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(failure.getStatus().getDescription()).contains(field);
        });
    }

    private static void assertGapFree(List<JobEvent> events, long first) {
        assertThat(events.stream().map(JobEvent::getSequence))
                .containsExactlyElementsOf(
                        LongStream.range(first, first + events.size()).boxed().toList());
    }

    private static List<JobState> states(List<JobEvent> events) {
        return events.stream()
                .filter(JobEvent::hasStateChanged)
                .map(event -> event.getStateChanged().getState())
                .toList();
    }

    /** Watches a job until it has {@code count} state changes and returns their states. */
    private List<JobState> watchedStates(Job job, int count) {
        List<JobState> states = new ArrayList<>();
        Iterator<WatchJobResponse> events = registry.jobs()
                .watchJob(WatchJobRequest.newBuilder().setName(job.getName()).build());
        while (states.size() < count) {
            JobEvent event = events.next().getEvent();
            if (event.hasStateChanged()) {
                states.add(event.getStateChanged().getState());
            }
        }
        return states;
    }

    private static RunEvent.Builder progress(long step) {
        return RunEvent.newBuilder().setProgress(RunProgress.newBuilder().setStep(step));
    }

    private static RunEvent.Builder evaluation(String split, double loss, double bitsPerByte) {
        return RunEvent.newBuilder()
                .setEvaluation(
                        RunEvaluation.newBuilder().setSplit(split).setLoss(loss).setBitsPerByte(bitsPerByte));
    }

    private static JobSpec pretrain() {
        return JobSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDataset("datasets/text")
                .setOutputModel("models/base")
                .build();
    }

    private static Dataset.Builder dataset(String name, DatasetKind kind) {
        return Dataset.newBuilder()
                .setName("datasets/" + name)
                .setKind(kind)
                .setTokenizer("tokenizers/bytes")
                .setDigest(DIGEST);
    }

    private static String run(Job job) {
        return job.getName().substring("jobs/".length());
    }

    private Job create(JobSpec spec) {
        return registry.jobs()
                .createJob(CreateJobRequest.newBuilder().setSpec(spec).build())
                .getJob();
    }

    private Job get(Job job) {
        return registry.jobs()
                .getJob(GetJobRequest.newBuilder().setName(job.getName()).build())
                .getJob();
    }

    private Job cancel(Job job) {
        return registry.jobs()
                .cancelJob(CancelJobRequest.newBuilder().setName(job.getName()).build())
                .getJob();
    }

    private Job pause(Job job) {
        return registry.jobs()
                .pauseJob(PauseJobRequest.newBuilder().setName(job.getName()).build())
                .getJob();
    }

    private Job resume(Job job) {
        return registry.jobs()
                .resumeJob(ResumeJobRequest.newBuilder().setName(job.getName()).build())
                .getJob();
    }

    private Version version(String name) {
        return registry.models()
                .getVersion(GetVersionRequest.newBuilder().setName(name).build())
                .getVersion();
    }

    private List<JobEvent> watch(Job job, long after) {
        List<JobEvent> events = new ArrayList<>();
        registry.jobs()
                .watchJob(WatchJobRequest.newBuilder()
                        .setName(job.getName())
                        .setAfterSequence(after)
                        .build())
                .forEachRemaining(response -> events.add(response.getEvent()));
        return events;
    }
}
