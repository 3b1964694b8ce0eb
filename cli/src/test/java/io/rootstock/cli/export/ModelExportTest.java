package io.rootstock.cli.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.cli.client.ArtifactDownload;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.Service;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.ReadArtifactRequest;
import io.rootstock.trainer.v1.ReadArtifactResponse;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelExportTest {
    private static final Version BASE = version("models/smol/versions/1", VersionKind.VERSION_KIND_BASE)
            .setLicense("mit")
            .addArtifacts(artifact(ArtifactKind.ARTIFACT_KIND_HUGGING_FACE))
            .build();

    @TempDir
    private Path folder;

    private Server server;

    @BeforeEach
    void serve() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new TrainerServiceGrpc.TrainerServiceImplBase() {
                    @Override
                    public void readArtifact(
                            ReadArtifactRequest request, StreamObserver<ReadArtifactResponse> responses) {
                        switch (request.getArtifact().getKind()) {
                            case ARTIFACT_KIND_HUGGING_FACE ->
                                send(responses, "tokenizer_config.json", "{\"chat_template\": \"{{ messages }}\"}");
                            case ARTIFACT_KIND_PEFT_ADAPTER ->
                                send(responses, "adapter_config.json", "{\"base_model_name_or_path\": \"base\"}");
                            default -> responses.onNext(chunk("gguf"));
                        }
                        responses.onCompleted();
                    }
                })
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void aModelHasACardWithLineageMetricsAndTheWaysToLoadIt() throws IOException {
        Version version = version("models/answers/versions/3", VersionKind.VERSION_KIND_INSTRUCT)
                .setParent(BASE.getName())
                .setJob("jobs/instruction-1")
                .setDataset("datasets/questions")
                .setDatasetDigest("sha256:12")
                .putMetrics("perplexity", 7.25)
                .addArtifacts(artifact(ArtifactKind.ARTIFACT_KIND_HUGGING_FACE))
                .build();
        Artifact gguf = artifact(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0);
        write(new ModelExport(version, List.of(BASE), Optional.of(gguf), Optional.of("apache-2.0")));

        assertThat(folder.resolve("model.gguf")).hasContent("gguf");
        assertThat(folder.resolve("Modelfile")).content().startsWith("FROM ./model.gguf\n");
        assertThat(folder.resolve("README.md"))
                .hasSameTextualContentAs(folder.resolve("huggingface/README.md"))
                .content()
                .startsWith("""
                        ---
                        library_name: transformers
                        pipeline_tag: text-generation
                        license: apache-2.0
                        tags:
                        - rootstock
                        ---

                        # answers:3
                        """)
                .contains(
                        "Trained by jobs/instruction-1,",
                        "| answers:3 | instruct | not stated | datasets/questions | sha256:12 |\n| smol:1 | base | mit |",
                        "| perplexity | 7.2500 |",
                        "apache-2.0 The licenses of the models in the lineage apply too.",
                        "AutoModelForCausalLM.from_pretrained(\"huggingface\")",
                        "vllm serve ./huggingface",
                        "llama-server -m model.gguf",
                        "ollama create my-model -f Modelfile")
                .doesNotContain("PEFT");
    }

    @Test
    void anAdapterOfASharedBaseIsExportedWithItsBase() throws IOException {
        Version version = version("models/polite/versions/1", VersionKind.VERSION_KIND_INSTRUCT)
                .addArtifacts(artifact(ArtifactKind.ARTIFACT_KIND_GGUF_BASE))
                .addArtifacts(artifact(ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER))
                .addArtifacts(artifact(ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER))
                .build();
        write(new ModelExport(version, List.of(BASE), Optional.of(version.getArtifacts(0)), Optional.empty()));

        assertThat(folder.resolve("huggingface")).doesNotExist();
        assertThat(folder.resolve("base/tokenizer_config.json")).exists();
        assertThat(folder.resolve("adapter/adapter_config.json")).content().contains("\"/target/base\"");
        assertThat(folder.resolve("base.gguf")).exists();
        assertThat(folder.resolve("adapter.gguf")).exists();
        assertThat(folder.resolve("Modelfile")).content().startsWith("FROM ./base.gguf\nADAPTER ./adapter.gguf\n");
        assertThat(folder.resolve("adapter/README.md"))
                .content()
                .contains(
                        "library_name: peft",
                        "AutoPeftModelForCausalLM.from_pretrained(\"adapter\")",
                        "llama-server -m base.gguf --lora adapter.gguf",
                        "Not stated.");
    }

    @Test
    void anAdapterWithoutItsBaseAndAVersionWithoutFilesAreRefused() {
        Version adapter = version("models/polite/versions/1", VersionKind.VERSION_KIND_INSTRUCT)
                .addArtifacts(artifact(ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER))
                .build();
        assertThatThrownBy(() -> write(new ModelExport(adapter, List.of(), Optional.empty(), Optional.empty())))
                .isInstanceOf(CliException.class)
                .hasMessage("polite:1 is an adapter without a base");
        Version empty = version("models/empty/versions/1", VersionKind.VERSION_KIND_BASE)
                .build();
        assertThatThrownBy(() -> write(new ModelExport(empty, List.of(), Optional.empty(), Optional.empty())))
                .isInstanceOf(CliException.class)
                .hasMessage("empty:1 has neither a Hugging Face directory nor an adapter");
    }

    @Test
    void chatTemplatesInAFileOfTheirOwnAreRead() throws IOException {
        Files.createDirectories(folder.resolve("huggingface"));
        Files.writeString(folder.resolve("huggingface/chat_template.jinja"), ChatTemplate.CHATML);
        Version version = version("models/answers/versions/1", VersionKind.VERSION_KIND_INSTRUCT)
                .addArtifacts(artifact(ArtifactKind.ARTIFACT_KIND_HUGGING_FACE))
                .build();
        Artifact gguf = artifact(ArtifactKind.ARTIFACT_KIND_GGUF_F32);
        write(new ModelExport(version, List.of(), Optional.of(gguf), Optional.empty()));

        assertThat(folder.resolve("Modelfile")).content().contains("<|im_start|>{{ .Role }}");
    }

    private void write(ModelExport export) throws IOException {
        try (Clients clients = new Clients(new Endpoints(
                Map.of(Service.TRAINER, "127.0.0.1:" + server.getPort()), Optional.empty(), Optional.empty()))) {
            export.write(new ArtifactDownload(clients, _ -> {}), folder, Path.of("/target"));
        }
    }

    private static Version.Builder version(String name, VersionKind kind) {
        return Version.newBuilder().setName(name).setKind(kind);
    }

    private static Artifact artifact(ArtifactKind kind) {
        return Artifact.newBuilder().setKind(kind).setBytes(4).build();
    }

    private static void send(StreamObserver<ReadArtifactResponse> responses, String name, String content) {
        responses.onNext(ReadArtifactResponse.newBuilder().setFileName(name).build());
        responses.onNext(chunk(content));
    }

    private static ReadArtifactResponse chunk(String text) {
        return ReadArtifactResponse.newBuilder()
                .setChunk(ByteString.copyFromUtf8(text))
                .build();
    }
}
