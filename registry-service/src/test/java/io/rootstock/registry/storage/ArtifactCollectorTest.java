package io.rootstock.registry.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.StoredArtifact;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.DeleteModelRequest;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.storage.v1.PruneRequest;
import io.rootstock.storage.v1.PrunedGroup;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactCollectorTest {
    private static final long HOURS = 3600;

    @TempDir
    private Path scratch;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void artifactsOfADeletedModelAreReportedThenRemovedAndOthersStay() {
        Version kept = registry.register("kept");
        registry.register("deleted");
        Artifact dataset = registry.file(
                ArtifactKind.ARTIFACT_KIND_UNSPECIFIED,
                "{\"shard\": \"" + stored("shard").getDigest() + "\"}");
        registry.peers().refer("datasets/text", dataset.getDigest());
        age(5 * HOURS);
        assertThat(prune(true).getItems()).isZero();
        registry.models()
                .deleteModel(DeleteModelRequest.newBuilder()
                        .setName("models/deleted")
                        .setForce(true)
                        .build());
        PrunedGroup report = prune(false);
        assertThat(report.getItems()).isEqualTo(3);
        assertThat(report.getNamesList()).hasSize(3).allMatch(name -> name.startsWith("sha256:"));
        int before = all().size();
        PrunedGroup removed = prune(true);
        assertThat(removed.getItems()).isEqualTo(3);
        assertThat(removed.getBytes()).isEqualTo(report.getBytes());
        assertThat(all()).hasSize(before - 3);
        kept.getArtifactsList().forEach(artifact -> registry.store().verified(Digest.parse(artifact.getDigest())));
        assertThat(registry.store().contains(Digest.parse(stored("shard").getDigest())))
                .isTrue();
        assertThat(prune(true).getItems()).isZero();
    }

    @Test
    void youngArtifactsAndThoseOfARunningOperationAreKept() {
        stored("orphan");
        assertThat(prune(true).getItems()).isZero();
        assertThat(prune(true).getKeptItems()).isEqualTo(1);
        age(5 * HOURS);
        registry.peers().setActivity(Instant.now().minusSeconds(6 * HOURS));
        assertThat(prune(true).getKeptBytes()).isEqualTo("orphan".length());
        assertThat(all()).hasSize(1);
        assertThatThrownBy(() -> registry.storage()
                        .prune(PruneRequest.newBuilder()
                                .setGrace(Duration.newBuilder().setSeconds(60))
                                .build()))
                .hasMessageContaining("grace")
                .hasMessageContaining("at least 10 minutes");
    }

    @Test
    void whatAYoungManifestNamesIsKept() {
        Artifact shard = stored("shard");
        age(5 * HOURS);
        stored("{\"shard\": \"" + shard.getDigest() + "\"}");
        assertThat(prune(true).getKeptItems()).isEqualTo(2);
        age(5 * HOURS);
        assertThat(prune(true).getItems()).isEqualTo(2);
    }

    @Test
    void artifactsOfAnUnfinishedJobAndItsRunAreKeptAndNothingIsRemovedWithoutThePeers() {
        Artifact manifest = stored("manifest");
        Artifact adapter = stored("adapter");
        Artifact result = stored("result");
        registry.peers()
                .put(Dataset.newBuilder()
                        .setName("datasets/spam")
                        .setKind(DatasetKind.DATASET_KIND_CLASSIFICATION)
                        .setDigest(manifest.getDigest())
                        .build());
        registry.register("base");
        String job = registry.jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setTask(Task.TASK_CLASSIFICATION)
                                .setDataset("datasets/spam")
                                .setBase("base:1")
                                .setAdapterDigest(adapter.getDigest())
                                .setOutputModel("models/spam"))
                        .build())
                .getJob()
                .getName();
        registry.peers().refer("runs/" + job.substring("jobs/".length()), result.getDigest());
        age(5 * HOURS);
        assertThat(prune(true).getItems()).isZero();
        stored("orphan");
        age(5 * HOURS);
        registry.peers().stopServing();
        assertThatThrownBy(() -> prune(true)).hasMessageContaining("must both run");
        assertThat(registry.store().contains(Digest.parse(stored("orphan").getDigest())))
                .isTrue();
        registry.peers().startServing();
    }

    @Test
    void creatingAVersionRenewsItsArtifacts() {
        Artifact old = stored("old");
        age(5 * HOURS);
        Instant start = Instant.now().minusSeconds(5);
        registry.models()
                .createVersion(CreateVersionRequest.newBuilder()
                        .setModel("models/base")
                        .setVersion(Version.newBuilder()
                                .setKind(VersionKind.VERSION_KIND_BASE)
                                .addArtifacts(old.toBuilder().setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F32)))
                        .setValidateOnly(true)
                        .build());
        assertThat(all())
                .singleElement()
                .satisfies(artifact -> assertThat(artifact.renewed()).isAfter(start));
        assertThat(prune(true).getKeptItems()).isEqualTo(1);
    }

    private Artifact stored(String content) {
        return registry.file(ArtifactKind.ARTIFACT_KIND_UNSPECIFIED, content);
    }

    private PrunedGroup prune(boolean apply) {
        return registry.storage()
                .prune(PruneRequest.newBuilder().setApply(apply).build())
                .getGroups(0);
    }

    private List<StoredArtifact> all() {
        List<StoredArtifact> all = new ArrayList<>();
        registry.store().list(all::add);
        return all;
    }

    /** Makes all artifacts older. */
    private void age(long seconds) {
        Instant time = Instant.now().minusSeconds(seconds);
        try (var files = Files.walk(scratch.resolve("artifacts/sha256"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(time));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
