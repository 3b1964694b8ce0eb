package io.rootstock.bench.sentencepiece;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.bench.Lifecycle;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.gguf.GgufSpecialTokens;
import io.rootstock.checkpoint.tokenizer.TinyPieces;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.Shard;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerateResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.inference.v1.TokenizeRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.Version;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.EncodeRequest;
import io.rootstock.tokenizer.v1.GetTokenizerRequest;
import io.rootstock.tokenizer.v1.PreTokenizer;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.SpecialTokenHandling;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model with a SentencePiece tokenizer has the tokens of Hugging Face tokenizers in every service. */
@Timeout(300)
@Tag("matrix")
class SentencePieceIT {
    private static final String MODEL = "pieces";
    private static final int BOS = 1;
    private static final int EOS = 2;

    @TempDir
    Path folder;

    @Test
    void tokensAreThoseOfTokenizersFromTheImportToTheAnswer() throws Exception {
        Path root = ProjectRoot.find();
        for (Service service : Service.values()) {
            assumeThat(service.jar(root)).exists();
        }
        List<TinyPieces.Case> cases = TinyPieces.cases().stream()
                .filter(example -> !example.text().isBlank())
                .toList();
        Path model = TinyPieces.huggingFace(folder.resolve("model"), TinyPieces.firstPart(folder.resolve("files")));
        try (Lifecycle life = Lifecycle.start(MODEL, Map.of("rootstock.trainer.nice", "0"))) {
            ArtifactStore store = new DirectoryArtifactStore(life.home().resolve("artifacts"));
            Version imported = life.importModel(MODEL, model);
            encodingIsThatOfTokenizers(life, imported, cases);

            Dataset dataset = dataset(life, imported, cases);
            assertThat(rows(store, dataset)).containsExactlyInAnyOrderElementsOf(documents(cases));

            Job job = life.run(JobSpec.newBuilder()
                    .setTask(Task.TASK_PRETRAIN)
                    .setDataset(dataset.getName())
                    .setBase(imported.getName())
                    .setOutputModel("models/" + MODEL)
                    .setHyperparameters(Hyperparameters.newBuilder().setTokens(8_000))
                    .build());
            Version tuned = life.clients()
                    .models()
                    .getVersion(GetVersionRequest.newBuilder()
                            .setName(job.getVersion())
                            .build())
                    .getVersion();
            exportsKeepTheTokenizer(store, tuned, model);
            life.promote(tuned.getName());
            servingIsThatOfTokenizers(life, cases);
        }
    }

    private static void encodingIsThatOfTokenizers(Lifecycle life, Version version, List<TinyPieces.Case> cases) {
        assertThat(life.clients()
                        .tokenizers()
                        .getTokenizer(GetTokenizerRequest.newBuilder()
                                .setName(version.getTokenizer())
                                .build())
                        .getTokenizer()
                        .getPreTokenizer())
                .isEqualTo(PreTokenizer.PRE_TOKENIZER_SENTENCEPIECE);
        for (TinyPieces.Case example : cases.subList(0, 40)) {
            assertThat(life.clients()
                            .tokenizers()
                            .encode(EncodeRequest.newBuilder()
                                    .setTokenizer(version.getTokenizer())
                                    .setText(example.text())
                                    .setSpecialTokens(SpecialTokenHandling.SPECIAL_TOKEN_HANDLING_AS_TEXT)
                                    .build())
                            .getTokenIdsList())
                    .as("tokens of '%s'", example.text())
                    .isEqualTo(list(example.first()));
        }
    }

    private Dataset dataset(Lifecycle life, Version version, List<TinyPieces.Case> cases) throws IOException {
        List<String> lines = new ArrayList<>();
        for (TinyPieces.Case example : cases) {
            lines.add(Json.MAPPER.createObjectNode().put("text", example.text()).toString());
        }
        return life.prepare(PrepareDatasetRequest.newBuilder()
                .setName("datasets/" + MODEL)
                .setKind(DatasetKind.DATASET_KIND_PRETRAINING)
                .setTokenizer(version.getTokenizer())
                .addSources(DatasetSource.newBuilder()
                        .setName("texts")
                        .setDigest(life.upload(Files.write(folder.resolve("texts.jsonl"), lines))))
                .build());
    }

    private static List<List<Integer>> documents(List<TinyPieces.Case> cases) {
        return cases.stream()
                .map(example -> IntStream.concat(
                                IntStream.of(BOS), IntStream.concat(IntStream.of(example.first()), IntStream.of(EOS)))
                        .boxed()
                        .toList())
                .toList();
    }

    private static List<List<Integer>> rows(ArtifactStore store, Dataset dataset) {
        List<List<Integer>> rows = new ArrayList<>();
        for (DatasetManifest.Source source :
                DatasetManifest.read(store, Digest.parse(dataset.getDigest())).sources()) {
            for (DatasetManifest.Split split : source.splits().values()) {
                for (DatasetManifest.ShardReference reference : split.shards()) {
                    try (Shard shard = Shard.open(store.verified(Digest.parse(reference.digest())))) {
                        for (long row = 0; row < shard.rows(); row++) {
                            rows.add(list(shard.row(row)));
                        }
                    }
                }
            }
        }
        return rows;
    }

    private void exportsKeepTheTokenizer(ArtifactStore store, Version version, Path model) throws IOException {
        Path exported = store.materialize(
                artifact(version, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE), folder.resolve("exported"));
        for (String name : TokenizerFiles.names(model)) {
            assertThat(exported.resolve(name)).hasSameBinaryContentAs(model.resolve(name));
        }
        Path gguf = store.verified(artifact(version, ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0));
        assertThat(GgufSpecialTokens.blankBeforeFirstPart(gguf)).isTrue();
    }

    private static void servingIsThatOfTokenizers(Lifecycle life, List<TinyPieces.Case> cases) {
        for (TinyPieces.Case example : cases.subList(0, 40)) {
            assertThat(life.clients()
                            .inference()
                            .tokenize(TokenizeRequest.newBuilder()
                                    .setModel(MODEL)
                                    .setText(example.text())
                                    .build())
                            .getTokensList())
                    .as("served tokens of '%s'", example.text())
                    .isEqualTo(list(example.first()));
        }
        TinyPieces.Case prompt = cases.stream()
                .filter(example -> example.text().startsWith("Der Prüfer"))
                .findFirst()
                .orElseThrow();
        GenerateResponse answer = life.clients()
                .inference()
                .generate(GenerateRequest.newBuilder()
                        .setModel(MODEL)
                        .setPrompt(prompt.text())
                        .setOptions(
                                GenerationOptions.newBuilder().setMaxTokens(2).setReturnTokenIds(true))
                        .build());
        assertThat(answer.getPromptTokenIdsList())
                .isEqualTo(IntStream.concat(IntStream.of(BOS), IntStream.of(prompt.first()))
                        .boxed()
                        .toList());
        assertThat(life.clients()
                        .inference()
                        .score(ScoreRequest.newBuilder()
                                .setModel(MODEL)
                                .addContinuations(prompt.text())
                                .setRolling(true)
                                .setLogprobs(true)
                                .build())
                        .getScores(0)
                        .getLogprobsList())
                .extracting(TokenLogprob::getToken)
                .isEqualTo(list(prompt.first()));
    }

    private static Digest artifact(Version version, ArtifactKind kind) {
        return version.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == kind)
                .findFirst()
                .map(artifact -> Digest.parse(artifact.getDigest()))
                .orElseThrow();
    }

    private static List<Integer> list(int[] ids) {
        return IntStream.of(ids).boxed().toList();
    }
}
