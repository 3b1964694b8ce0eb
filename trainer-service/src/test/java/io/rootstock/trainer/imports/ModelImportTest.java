package io.rootstock.trainer.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.checkpoint.gguf.GgufSpecialTokens;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.llama.Quantization;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.trainer.data.GgufBases;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.GgufFile;
import io.rootstock.trainer.v1.ImportModelResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelImportTest {
    private static final String TEXT = "The cat and the dog are here.";

    @TempDir
    Path home;

    private ArtifactStore other;
    private DirectoryArtifactStore store;
    private ModelImports imports;

    @BeforeEach
    void open() {
        other = new DirectoryArtifactStore(home.resolve("other"));
        store = new DirectoryArtifactStore(home.resolve("artifacts"));
        imports = new ModelImports(home.resolve("imports"), store, 1, GgufFile.MADE, SandboxMode.AVAILABLE);
    }

    @ParameterizedTest
    @CsvSource({"F32, false, 0, 0", "Q4_K_M, true, 0.12, 0.1"})
    void anImportedGgufModelHasTheWeightsThatLlamaCppReads(
            String type, boolean addBos, double weightError, double logitError) throws IOException {
        importsTheWeightsThatLlamaCppReads(type, addBos, weightError, logitError);
    }

    @ParameterizedTest
    @Tag("matrix")
    @CsvSource({"F32, true, 0, 0", "F16, true, 5e-4, 5e-3", "Q8_0, false, 1e-2, 3e-2"})
    void everyTypeOfAnImportedGgufModelHasTheWeightsThatLlamaCppReads(
            String type, boolean addBos, double weightError, double logitError) throws IOException {
        importsTheWeightsThatLlamaCppReads(type, addBos, weightError, logitError);
    }

    /**
     * The tolerances cover the errors of quantized weights and of llama.cpp's quantized activations; an F32 file is
     * imported unchanged.
     */
    private void importsTheWeightsThatLlamaCppReads(String type, boolean addBos, double weightError, double logitError)
            throws IOException {
        Path file = GgufBases.write(other, home.resolve("their model.gguf"), quantization(type), addBos);
        ImportModelResponse imported = imported(file);

        assertThat(imported.getMessagesList()).isEmpty();
        assertThat(imported.getArtifactsList())
                .extracting(Artifact::getKind)
                .containsExactlyInAnyOrder(
                        ArtifactKind.ARTIFACT_KIND_HUGGING_FACE,
                        ArtifactKind.ARTIFACT_KIND_GGUF_F32,
                        ArtifactKind.ARTIFACT_KIND_GGUF_F16,
                        ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0,
                        ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M,
                        ArtifactKind.ARTIFACT_KIND_GGUF_ORIGINAL);
        Path original = file(imported, ArtifactKind.ARTIFACT_KIND_GGUF_ORIGINAL);
        assertThat(Files.mismatch(original, file)).isEqualTo(-1);
        Path model = store.materialize(
                digest(imported, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE), home.resolve("huggingface"));
        try (HuggingFaceDirectory read = HuggingFaceDirectory.read(model)) {
            for (NamedTensor tensor : GgufBases.tensors().values()) {
                assertThat(error(
                                tensor.toArray(),
                                read.weights().tensor(tensor.name()).toArray()))
                        .as(tensor.name())
                        .isLessThanOrEqualTo(weightError);
            }
        }
        Path exact = file(imported, ArtifactKind.ARTIFACT_KIND_GGUF_F32);
        List<float[]> expected = GgufBases.logits(file, TEXT);
        List<float[]> actual = GgufBases.logits(exact, TEXT);
        for (int position = 0; position < expected.size(); position++) {
            assertThat(error(expected.get(position), actual.get(position)))
                    .as("logits at %d", position)
                    .isLessThanOrEqualTo(logitError);
        }
        assertThat(GgufSpecialTokens.read(exact)).isEqualTo(GgufSpecialTokens.read(file));
        assertThat(GgufSpecialTokens.read(exact).addBos()).isEqualTo(addBos);
        assertThat(artifact(imported, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)
                        .getSpecialTokens()
                        .getAddBos())
                .isEqualTo(addBos);
        assertThat(imported.getChatTemplate()).isTrue();
        assertThat(home.resolve("imports")).isEmptyDirectory();
    }

    @Test
    void onlyRequestedQuantizationsAreCreated() throws IOException {
        Path file = GgufBases.write(other, home.resolve("model.gguf"), Optional.empty(), true);
        try (ModelImport model = imports.begin()) {
            model.settings(new ImportSettings("answers", Optional.of(EnumSet.of(GgufFile.Q8_0)), Optional.empty()));
            send(model, file);
            ImportModelResponse imported = finish(model, () -> true).orElseThrow();

            assertThat(imported.getArtifactsList())
                    .extracting(Artifact::getKind)
                    .contains(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0)
                    .doesNotContain(
                            ArtifactKind.ARTIFACT_KIND_GGUF_F32,
                            ArtifactKind.ARTIFACT_KIND_GGUF_F16,
                            ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M);
            assertThat(Files.readString(
                            file(imported, ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0), StandardCharsets.ISO_8859_1))
                    .containsPattern("general\\.name[^a-z]*answers");
        }
    }

    @Test
    void aFileThatIsMadeLaterIsTheFileOfAnImport() throws IOException {
        Path file = GgufBases.write(other, home.resolve("model.gguf"), Optional.empty(), true);
        ImportModelResponse imported = imported(file);
        for (GgufFile variant : List.of(GgufFile.F32, GgufFile.Q4_K_M)) {
            List<String> stages = new ArrayList<>();
            Artifact created = imports.createGguf(
                            digest(imported, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE),
                            variant,
                            Gguf.name(""),
                            stages::add,
                            () -> true)
                    .orElseThrow();
            assertThat(created).isEqualTo(artifact(imported, variant.kind()));
            assertThat(stages).startsWith("write the GGUF file");
        }
        assertThat(imports.createGguf(
                        digest(imported, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE),
                        GgufFile.F16,
                        "other",
                        _ -> {},
                        () -> false))
                .isEmpty();
        assertThat(home.resolve("imports")).isEmptyDirectory();
        assertThat(imports.oldest()).isEmpty();
        assertThatThrownBy(() -> imports.createGguf(
                        digest(imported, ArtifactKind.ARTIFACT_KIND_GGUF_ORIGINAL),
                        GgufFile.F16,
                        "other",
                        _ -> {},
                        () -> true))
                .hasMessageContaining("is not a directory");
    }

    @Test
    void anUnsupportedArchitectureIsRejectedDuringTheUpload() throws IOException {
        Path file = GgufBases.write(other, home.resolve("gemma.gguf"), Optional.empty(), true);
        byte[] bytes = renamed(Files.readAllBytes(file), "llama", "gemma");

        try (ModelImport model = imports.begin()) {
            model.file("gemma.gguf");
            assertThatThrownBy(() -> model.write(ByteBuffer.wrap(bytes, 0, 1 << 20)))
                    .isInstanceOf(RefusedImportException.class)
                    .hasMessage(
                            "gemma.gguf: the architecture must be llama, qwen2 or qwen3, is gemma; others (mistral3,"
                                    + " gemma3, phi3, qwen3moe, ...) have other tensors");
        }
        assertNothingIsLeft();
    }

    @Test
    void aNonFiniteWeightIsRejectedAndNothingIsStored() throws IOException {
        Map<String, NamedTensor> tensors = GgufBases.tensors();
        String name = "model.layers.0.mlp.up_proj.weight";
        float[] values = tensors.get(name).toArray();
        values[1000] = Float.NaN;
        tensors.put(name, NamedTensor.of(name, values, tensors.get(name).shape()));
        Path file = GgufBases.write(other, home.resolve("nan.gguf"), Optional.empty(), true, tensors);

        assertThatThrownBy(() -> imported(file))
                .isInstanceOf(RefusedImportException.class)
                .hasMessage("nan.gguf: tensor " + name + " holds a NaN or an infinity; its weights are damaged");
        assertNothingIsLeft();
    }

    @Test
    void truncatedFilesAndMissingPartsAreNamed() throws IOException {
        Path file = GgufBases.write(other, home.resolve("whole.gguf"), Optional.empty(), true);
        byte[] bytes = Files.readAllBytes(file);
        Path cut = Files.write(home.resolve("cut.gguf"), Arrays.copyOf(bytes, bytes.length - 4096));
        assertThatThrownBy(() -> imported(cut))
                .hasMessageStartingWith("cut.gguf: tensor ")
                .hasMessageEndingWith("reaches beyond the end of the file");

        Path part = Files.copy(file, home.resolve("m-00002-of-00003.gguf"));
        assertThatThrownBy(() -> imported(part))
                .hasMessage("m-00001-of-00003.gguf is missing: m-00002-of-00003.gguf is one of 3 parts of a model, and"
                        + " all are needed");
        assertThatThrownBy(() -> imported(file, cut))
                .hasMessage("a GGUF model is one file, or all parts of one split model; other files were sent beside"
                        + " whole.gguf");
        assertNothingIsLeft();
    }

    @Test
    void aCancelledImportStoresNothing() throws IOException {
        Path file = GgufBases.write(other, home.resolve("model.gguf"), Optional.empty(), true);
        try (ModelImport model = imports.begin()) {
            send(model, file);
            assertThat(finish(model, () -> false)).isEmpty();
        }
        assertNothingIsLeft();
    }

    @Test
    void fileNamesOutsideTheFolderAreRejected() throws IOException {
        try (ModelImport model = imports.begin()) {
            for (String name : List.of("../m.gguf", "a/m.gguf", ".gguf", "m.gguf/..", "m.bin")) {
                assertThatThrownBy(() -> model.file(name))
                        .isInstanceOf(RefusedImportException.class)
                        .hasMessageStartingWith("'" + name + "' is not a model file; accepted files are *.gguf");
            }
            assertThatThrownBy(() -> finish(model, () -> true)).hasMessage("no file was sent");
        }
    }

    private void assertNothingIsLeft() throws IOException {
        assertThat(home.resolve("imports")).isEmptyDirectory();
        try (Stream<Path> files = Files.walk(home.resolve("artifacts"))) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    private static Optional<Quantization> quantization(String type) {
        return type.equals("F32") ? Optional.empty() : Optional.of(Quantization.valueOf(type));
    }

    private ImportModelResponse imported(Path... files) throws IOException {
        try (ModelImport model = imports.begin()) {
            for (Path file : files) {
                send(model, file);
            }
            return finish(model, () -> true).orElseThrow();
        }
    }

    private static void send(ModelImport model, Path file) throws IOException {
        model.file(file.getFileName().toString());
        model.write(ByteBuffer.wrap(Files.readAllBytes(file)));
    }

    private static Optional<ImportModelResponse> finish(ModelImport model, BooleanSupplier wanted) throws IOException {
        return model.finish(stage -> assertThat(stage).isNotBlank(), wanted);
    }

    private Path file(ImportModelResponse model, ArtifactKind kind) {
        return store.verified(digest(model, kind));
    }

    private static Digest digest(ImportModelResponse model, ArtifactKind kind) {
        return Digest.parse(artifact(model, kind).getDigest());
    }

    private static Artifact artifact(ImportModelResponse model, ArtifactKind kind) {
        return model.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == kind)
                .findFirst()
                .orElseThrow();
    }

    /** RMS of the differences divided by the RMS of the expected values. */
    private static double error(float[] expected, float[] actual) {
        assertThat(actual).hasSameSizeAs(expected);
        double difference = 0;
        double square = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            square += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / square);
    }

    private static byte[] renamed(byte[] bytes, String from, String to) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int place = text.indexOf(from);
        assertThat(place).isPositive();
        System.arraycopy(to.getBytes(StandardCharsets.ISO_8859_1), 0, bytes, place, to.length());
        return bytes;
    }
}
