package io.rootstock.bench.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.rootstock.bench.Lifecycle;
import io.rootstock.bench.interop.TinyBase;
import io.rootstock.cli.Rootstock;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.tokenizer.v1.GetTokenizerRequest;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A version travels in a bundle from the installation that trained it to an empty one, which serves it. */
@Timeout(300)
@Tag("matrix")
class BundleIT {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aTrainedVersionAnswersAlikeInAnotherInstallation() throws Exception {
        Path root = ProjectRoot.find();
        for (Service service : Service.values()) {
            assumeThat(service.jar(root)).exists();
        }
        Path file = folder.resolve("tiny.zip");
        Version exported;
        String answer;
        try (Lifecycle life = Lifecycle.start("bundle-source", Map.of("rootstock.trainer.nice", "0"))) {
            String name = TinyBase.train(life);
            run(life, "models", "edit", TinyBase.MODEL + ":1", "--description", "tiny", "--tag", "reviewed=yes");
            exported = version(life, name);
            life.promote(name);
            answer = answer(life, TinyBase.MODEL);
            run(life, "models", "export", TinyBase.MODEL, "--bundle", file.toString());
        }
        try (Lifecycle life = Lifecycle.start("bundle-target")) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Path damaged = Files.write(folder.resolve("damaged.zip"), bytes);
            assertThat(execute(life, "models", "import", "copy", damaged.toString()))
                    .isEqualTo(1);
            assertThat(err.toString()).contains("is not a valid bundle");
            assertThat(life.home().resolve("artifacts/sha256"))
                    .satisfiesAnyOf(
                            path -> assertThat(path).doesNotExist(),
                            path -> assertThat(path).isEmptyDirectory());

            for (int i = 0; i < 2; i++) {
                run(life, "models", "import", "copy", file.toString());
            }
            assertThat(out.toString()).contains("copy:1  is already tiny:1 of the bundle");
            Version imported = version(life, "models/copy/versions/1");
            assertThat(imported.getArtifactsList()).isEqualTo(exported.getArtifactsList());
            assertThat(imported.getMetricsMap())
                    .isEqualTo(exported.getMetricsMap())
                    .isNotEmpty();
            assertThat(imported.getDescription()).isEqualTo("tiny");
            assertThat(imported.getTagsMap()).isEqualTo(Map.of("reviewed", "yes"));
            assertThat(imported.getOrigin().getVersion()).isEqualTo(exported.getName());
            assertThat(imported.getOrigin().getJob())
                    .isEqualTo(exported.getJob())
                    .isNotEmpty();
            assertThat(life.clients()
                            .tokenizers()
                            .getTokenizer(GetTokenizerRequest.newBuilder()
                                    .setName(imported.getTokenizer())
                                    .build())
                            .getTokenizer()
                            .getDigest())
                    .isEqualTo(exported.getTokenizerDigest());
            life.promote(imported.getName());
            assertThat(answer(life, "copy")).isEqualTo(answer).isNotEmpty();
            assertThat(exported.getArtifactsList())
                    .extracting(Artifact::getKind)
                    .containsExactlyInAnyOrder(
                            ArtifactKind.ARTIFACT_KIND_HUGGING_FACE, ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0);
            Path files = folder.resolve("files");
            run(life, "models", "export", "copy:1", files.toString(), "--gguf", "--quantization", "q4_k_m");
            assertThat(files.resolve("huggingface/model.safetensors")).isNotEmptyFile();
            run(life, "models", "quantize", "copy:1", "--quantization", "q4_k_m");
            List<Artifact> all = version(life, imported.getName()).getArtifactsList();
            assertThat(all.subList(0, 2)).isEqualTo(exported.getArtifactsList());
            assertThat(all.getLast().getKind()).isEqualTo(ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M);
            assertThat(all).hasSize(3);
            assertThat(files.resolve("model.gguf")).hasSize(all.getLast().getBytes());
        }
    }

    private static Version version(Lifecycle life, String name) {
        return life.clients()
                .models()
                .getVersion(GetVersionRequest.newBuilder().setName(name).build())
                .getVersion();
    }

    private static String answer(Lifecycle life, String model) {
        return life.clients()
                .inference()
                .generate(GenerateRequest.newBuilder()
                        .setModel(model)
                        .setPrompt("The house")
                        .setOptions(GenerationOptions.newBuilder()
                                .setSampling(Sampling.newBuilder().setTemperature(0))
                                .setMaxTokens(16))
                        .build())
                .getCompletions(0)
                .getText();
    }

    private void run(Lifecycle life, String... arguments) {
        assertThat(execute(life, arguments)).as(err::toString).isZero();
    }

    private int execute(Lifecycle life, String... arguments) {
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(Stream.concat(
                                Stream.of(arguments),
                                Service.withRpcs().stream()
                                        .flatMap(service -> Stream.of(
                                                "--" + service.label() + "-endpoint",
                                                life.clients().address(service))))
                        .toArray(String[]::new));
    }
}
