package io.rootstock.cli.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import io.rootstock.artifacts.Digest;
import io.rootstock.cli.error.CliException;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.registry.v1.VersionOrigin;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports from one recorded installation and imports into another. */
class BundleTest {
    private static final String GGUF = "gguf ".repeat(50_000);

    @TempDir
    private Path folder;

    private RecordedInstallation source;
    private RecordedInstallation target;
    private Path file;
    private Version base;
    private Version adapter;

    @BeforeEach
    void start() throws IOException {
        source = new RecordedInstallation(folder.resolve("source"));
        target = new RecordedInstallation(folder.resolve("target"));
        file = folder.resolve("answers.zip");
        String tokenizer = source.directory(
                        ArtifactKind.ARTIFACT_KIND_UNSPECIFIED, Map.of("tokenizer.json", "{}", "empty", ""))
                .getDigest();
        base = source.add(
                "smol",
                Version.newBuilder()
                        .setKind(VersionKind.VERSION_KIND_BASE)
                        .setTokenizer("tokenizers/smol")
                        .setTokenizerDigest(tokenizer)
                        .setLicense("apache-2.0")
                        .addArtifacts(source.directory(
                                ArtifactKind.ARTIFACT_KIND_HUGGING_FACE,
                                Map.of("config.json", "{}", "model.safetensors", "weights")))
                        .addArtifacts(source.file(ArtifactKind.ARTIFACT_KIND_GGUF_F32, GGUF)));
        adapter = source.add(
                "answers",
                Version.newBuilder()
                        .setKind(VersionKind.VERSION_KIND_INSTRUCT)
                        .setParent(base.getName())
                        .setJob("jobs/j1")
                        .setDataset("datasets/d")
                        .setTokenizer("tokenizers/smol")
                        .setTokenizerDigest(tokenizer)
                        .putMetrics("loss", 0.1)
                        .putTags("reviewed", "yes")
                        .setDescription("polite")
                        .setPinned(true)
                        .setCreateTime(Timestamp.newBuilder().setSeconds(1_700_000_000))
                        .addArtifacts(source.directory(
                                ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER, Map.of("adapter_config.json", "{\"r\": 4}")))
                        .addArtifacts(source.file(ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER, "adapter"))
                        .addArtifacts(source.file(ArtifactKind.ARTIFACT_KIND_GGUF_BASE, GGUF)));
    }

    @AfterEach
    void stop() {
        source.close();
        target.close();
    }

    @Test
    void aVersionIsImportedWithItsBaseItsTokenizerAndAllMetadata() throws IOException {
        export();
        assertThat(target.run("models", "import", "polite", file.toString()))
                .as(target.err::toString)
                .isZero();
        Version importedBase = target.versions.get("models/smol").getFirst();
        Version imported = target.versions.get("models/polite").getFirst();
        assertThat(importedBase.getArtifactsList()).isEqualTo(base.getArtifactsList());
        assertThat(importedBase.getLicense()).isEqualTo("apache-2.0");
        assertThat(imported)
                .isEqualTo(adapter.toBuilder()
                        .setName("models/polite/versions/1")
                        .setParent("models/smol/versions/1")
                        .setLicense("apache-2.0")
                        .clearJob()
                        .clearPinned()
                        .clearCreateTime()
                        .setOrigin(VersionOrigin.newBuilder()
                                .setVersion(adapter.getName())
                                .addAncestors(base.getName())
                                .setJob("jobs/j1")
                                .setCreateTime(adapter.getCreateTime()))
                        .build());
        assertThat(target.tokenizers).containsExactly(Map.entry("tokenizers/smol", adapter.getTokenizerDigest()));
        Path model = target.store.materialize(Digest.parse(base.getArtifacts(0).getDigest()), folder.resolve("model"));
        assertThat(model.resolve("model.safetensors")).hasContent("weights");
        for (Artifact artifact : adapter.getArtifactsList()) {
            assertThat(target.store.verified(Digest.parse(artifact.getDigest())))
                    .exists();
        }
        assertThat(target.out.toString()).contains("polite:1  is answers:1 of the bundle");
    }

    @Test
    void aRepeatedImportChangesNothingAndAnInterruptedOneSendsTheRest() throws IOException {
        export();
        for (int i = 0; i < 2; i++) {
            assertThat(target.run("models", "import", "polite", file.toString()))
                    .isZero();
        }
        assertThat(target.out.toString()).contains("polite:1  is already answers:1 of the bundle");
        assertThat(target.versions.get("models/polite")).hasSize(1);
        assertThat(target.received).doesNotHaveDuplicates();
        int all = target.received.size();
        target.received.clear();
        Digest lost = Digest.parse(adapter.getArtifacts(1).getDigest());
        Path stored = target.store.verified(lost);
        target.versions.get("models/polite").clear();
        Files.delete(stored);
        assertThat(target.run("models", "import", "polite", file.toString())).isZero();
        assertThat(all).isGreaterThan(6);
        assertThat(target.received).containsExactly(lost.value());
        assertThat(target.versions.get("models/polite")).hasSize(1);
        assertThat(target.versions.get("models/smol")).hasSize(1);
    }

    @Test
    void equalVersionsGiveEqualFilesAndEachArtifactIsInTheFileOnce() throws IOException {
        export();
        Path second = folder.resolve("second.zip");
        assertThat(source.run("models", "export", "answers:1", "--bundle", second.toString()))
                .isEqualTo(0);
        assertThat(second).hasSameBinaryContentAs(file);
        assertThat(Files.size(file)).isLessThan(GGUF.length() + 10_000);
        assertThat(source.run("models", "export", "answers:1", "--bundle", second.toString()))
                .isEqualTo(1);
        assertThat(source.err.toString()).contains("already exists");
        assertThat(source.run("models", "export", "answers:1", "x", "--bundle", "y"))
                .isEqualTo(1);
        assertThat(source.run("models", "export", "answers:1", "--gguf", "--bundle", "y"))
                .isEqualTo(1);
        try (var files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("source", "target", "answers.zip", "second.zip");
        }
    }

    @Test
    void otherContentsUnderTheSameNamesAreNotChangedSilently() throws IOException {
        export();
        target.tokenizers.put("tokenizers/smol", "sha256:" + "0".repeat(64));
        refused("--tokenizer NAME", "models", "import", "polite", file.toString());
        target.add("smol", Version.newBuilder().setKind(VersionKind.VERSION_KIND_BASE));
        refused("--base-name NAME", "models", "import", "polite", file.toString(), "--tokenizer", "other");
        refused("not for a bundle", "models", "import", "polite", file.toString(), "--license", "mit");
        assertThat(target.received).isEmpty();
        assertThat(target.run(
                        "models", "import", "polite", file.toString(), "--tokenizer", "other", "--base-name", "smol2"))
                .as(target.err::toString)
                .isZero();
        assertThat(target.versions.get("models/polite").getFirst().getParent()).isEqualTo("models/smol2/versions/1");
        assertThat(target.versions.get("models/smol")).hasSize(1);
        assertThat(target.tokenizers).containsEntry("tokenizers/other", adapter.getTokenizerDigest());
    }

    @Test
    void aDamagedByteAnywhereIsRejectedBeforeAnythingIsSent() throws IOException {
        export();
        byte[] bytes = Files.readAllBytes(file);
        int rejected = 0;
        for (int i = 0; i < 200; i++) {
            byte[] damaged = bytes.clone();
            damaged[(int) ((long) i * bytes.length / 200)] ^= 0x10;
            if (!isSame(damaged)) {
                rejected++;
            }
        }
        // A few bytes of the container have no meaning, such as the time of an entry.
        assertThat(rejected).isGreaterThan(195);
        byte[] damaged = bytes.clone();
        damaged[bytes.length / 2] ^= 1;
        Files.write(file, damaged);
        refused("does not have the bytes of its digest", "models", "import", "polite", file.toString());
        assertThat(target.received).isEmpty();
        assertThat(target.versions).isEmpty();
        assertThat(target.tokenizers).isEmpty();
    }

    @Test
    void aTruncatedFileIsRejected() throws IOException {
        export();
        byte[] bytes = Files.readAllBytes(file);
        for (int length : List.of(10, bytes.length / 2, bytes.length - 1)) {
            Files.write(file, Arrays.copyOf(bytes, length));
            refused("is not a valid bundle", "models", "import", "polite", file.toString());
        }
        assertThat(target.received).isEmpty();
    }

    @Test
    void foreignFilesAndForeignEntriesAreRejected() throws IOException {
        zip(Map.of("a.txt", "x"));
        refused("it has no entry bundle.json", "models", "import", "polite", file.toString());
        zip(Map.of("bundle.json", "{\"format\": 2}"));
        refused("its format is 2", "models", "import", "polite", file.toString());
        zip(Map.of("bundle.json", "{\"format\": 1}"));
        refused("it has no version", "models", "import", "polite", file.toString());
        zip(Map.of("bundle.json", "[]"));
        refused("is not a valid bundle", "models", "import", "polite", file.toString());
        zip(Map.of("bundle.json", "{\"format\": 1, \"versions\": [{\"name\": \"models/../versions/1\"}]}"));
        refused("the name of a version", "models", "import", "polite", file.toString());
        zip(Map.of("bundle.json", "{\"format\": 1}", "../outside", "x"));
        refused("it has ../outside, which is not in its index", "models", "import", "polite", file.toString());
        String digest = Digest.of("x".getBytes(StandardCharsets.UTF_8)).hex();
        String version =
                "{\"name\": \"models/m/versions/1\", \"artifacts\": [{\"digest\": \"sha256:" + digest + "\"}]}";
        zip(Map.of("bundle.json", "{\"format\": 1, \"versions\": [" + version + "]}"));
        refused("models/m/versions/1 needs sha256:" + digest, "models", "import", "polite", file.toString());
        String artifacts = "\"artifacts\": [{\"digest\": \"sha256:" + digest + "\", \"bytes\": 2}]";
        zip(Map.of(
                "bundle.json",
                "{\"format\": 1, \"versions\": [" + version + "], " + artifacts + "}",
                "artifacts/sha256/" + digest,
                "x"));
        refused("has 1 bytes instead of 2", "models", "import", "polite", file.toString());
        assertThat(target.received).isEmpty();
        assertThat(target.versions).isEmpty();
    }

    private void export() throws IOException {
        assertThat(source.run("models", "export", "answers:1", "--bundle", file.toString()))
                .as(source.err::toString)
                .isZero();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.entries().nextElement().getName()).isEqualTo("bundle.json");
        }
    }

    private void refused(String reason, String... command) {
        target.err.getBuffer().setLength(0);
        assertThat(target.run(command)).isEqualTo(1);
        assertThat(target.err.toString()).startsWith("error: ").contains(reason, "hint: ");
    }

    /** Whether a changed file is read as the original. */
    private boolean isSame(byte[] changed) throws IOException {
        Path copy = Files.write(folder.resolve("changed.zip"), changed);
        try (BundleFile original = BundleFile.open(file);
                BundleFile bundle = BundleFile.open(copy)) {
            bundle.verify(_ -> {});
            assertThat(bundle.contents()).isEqualTo(original.contents());
            return true;
        } catch (CliException _) {
            return false;
        }
    }

    private void zip(Map<String, String> entries) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(0);
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(BundleFile.isZip(file)).isTrue();
        assertThatThrownBy(() -> BundleFile.open(file)).isInstanceOf(CliException.class);
    }
}
