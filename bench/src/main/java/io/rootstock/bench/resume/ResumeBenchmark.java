package io.rootstock.bench.resume;

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
import io.rootstock.trainer.v1.ClassWeighting;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Optimizer;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import io.rootstock.trainer.v1.TuningMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Trains models of every kind twice from one specification, once undisturbed and once stopped (SIGTERM or SIGKILL) at
 * random moments, and compares all checkpoints, evaluations and artifacts. The argument is the number of kills of each
 * of the four kinds; 13 makes 52 in total. Each run is also stopped by SIGTERM, half as often.
 */
public final class ResumeBenchmark {
    private static final long SEED = 1337;
    private static final int KILLS = 13;
    private static final int CHARACTERS = 200_000;
    private static final int VALIDATION_CHARACTERS = 20_000;
    private static final int VOCABULARY = 512;
    private static final Hyperparameters COMMON = Hyperparameters.newBuilder()
            .setBatchRows(16)
            .setCheckpointInterval(3)
            .setCheckpointsKept(1000)
            .setValidationInterval(40)
            .setPatience(0)
            .setThreads(2)
            .setSeed(SEED)
            .build();

    private final Path home;
    private final TextRun place;
    private final int kills;
    private final Random random = new Random(SEED);
    private int terminated;
    private int killed;
    private int steps;
    private int differences;

    private ResumeBenchmark(Path home, int kills) {
        this.home = home;
        this.place = new TextRun(home);
        this.kills = kills;
    }

    /** Takes the number of kills per kind as its argument. */
    public static void main(String[] arguments) throws Exception {
        Path home = Files.createTempDirectory("resume");
        try {
            new ResumeBenchmark(home, arguments.length > 0 ? Integer.parseInt(arguments[0]) : KILLS).run();
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
        Digest questions = Rows.dataset(place.store(), tokenizer, tokenizerDigest, DatasetKind.INSTRUCTION);
        Digest labelled = Rows.dataset(place.store(), tokenizer, tokenizerDigest, DatasetKind.CLASSIFICATION);

        System.out.printf(
                "%-34s %8s %8s %8s %10s %12s%n", "run", "steps", "SIGTERM", "SIGKILL", "compared", "differences");
        String base = compare("pre-training, AdamW, float32", pretraining(documents, Precision.PRECISION_FLOAT32));
        RunSpec.Builder muon = pretraining(documents, Precision.PRECISION_BFLOAT16).toBuilder();
        muon.getHyperparametersBuilder().setOptimizer(Optimizer.OPTIMIZER_MUON);
        compare("pre-training, Muon, bfloat16", muon.build());
        for (Map.Entry<String, RunSpec> tuning :
                tunings(base, questions.value(), labelled.value()).entrySet()) {
            compare(tuning.getKey(), tuning.getValue());
        }
        System.out.printf("stops=%d%n", terminated + killed);
        System.out.printf("kills=%d%n", killed);
        System.out.printf("compared_checkpoints=%d%n", steps);
        System.out.printf("bitwise_differences=%d%n", differences);
    }

    private static RunSpec pretraining(Digest dataset, Precision precision) {
        return RunSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDatasetDigest(dataset.value())
                .setArchitecture(Architecture.newBuilder()
                        .setDepth(2)
                        .setDimension(64)
                        .setHeads(4)
                        .setContextLength(64))
                .setHyperparameters(COMMON.toBuilder()
                        .setPrecision(precision)
                        .setTokens(16L * 64 * 400)
                        .clearPatience())
                .build();
    }

    private static Map<String, RunSpec> tunings(String base, String questions, String labelled) {
        Map<String, RunSpec> tunings = new LinkedHashMap<>();
        tunings.put(
                "instruction, LoRA, float32",
                RunSpec.newBuilder()
                        .setTask(Task.TASK_INSTRUCTION)
                        .setDatasetDigest(questions)
                        .setBaseDigest(base)
                        .setHyperparameters(COMMON.toBuilder()
                                .setMethod(TuningMethod.TUNING_METHOD_LORA)
                                .setPrecision(Precision.PRECISION_FLOAT32)
                                .setEpochs(4))
                        .build());
        tunings.put(
                "classification, full, bfloat16",
                RunSpec.newBuilder()
                        .setTask(Task.TASK_CLASSIFICATION)
                        .setDatasetDigest(labelled)
                        .setBaseDigest(base)
                        .setHyperparameters(COMMON.toBuilder()
                                .setClassWeighting(ClassWeighting.CLASS_WEIGHTING_BALANCED)
                                .setLabelSmoothing(0.1)
                                .setPrecision(Precision.PRECISION_BFLOAT16)
                                .setEpochs(4))
                        .build());
        return tunings;
    }

    /** Returns the digest of the model's Hugging Face folder. */
    private String compare(String name, RunSpec spec) throws IOException, InterruptedException {
        RunDirectory alone = folder(spec);
        new Stops(place.launcher(), alone, random).toTheEnd();
        RunDirectory stopped = folder(spec);
        Stops carried = new Stops(place.launcher(), stopped, random);
        carried.carryOut(kills, kills / 2);
        Comparison comparison = Comparison.of(alone, stopped);
        System.out.printf(
                "%-34s %8d %8d %8d %10d %12d%n",
                name,
                new Checkpoints(alone.checkpoints()).steps().getFirst(),
                carried.terminated(),
                carried.killed(),
                comparison.steps(),
                comparison.differences().size());
        comparison.differences().forEach(difference -> System.out.println("    differs: " + difference));
        terminated += carried.terminated();
        killed += carried.killed();
        steps += comparison.steps();
        differences += comparison.differences().size();
        String model = huggingFace(alone);
        FileTree.delete(alone.path());
        FileTree.delete(stopped.path());
        return model;
    }

    private RunDirectory folder(RunSpec spec) throws IOException {
        RunDirectory directory = new RunDirectory(Files.createTempDirectory(home, "run"));
        directory.writeSpec(spec);
        return directory;
    }

    private static String huggingFace(RunDirectory run) {
        List<Artifact> artifacts = EventLog.readAll(run.events()).stream()
                .filter(RunEvent::hasArtifacts)
                .findFirst()
                .orElseThrow()
                .getArtifacts()
                .getArtifactsList();
        return artifacts.stream()
                .filter(artifact -> artifact.getKind() == ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)
                .findFirst()
                .orElseThrow()
                .getDigest();
    }
}
