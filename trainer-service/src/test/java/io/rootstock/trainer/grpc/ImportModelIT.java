package io.rootstock.trainer.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.junit.QuarkusTest;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.ModelFamily;
import io.rootstock.checkpoint.gguf.GgufValidator;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.checkpoint.tokenizer.TinyPieces;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.Quantization;
import io.rootstock.service.GrpcChannels;
import io.rootstock.trainer.config.TrainerSettings;
import io.rootstock.trainer.data.Bases;
import io.rootstock.trainer.data.Datasets;
import io.rootstock.trainer.data.GgufBases;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.ImportModelRequest;
import io.rootstock.trainer.v1.ImportModelResponse;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.ReadArtifactRequest;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.StartRunRequest;
import io.rootstock.trainer.v1.Task;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import io.rootstock.trainer.v1.WatchRunRequest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports, fine-tunes and exports models from other sources. */
@QuarkusTest
class ImportModelIT {
    private static final List<String> FILES = List.of(
            "config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json", "model.safetensors");

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    @Inject
    GrpcChannels channels;

    @Inject
    ArtifactStore store;

    @Inject
    TrainerSettings settings;

    @TempDir
    Path folder;

    private ManagedChannel channel;
    private TrainerServiceGrpc.TrainerServiceBlockingStub trainer;

    @BeforeEach
    void open() {
        channel = channels.open("127.0.0.1:" + port);
        trainer = TrainerServiceGrpc.newBlockingStub(channel);
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
    }

    @Test
    @Tag("matrix")
    void aQwen2DirectoryIsImportedFineTunedAndExported() throws Exception {
        Path directory = Bases.qwen2(store, folder.resolve("qwen2"));
        Path config = directory.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst("\"eos_token_id\" ?: ?257", "\"eos_token_id\": [259, 257]")
                        .replaceFirst("\"bos_token_id\" ?: ?256", "\"bos_token_id\": null"));
        String generation = "{ \"eos_token_id\": [259, 257], \"temperature\": 0.7 }";
        Files.writeString(directory.resolve("generation_config.json"), generation);
        ImportModelResponse imported = send(directory, FILES);

        assertThat(imported.getArchitecture().getFamily().name()).isEqualTo("MODEL_FAMILY_QWEN2");
        Path tokenizer = Files.createDirectories(folder.resolve("tokenizer"));
        for (String name : TokenizerFiles.names(directory)) {
            Files.copy(directory.resolve(name), tokenizer.resolve(name));
        }
        assertThat(imported.getTokenizerDigest())
                .isEqualTo(store.putDirectory(tokenizer).value());
        String base = artifact(imported.getArtifactsList(), ArtifactKind.ARTIFACT_KIND_HUGGING_FACE);

        Map<ArtifactKind, Artifact> tuned = fineTuned(base);
        Path exported = store.materialize(
                Digest.parse(tuned.get(ArtifactKind.ARTIFACT_KIND_HUGGING_FACE).getDigest()), folder.resolve("tuned"));
        try (HuggingFaceDirectory before = HuggingFaceDirectory.read(directory);
                HuggingFaceDirectory after = HuggingFaceDirectory.read(exported)) {
            assertThat(after.config()).isEqualTo(before.config());
            assertThat(after.config().bosId()).isEmpty();
            assertThat(after.config().eosIds()).containsExactly(259, 257);
            assertThat(exported.resolve("generation_config.json")).hasContent(generation);
            String bias = "model.layers.0.self_attn.k_proj.bias";
            assertThat(after.weights().tensor(bias).toArray())
                    .isNotEqualTo(before.weights().tensor(bias).toArray());
        }
        Path gguf = store.verified(
                Digest.parse(tuned.get(ArtifactKind.ARTIFACT_KIND_GGUF_F32).getDigest()));
        assertThat(GgufValidator.validate(gguf).shape().family()).isEqualTo(ModelFamily.QWEN2);
    }

    @Test
    @Tag("matrix")
    void aSentencePieceModelIsImportedWithItsTokenizerFilesUnchanged() throws Exception {
        Path fast = TinyPieces.huggingFace(folder.resolve("fast"), TinyPieces.tokenizer(folder.resolve("pieces")));
        Files.copy(
                TinyPieces.model(folder.resolve("model")).resolve("tokenizer.model"), fast.resolve("tokenizer.model"));
        Path model = TinyPieces.huggingFace(folder.resolve("slow"), folder.resolve("model"));
        for (Path directory : List.of(fast, model)) {
            List<String> names = TokenizerFiles.names(directory);
            ImportModelResponse imported = send(
                    directory,
                    Stream.concat(names.stream(), Stream.of("config.json", "model.safetensors"))
                            .toList());

            Path tokenizer = store.materialize(
                    Digest.parse(imported.getTokenizerDigest()),
                    folder.resolve(directory.getFileName() + "-tokenizer"));
            Path exported = store.materialize(
                    Digest.parse(artifact(imported.getArtifactsList(), ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)),
                    folder.resolve(directory.getFileName() + "-exported"));
            assertThat(TokenizerFiles.names(tokenizer)).isEqualTo(names);
            for (String name : names) {
                assertThat(tokenizer.resolve(name)).hasSameBinaryContentAs(directory.resolve(name));
                assertThat(exported.resolve(name)).hasSameBinaryContentAs(directory.resolve(name));
            }
            Path gguf = store.verified(
                    Digest.parse(artifact(imported.getArtifactsList(), ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0)));
            try (LlamaModel served = Llama.shared().load(gguf)) {
                for (TinyPieces.Case example : TinyPieces.cases().subList(0, 40)) {
                    assertThat(served.tokenize(example.text(), false)).isEqualTo(example.ids());
                }
            }
        }
    }

    @Test
    void aSentencePieceTokenizerThatLlamaCppReadsInAnotherWayIsRejected() throws Exception {
        Path directory = TinyPieces.huggingFace(folder.resolve("fast"), TinyPieces.tokenizer(folder.resolve("pieces")));
        Path file = directory.resolve("tokenizer.json");
        ObjectNode json = (ObjectNode) Json.readObject(file);
        json.putNull("normalizer");
        json.putObject("pre_tokenizer").put("type", "Metaspace").put("prepend_scheme", "always");
        Json.write(file, json);
        assertThatThrownBy(() -> send(directory, FILES))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("tokenizer.json: pre_tokenizer is {")
                .hasMessageContaining("prepend_scheme first or never and split false is supported");
    }

    @Test
    void theFilesOfAnArtifactAreReadBack() throws Exception {
        Path directory = Bases.qwen2(store, folder.resolve("read"));
        Artifact stored = send(directory, FILES).getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)
                .findFirst()
                .orElseThrow();
        assertThat(stored.getSpecialTokens().getAddBos()).isTrue();
        assertThat(stored.getSpecialTokens().getBos()).isEqualTo("<|begin_of_text|>");
        assertThat(stored.getSpecialTokens().getEos()).isEqualTo("<|end_of_text|>");

        Map<String, ByteString> files = new TreeMap<>();
        List<String> names = new ArrayList<>();
        trainer.readArtifact(
                        ReadArtifactRequest.newBuilder().setArtifact(stored).build())
                .forEachRemaining(part -> {
                    if (part.hasFileName()) {
                        names.add(part.getFileName());
                    } else {
                        files.merge(names.getLast(), part.getChunk(), ByteString::concat);
                    }
                });
        assertThat(names).containsExactlyInAnyOrderElementsOf(FILES);
        assertThat(files.get("model.safetensors").toByteArray())
                .isEqualTo(Files.readAllBytes(directory.resolve("model.safetensors")));

        Artifact missing =
                stored.toBuilder().setDigest(Digest.of(new byte[] {1}).value()).build();
        assertThatThrownBy(() -> trainer.readArtifact(ReadArtifactRequest.newBuilder()
                                .setArtifact(missing)
                                .build())
                        .hasNext())
                .hasMessageContaining("NOT_FOUND");
    }

    @Test
    void unsupportedModelsAreRejectedBeforeTheWeightsAreSent() throws Exception {
        Path directory = Bases.qwen2(store, folder.resolve("other"));
        Path config = directory.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"qwen2\"", "\"gemma3\""));

        assertThatThrownBy(() -> send(directory, List.of("config.json", "tokenizer.json")))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining(
                        "config.json states the model_type 'gemma3'; llama (Llama, SmolLM), mistral, qwen2"
                                + " (Qwen2, Qwen2.5) and qwen3 are read");
    }

    @Test
    void anImportedGgufFileAndItsQuantizationsGenerateTheSameTokens() throws Exception {
        Path file = GgufBases.write(store, folder.resolve("base.gguf"), Optional.of(Quantization.F16), false);
        ImportModelResponse imported = send(folder, List.of("base.gguf"));

        assertThat(imported.getMessagesList()).isEmpty();
        assertThat(imported.getChatTemplate()).isTrue();
        assertThat(imported.getArchitecture().getDimension()).isEqualTo(256);
        List<Integer> expected = GgufBases.greedy(file, "The cat", 16);
        for (ArtifactKind kind : List.of(
                ArtifactKind.ARTIFACT_KIND_GGUF_ORIGINAL,
                ArtifactKind.ARTIFACT_KIND_GGUF_F32,
                ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0)) {
            Path served = store.verified(Digest.parse(artifact(imported.getArtifactsList(), kind)));
            assertThat(GgufBases.greedy(served, "The cat", 16)).as("%s", kind).isEqualTo(expected);
        }
    }

    @Test
    void filesOfACancelledImportAreDeleted() throws Exception {
        Path file = GgufBases.write(store, folder.resolve("left.gguf"), Optional.empty(), true);
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        StreamObserver<ImportModelRequest> call = TrainerServiceGrpc.newStub(channel)
                .importModel(new StreamObserver<>() {
                    @Override
                    public void onNext(ImportModelResponse response) {
                        ended.complete(null);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        ended.complete(failure);
                    }

                    @Override
                    public void onCompleted() {
                        ended.complete(null);
                    }
                });
        call.onNext(ImportModelRequest.newBuilder().setFileName("left.gguf").build());
        call.onNext(ImportModelRequest.newBuilder()
                .setChunk(ByteString.copyFrom(Files.readAllBytes(file), 0, 1000))
                .build());
        Path imports = settings.directory().resolve("imports");
        await(() -> !isEmpty(imports));
        call.onError(new IllegalStateException("the user pressed Ctrl-C"));

        assertThat(ended.get(1, TimeUnit.MINUTES)).hasMessageContaining("CANCELLED");
        await(() -> isEmpty(imports));
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("waited for a minute").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return true;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    @Test
    void fileNamesWithPathsAreRejected() {
        assertThatThrownBy(() -> send(folder, List.of("../config.json")))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("'../config.json' is not a model file");
    }

    private ImportModelResponse send(Path directory, List<String> names) throws Exception {
        CompletableFuture<ImportModelResponse> answer = new CompletableFuture<>();
        StreamObserver<ImportModelRequest> call = TrainerServiceGrpc.newStub(channel)
                .importModel(new StreamObserver<>() {
                    @Override
                    public void onNext(ImportModelResponse response) {
                        if (response.getStage().isEmpty()) {
                            answer.complete(response);
                        }
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        // The response was received in onNext.
                    }
                });
        for (String name : names) {
            call.onNext(ImportModelRequest.newBuilder().setFileName(name).build());
            Path file = directory.resolve(name);
            if (Files.isRegularFile(file)) {
                call.onNext(ImportModelRequest.newBuilder()
                        .setChunk(ByteString.copyFrom(Files.readAllBytes(file)))
                        .build());
            }
        }
        call.onCompleted();
        return answer.get(5, TimeUnit.MINUTES);
    }

    private Map<ArtifactKind, Artifact> fineTuned(String base) throws IOException {
        String runId = "imported-" + UUID.randomUUID();
        trainer.startRun(StartRunRequest.newBuilder()
                .setRunId(runId)
                .setSpec(RunSpec.newBuilder()
                        .setTask(Task.TASK_INSTRUCTION)
                        .setDatasetDigest(Datasets.instructions(store, 200).value())
                        .setBaseDigest(base)
                        .setHyperparameters(Hyperparameters.newBuilder()
                                .setPrecision(Precision.PRECISION_FLOAT32)
                                .setEpochs(1)))
                .build());
        Map<ArtifactKind, Artifact> artifacts = new TreeMap<>();
        trainer.watchRun(WatchRunRequest.newBuilder().setRunId(runId).build()).forEachRemaining(response -> {
            RunEvent event = response.getEvent();
            event.getArtifacts().getArtifactsList().forEach(artifact -> artifacts.put(artifact.getKind(), artifact));
        });
        return artifacts;
    }

    private static String artifact(List<Artifact> artifacts, ArtifactKind kind) {
        return artifacts.stream()
                .filter(artifact -> artifact.getKind() == kind)
                .findFirst()
                .orElseThrow()
                .getDigest();
    }
}
