package io.rootstock.registry.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.evaluation.v1.TrainingData;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.DeleteJobRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionOrigin;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.MixturePlan;
import io.rootstock.trainer.v1.RunArtifacts;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The training data of a version's lineage, as a claim states it. */
class TrainingLineageTest {
    private static final String OTHERS = "base of others: its training data is not known";

    @TempDir
    private Path scratch;

    private RegistryHarness registry;
    private EvaluationFixture fixture;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
        fixture = new EvaluationFixture(registry).withSuite();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private static String digest(String name) {
        return "sha256:" + String.format(Locale.ROOT, "%064x", name.hashCode());
    }

    private static Version.Builder trained(String parent, String dataset) {
        return Version.newBuilder()
                .setParent(parent)
                .setDataset("datasets/" + dataset)
                .setDatasetDigest(digest(dataset))
                .setTokenizerDigest(digest("bytes"));
    }

    private static TrainingData data(String version, String dataset) {
        return TrainingData.newBuilder()
                .setVersion(version)
                .setDataset("datasets/" + dataset)
                .setDatasetDigest(digest(dataset))
                .setTokenizerDigest(digest("bytes"))
                .build();
    }

    private static TrainingData unknown(String version, String reason) {
        return TrainingData.newBuilder()
                .setVersion(version)
                .setUnknownReason(reason)
                .build();
    }

    private List<TrainingData> lineage(String version) {
        fixture.create(EvaluationFixture.spec().setVersion(version).setCheckContamination(true));
        return fixture.claim("test").getTrainingDataList();
    }

    @Test
    void theDataOfAllAncestorsIsNamedTheVersionsFirst() {
        Version base = registry.register("text", trained("", "web"));
        Version continued = registry.register("text", trained(base.getName(), "books"));
        Version tuned = registry.register("chat", trained(continued.getName(), "dialogues"));
        assertThat(lineage(tuned.getName()))
                .containsExactly(
                        data("models/chat/versions/1", "dialogues"),
                        data("models/text/versions/2", "books"),
                        data("models/text/versions/1", "web"));

        fixture.create(EvaluationFixture.spec().setVersion(tuned.getName()));
        assertThat(fixture.claim("test").getTrainingDataList())
                .as("without the check")
                .isEmpty();
    }

    @Test
    void everyDatasetOfAMixtureIsNamedOnce() {
        MixturePlan.Builder mixture = MixturePlan.newBuilder().setDigest(digest("mixture"));
        for (String source : List.of("books", "web", "web")) {
            mixture.addSourcesBuilder().setDataset("datasets/" + source).setDatasetDigest(digest(source));
        }
        Version mixed = registry.register(
                "text", Version.newBuilder().setTokenizerDigest(digest("bytes")).setMixture(mixture));
        assertThat(lineage(mixed.getName()))
                .containsExactly(data("models/text/versions/1", "books"), data("models/text/versions/1", "web"));
    }

    @Test
    void dataThatWasNeverKnownHasAReason() {
        assertThat(lineage("models/base/versions/1")).containsExactly(unknown("models/base/versions/1", OTHERS));
        Version merged = registry.register("merged", Version.newBuilder().setParent("models/base/versions/1"));
        assertThat(lineage(merged.getName()))
                .containsExactly(
                        unknown(
                                "models/merged/versions/1",
                                "registered without a dataset: its training data is not known"),
                        unknown("models/base/versions/1", OTHERS));
        Version imported = registry.register(
                "imported",
                trained("", "theirs")
                        .setOrigin(VersionOrigin.newBuilder()
                                .setVersion("models/far/versions/3")
                                .addAncestors("models/far/versions/1")));
        assertThat(lineage(imported.getName()))
                .containsExactly(
                        data("models/imported/versions/1", "theirs").toBuilder()
                                .setImported(true)
                                .build(),
                        unknown(
                                "models/far/versions/1",
                                "ancestor in another installation: its training data is not known"));
    }

    /** Runs a job that fine-tunes the base from an adapter, and returns the name of the job. */
    private String tuned(String dataset, String adapter, String model, Artifact... artifacts) {
        registry.peers()
                .put(Dataset.newBuilder()
                        .setName("datasets/" + dataset)
                        .setKind(DatasetKind.DATASET_KIND_INSTRUCTION)
                        .setTokenizer("tokenizers/bytes")
                        .setTokenizerDigest(digest("bytes"))
                        .setDigest(digest(dataset))
                        .build());
        String job = registry.jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setTask(Task.TASK_INSTRUCTION)
                                .setDataset("datasets/" + dataset)
                                .setBase("base:1")
                                .setAdapterDigest(adapter)
                                .setOutputModel("models/" + model))
                        .build())
                .getJob()
                .getName();
        String run = job.substring("jobs/".length());
        RegistryHarness.eventually(() -> registry.peers().hasRun(run));
        registry.peers()
                .emit(
                        run,
                        RunEvent.newBuilder()
                                .setArtifacts(RunArtifacts.newBuilder()
                                        .addArtifacts(registry.directory(model))
                                        .addArtifacts(
                                                registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "gguf " + model))
                                        .addAllArtifacts(List.of(artifacts))));
        registry.peers().emit(run, RunState.RUN_STATE_SUCCEEDED);
        RegistryHarness.eventually(() -> registry.jobs()
                        .getJob(GetJobRequest.newBuilder().setName(job).build())
                        .getJob()
                        .getState()
                == JobState.JOB_STATE_SUCCEEDED);
        return job;
    }

    @Test
    void jobsThatContinueAnAdapterHaveItsDataToo() {
        Artifact adapter = registry.directory("adapter").toBuilder()
                .setKind(ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER)
                .build();
        Artifact foreign = registry.directory("foreign");
        tuned("first", foreign.getDigest(), "one", adapter);
        String second = tuned("second", adapter.getDigest(), "two");
        String foreignReason = "training started from the adapter " + foreign.getDigest()
                + " of no version: its training data is not known";
        assertThat(lineage("models/two/versions/1"))
                .containsExactly(
                        data("models/two/versions/1", "second"),
                        unknown("models/base/versions/1", OTHERS),
                        data("models/one/versions/1", "first"),
                        unknown("models/one/versions/1", foreignReason));

        registry.jobs().deleteJob(DeleteJobRequest.newBuilder().setName(second).build());
        assertThat(lineage("models/two/versions/1"))
                .containsExactly(data("models/two/versions/1", "second"), unknown("models/base/versions/1", OTHERS));
    }
}
