package io.rootstock.bench.resume;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.artifacts.Digest;
import io.rootstock.bench.BenchmarkData;
import io.rootstock.bench.TextRun;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.files.FileTree;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import io.rootstock.trainer.v1.TuningMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Runs pre-training, LoRA on instructions, classification and DPO with a fixed seed, each on one and on two threads.
 * Prints the SHA-256 digest of each tensor file of the final checkpoint and of each exported artifact. Two commits with
 * identical computation print identical lines on one machine.
 */
public final class FixedSeedRuns {
    private static final int CHARACTERS = 200_000;
    private static final int VALIDATION_CHARACTERS = 20_000;
    private static final int VOCABULARY = 512;
    private static final long PRETRAINING_TOKENS = 16L * 64 * 120;
    private static final Hyperparameters COMMON = Hyperparameters.newBuilder()
            .setBatchRows(16)
            .setValidationInterval(40)
            .setPatience(0)
            .setPrecision(Precision.PRECISION_BFLOAT16)
            .setSeed(1337)
            .build();

    private final Path home;
    private final TextRun place;
    private final List<String> printed = new ArrayList<>();

    private FixedSeedRuns(Path home) {
        this.home = home;
        this.place = new TextRun(home);
    }

    /** Entry point without arguments. */
    public static void main(String[] arguments) throws Exception {
        Path home = Files.createTempDirectory("digests");
        try {
            new FixedSeedRuns(home).run();
        } finally {
            FileTree.delete(home);
        }
    }

    private void run() throws Exception {
        String text = Files.readString(BenchmarkData.file("tinyshakespeare.txt"));
        Tokenizer tokenizer = TextRun.tokenizer(text.substring(0, CHARACTERS), VOCABULARY);
        Digest documents = place.dataset(
                tokenizer,
                text.substring(0, CHARACTERS),
                text.substring(CHARACTERS, CHARACTERS + VALIDATION_CHARACTERS));
        String tokenizerDigest = DatasetManifest.read(place.store(), documents).tokenizerDigest();
        for (int threads = 1; threads <= 2; threads++) {
            Hyperparameters settings = COMMON.toBuilder().setThreads(threads).build();
            String base = digests("pretraining_" + threads, pretraining(documents, settings));
            for (DatasetKind kind :
                    List.of(DatasetKind.INSTRUCTION, DatasetKind.CLASSIFICATION, DatasetKind.PREFERENCE)) {
                Digest rows = Rows.dataset(place.store(), tokenizer, tokenizerDigest, kind);
                digests(kind.name().toLowerCase(Locale.ROOT) + "_" + threads, fineTuning(kind, rows, base, settings));
            }
        }
        System.out.printf(
                "digests=%d all=%s%n",
                printed.size(), Digest.of(String.join("\n", printed).getBytes(UTF_8)));
    }

    private String add(String digest) {
        printed.add(digest);
        return digest;
    }

    private static RunSpec pretraining(Digest dataset, Hyperparameters settings) {
        return RunSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDatasetDigest(dataset.value())
                .setArchitecture(Architecture.newBuilder()
                        .setDepth(2)
                        .setDimension(64)
                        .setHeads(4)
                        .setContextLength(64))
                .setHyperparameters(
                        settings.toBuilder().setTokens(PRETRAINING_TOKENS).clearPatience())
                .build();
    }

    private static RunSpec fineTuning(DatasetKind kind, Digest rows, String base, Hyperparameters settings) {
        return RunSpec.newBuilder()
                .setTask(
                        switch (kind) {
                            case INSTRUCTION -> Task.TASK_INSTRUCTION;
                            case CLASSIFICATION -> Task.TASK_CLASSIFICATION;
                            case PREFERENCE -> Task.TASK_PREFERENCE;
                            case PRETRAINING -> throw new IllegalArgumentException("pre-training has no base");
                        })
                .setDatasetDigest(rows.value())
                .setBaseDigest(base)
                .setHyperparameters(settings.toBuilder()
                        .setMethod(
                                kind == DatasetKind.INSTRUCTION
                                        ? TuningMethod.TUNING_METHOD_LORA
                                        : TuningMethod.TUNING_METHOD_FULL)
                        .setEpochs(1))
                .build();
    }

    /** Prints the digests of the run; returns the digest of the Hugging Face folder. */
    private String digests(String name, RunSpec spec) throws IOException, InterruptedException {
        RunDirectory directory = new RunDirectory(Files.createTempDirectory(home, "run"));
        directory.writeSpec(spec);
        new Stops(place.launcher(), directory, new Random(0)).toTheEnd();
        long step = new Checkpoints(directory.checkpoints()).steps().getFirst();
        JsonNode checkpoint = new ObjectMapper()
                .readTree(directory
                        .checkpoints()
                        .resolve("step-" + step)
                        .resolve("checkpoint.json")
                        .toFile());
        checkpoint
                .path("digests")
                .properties()
                .forEach(file -> System.out.printf(
                        "%s checkpoint step %d %s %s%n",
                        name, step, file.getKey(), add(file.getValue().asText())));
        List<Artifact> artifacts = EventLog.readAll(directory.events()).stream()
                .filter(RunEvent::hasArtifacts)
                .findFirst()
                .orElseThrow()
                .getArtifacts()
                .getArtifactsList();
        artifacts.forEach(
                artifact -> System.out.printf("%s %s %s%n", name, artifact.getKind(), add(artifact.getDigest())));
        FileTree.delete(directory.path());
        return artifacts.stream()
                .filter(artifact -> artifact.getKind() == ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)
                .findFirst()
                .orElseThrow()
                .getDigest();
    }
}
