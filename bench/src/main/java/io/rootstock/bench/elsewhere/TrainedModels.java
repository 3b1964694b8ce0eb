package io.rootstock.bench.elsewhere;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.artifacts.Digest;
import io.rootstock.bench.BenchmarkData;
import io.rootstock.bench.TextRun;
import io.rootstock.corpus.source.SourceLimits;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.format.TokenizerWriter;
import io.rootstock.tokenizer.dataset.DatasetPreparation;
import io.rootstock.tokenizer.dataset.PreparationSettings;
import io.rootstock.tokenizer.dataset.SourceFile;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
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
import java.util.Arrays;
import java.util.List;

/**
 * A base of 0.4 M parameters; an instruction model, a classifier and adapters fine-tuned from it, in seconds of
 * training.
 */
final class TrainedModels {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int VOCABULARY = 1024;
    private static final int TEXT_CHARACTERS = 400_000;
    private static final int CONTEXT = 256;
    private static final long BASE_TOKENS = 600_000;
    private static final int MESSAGES = 2000;

    private final Path home;
    private final TextRun place;
    private final Tokenizer tokenizer;
    private final String text;
    private final String tokenizerDigest;
    private List<Artifact> base = List.of();

    TrainedModels(Path home) throws IOException {
        this.home = home;
        this.place = new TextRun(home);
        String all = Files.readString(BenchmarkData.file("tinyshakespeare.txt"));
        this.text = all.substring(0, TEXT_CHARACTERS);
        String messages = Files.readString(BenchmarkData.file("sms-spam.tsv"));
        this.tokenizer = TextRun.tokenizer(text + messages, VOCABULARY);
        Path files = Files.createDirectories(home.resolve("tokenizer-files"));
        TokenizerWriter.write(tokenizer, files);
        this.tokenizerDigest = place.store().putDirectory(files).value();
    }

    /** Writes a directory artifact into a folder that must not exist. */
    Path folder(List<Artifact> artifacts, ArtifactKind kind, Path target) {
        return place.store().materialize(Digest.parse(digest(artifacts, kind)), target);
    }

    /** Returns the verified file of an artifact. */
    Path file(List<Artifact> artifacts, ArtifactKind kind) {
        return place.store().verified(Digest.parse(digest(artifacts, kind)));
    }

    List<Artifact> base() throws IOException, InterruptedException {
        List<String> rows = Arrays.stream(text.split("\n\n"))
                .map(document -> JSON.createObjectNode().put("text", document).toString())
                .toList();
        base = train(
                "base",
                Task.TASK_PRETRAIN,
                dataset("documents", DatasetKind.DATASET_KIND_PRETRAINING, rows),
                hyperparameters().setTokens(BASE_TOKENS).build());
        return base;
    }

    List<Artifact> instruction(String name, TuningMethod method) throws IOException, InterruptedException {
        return train(
                name,
                Task.TASK_INSTRUCTION,
                dataset("questions", DatasetKind.DATASET_KIND_INSTRUCTION, questions()),
                hyperparameters().setMethod(method).setEpochs(2).build());
    }

    List<Artifact> classifier() throws IOException, InterruptedException {
        List<String> rows = messages().stream()
                .limit(MESSAGES)
                .map(line -> line.split("\t", 2))
                .map(line -> JSON.createObjectNode()
                        .put("text", line[1])
                        .put("label", line[0])
                        .toString())
                .toList();
        return train(
                "classifier",
                Task.TASK_CLASSIFICATION,
                dataset("messages", DatasetKind.DATASET_KIND_CLASSIFICATION, rows),
                hyperparameters().setEpochs(2).build());
    }

    /** Messages that are not in the classifier's training data. */
    List<String> unseenMessages(int count) throws IOException {
        return messages().stream()
                .skip(MESSAGES)
                .limit(count)
                .map(line -> line.split("\t", 2)[1])
                .toList();
    }

    private static List<String> messages() throws IOException {
        return Files.readAllLines(BenchmarkData.file("sms-spam.tsv")).stream()
                .filter(line -> line.contains("\t"))
                .toList();
    }

    private static List<String> questions() throws IOException {
        JsonNode all = JSON.readTree(Files.readString(BenchmarkData.file("instruction-data.json")));
        return all.valueStream().map(JsonNode::toString).toList();
    }

    private static Hyperparameters.Builder hyperparameters() {
        return Hyperparameters.newBuilder()
                .setBatchRows(8)
                .setCheckpointInterval(100_000)
                .setPrecision(Precision.PRECISION_FLOAT32);
    }

    private String dataset(String name, DatasetKind kind, List<String> rows) throws IOException {
        Path file = Files.write(home.resolve(name + ".jsonl"), rows);
        return new DatasetPreparation(
                        PrepareDatasetRequest.newBuilder()
                                .setKind(kind)
                                .addSources(DatasetSource.newBuilder().setName(name))
                                .setMaxTokens(kind == DatasetKind.DATASET_KIND_PRETRAINING ? 0 : CONTEXT / 2)
                                .setMaximumRefusedRows(rows.size())
                                .build(),
                        List.of(new SourceFile(file.getFileName().toString(), file, Files.size(file))),
                        tokenizer,
                        tokenizerDigest,
                        place.store(),
                        new PreparationSettings(home.resolve("temporary"), SourceLimits.DEFAULT),
                        _ -> {})
                .prepare()
                .getDigest();
    }

    private List<Artifact> train(String name, Task task, String dataset, Hyperparameters hyperparameters)
            throws IOException, InterruptedException {
        RunSpec.Builder spec = RunSpec.newBuilder()
                .setTask(task)
                .setDatasetDigest(dataset)
                .setSkipQuantizations(true)
                .setHyperparameters(hyperparameters);
        if (base.isEmpty()) {
            spec.setArchitecture(Architecture.newBuilder()
                    .setDepth(3)
                    .setDimension(96)
                    .setHeads(4)
                    .setContextLength(CONTEXT));
        } else {
            spec.setBaseDigest(digest(base, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE));
        }
        System.err.println("training " + name);
        return place.train(name, spec.build(), _ -> {}).stream()
                .filter(RunEvent::hasArtifacts)
                .map(event -> event.getArtifacts().getArtifactsList())
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private static String digest(List<Artifact> artifacts, ArtifactKind kind) {
        return artifacts.stream()
                .filter(artifact -> artifact.getKind() == kind)
                .findFirst()
                .orElseThrow()
                .getDigest();
    }
}
