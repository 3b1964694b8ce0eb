package io.rootstock.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.Service;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.ImportModelRequest;
import io.rootstock.trainer.v1.ImportModelResponse;
import io.rootstock.trainer.v1.ImportOptions;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelUploadTest {
    @TempDir
    private Path folder;

    @Test
    void sendsSingleGgufFile() throws IOException {
        Path file = file("Smol LM2.Q4_1.gguf");
        file("config.json");

        assertThat(ModelUpload.files(file)).containsExactly(file);
    }

    @Test
    void sendsAllShardsOfSplitGguf() throws IOException {
        Path first = file("m-00001-of-00003.gguf");
        Path second = file("m-00002-of-00003.gguf");
        Path third = folder.resolve("m-00003-of-00003.gguf");
        assertThatThrownBy(() -> ModelUpload.files(second))
                .isInstanceOfSatisfying(
                        CliException.class,
                        failure -> assertThat(failure.hint()).isEqualTo("a split GGUF model requires all 3 shards"))
                .hasMessage("cannot read " + third);

        Files.createFile(third);
        assertThat(ModelUpload.files(second)).containsExactly(first, second, third);
        assertThat(ModelUpload.files(folder)).containsExactly(first, second, third);
    }

    @Test
    void acceptsDirectoryWithOneGgufModel() throws IOException {
        Path file = file("model.gguf");
        assertThat(ModelUpload.files(folder)).containsExactly(file);

        file("other.gguf");
        assertThatThrownBy(() -> ModelUpload.files(folder))
                .isInstanceOfSatisfying(
                        CliException.class,
                        failure -> assertThat(failure.hint()).isEqualTo("use the path of one of them: " + file))
                .hasMessage(folder + " contains 2 GGUF models");
    }

    @Test
    void sendsTheFilesOfAnAdapter() throws IOException {
        Path config = file("adapter_config.json");
        assertThatThrownBy(() -> ModelUpload.adapterFiles(folder))
                .isInstanceOf(CliException.class)
                .hasMessage(folder + " is not an adapter");
        Path weights = file("adapter_model.safetensors");
        assertThat(ModelUpload.adapterFiles(folder)).containsExactly(config, weights);
        Path card = file("README.md");
        assertThat(ModelUpload.adapterFiles(folder)).containsExactly(config, weights, card);
        assertThatThrownBy(() -> ModelUpload.files(folder))
                .isInstanceOfSatisfying(
                        CliException.class,
                        failure -> assertThat(failure.hint())
                                .isEqualTo("name the model that it was trained for: --base MODEL"))
                .hasMessage(folder + " is an adapter");
        Path gguf = file("adapter.gguf");
        assertThat(ModelUpload.adapterFiles(gguf)).containsExactly(gguf);
    }

    @Test
    void sendsSmallFilesOfHuggingFaceDirectoryFirst() throws IOException {
        file("model.gguf");
        for (String name : List.of("model.safetensors", "tokenizer_config.json", "tokenizer.json", "config.json")) {
            file(name);
        }
        assertThat(ModelUpload.files(folder))
                .extracting(path -> path.getFileName().toString())
                .containsExactly("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors");
    }

    @Test
    void sendsSentencePieceModelWhereItExists() throws IOException {
        for (String name : List.of("model.safetensors", "tokenizer_config.json", "tokenizer.model", "config.json")) {
            file(name);
        }
        assertThat(ModelUpload.files(folder))
                .extracting(path -> path.getFileName().toString())
                .containsExactly("config.json", "tokenizer.model", "tokenizer_config.json", "model.safetensors");
        file("tokenizer.json");
        assertThat(ModelUpload.files(folder))
                .extracting(path -> path.getFileName().toString())
                .containsExactly(
                        "config.json",
                        "tokenizer.json",
                        "tokenizer.model",
                        "tokenizer_config.json",
                        "model.safetensors");
    }

    @Test
    void rejectsOtherFiles() throws IOException {
        Path file = file("model.bin");
        assertThatThrownBy(() -> ModelUpload.files(file))
                .isInstanceOfSatisfying(
                        CliException.class,
                        failure -> assertThat(failure.hint()).isEqualTo("use a Hugging Face directory or a .gguf file"))
                .hasMessage(file + " is neither a directory nor a GGUF file");
        assertThatThrownBy(() -> ModelUpload.files(folder.resolve("none.gguf")))
                .hasMessage("cannot read " + folder.resolve("none.gguf"));
    }

    @Test
    void sendsOptionsAndFilesAndReceivesStagesAndResult() throws IOException {
        byte[] bytes = new byte[1_200_000];
        bytes[1_199_999] = 7;
        Path file = Files.write(folder.resolve("m.gguf"), bytes);
        Trainer trainer = new Trainer(Long.MAX_VALUE);
        Server server = server(trainer);
        List<String> stages = new ArrayList<>();
        List<Long> progress = new ArrayList<>();
        try (Clients clients = clients(server)) {
            ImportModelResponse response = ModelUpload.send(
                    clients,
                    List.of(file),
                    ImportOptions.newBuilder()
                            .addQuantizations(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0)
                            .build(),
                    progress::add,
                    stages::add);

            assertThat(response.getTokenizerDigest()).isEqualTo("sha256:1");
        } finally {
            server.shutdownNow();
        }
        assertThat(trainer.options.getQuantizationsList()).containsExactly(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0);
        assertThat(trainer.files).containsOnlyKeys("m.gguf");
        assertThat(trainer.files.get("m.gguf").toByteArray()).isEqualTo(bytes);
        assertThat(progress).isSorted().endsWith((long) bytes.length);
        assertThat(stages).containsExactly("convert", "store");
    }

    @Test
    void reportsErrorDuringUpload() throws IOException {
        Path file = Files.write(folder.resolve("m.gguf"), new byte[8_000_000]);
        Server server = server(new Trainer(1_000_000));
        try (Clients clients = clients(server)) {
            assertThatThrownBy(() -> ModelUpload.send(
                            clients, List.of(file), ImportOptions.getDefaultInstance(), sent -> {}, stage -> {}))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("m.gguf: the architecture must be llama");
        } finally {
            server.shutdownNow();
        }
    }

    private Path file(String name) throws IOException {
        return Files.createFile(folder.resolve(name));
    }

    private static Server server(TrainerServiceGrpc.TrainerServiceImplBase trainer) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(trainer)
                .build()
                .start();
    }

    private static Clients clients(Server server) {
        return new Clients(new Endpoints(
                Map.of(Service.TRAINER, "127.0.0.1:" + server.getPort()), Optional.empty(), Optional.empty()));
    }

    /** Accepts models up to a number of bytes. */
    private static final class Trainer extends TrainerServiceGrpc.TrainerServiceImplBase {
        private final Map<String, ByteString> files = new LinkedHashMap<>();
        private final long maxBytes;
        private ImportOptions options = ImportOptions.getDefaultInstance();

        private Trainer(long maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public StreamObserver<ImportModelRequest> importModel(StreamObserver<ImportModelResponse> responses) {
            return new StreamObserver<>() {
                private String name = "";
                private boolean ended;

                @Override
                public void onNext(ImportModelRequest part) {
                    switch (part.getPartCase()) {
                        case OPTIONS -> options = part.getOptions();
                        case FILE_NAME -> {
                            name = part.getFileName();
                            files.put(name, ByteString.EMPTY);
                        }
                        case CHUNK -> files.merge(name, part.getChunk(), ByteString::concat);
                        case PART_NOT_SET -> throw new AssertionError("a part without content");
                    }
                    if (!ended && files.getOrDefault(name, ByteString.EMPTY).size() > maxBytes) {
                        ended = true;
                        responses.onError(Status.INVALID_ARGUMENT
                                .withDescription("m.gguf: the architecture must be llama, qwen2 or qwen3, is gemma")
                                .asRuntimeException());
                    }
                }

                @Override
                public void onError(Throwable failure) {
                    ended = true;
                }

                @Override
                public void onCompleted() {
                    if (!ended) {
                        for (String stage : List.of("convert", "store")) {
                            responses.onNext(ImportModelResponse.newBuilder()
                                    .setStage(stage)
                                    .build());
                        }
                        responses.onNext(ImportModelResponse.newBuilder()
                                .setTokenizerDigest("sha256:1")
                                .build());
                        responses.onCompleted();
                    }
                }
            };
        }
    }
}
