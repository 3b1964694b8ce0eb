package io.rootstock.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.RopeScaling;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.checkpoint.tokenizer.TinyModel;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufModelTest {
    @TempDir
    Path folder;

    static Stream<ModelConfig> families() {
        return FamiliesTest.families();
    }

    @ParameterizedTest
    @MethodSource("families")
    void aModelOfEachFamilyComesBackAsItWasWritten(ModelConfig config) throws IOException {
        List<NamedTensor> tensors = TinyModel.tensors(config.shape());
        Path model = converted(write(config, tensors, "gpt2", false));

        try (HuggingFaceDirectory read = HuggingFaceDirectory.read(model)) {
            // Mistral's GGUF files state the architecture llama, because their computation is identical.
            ModelShape shape = read.config().shape();
            assertThat(shape.family().architecture())
                    .isEqualTo(config.shape().family().architecture());
            assertThat(read.config().withShape(shape.withFamily(config.shape().family())))
                    .isEqualTo(config);
            for (NamedTensor tensor : tensors) {
                assertThat(read.weights().tensor(tensor.name()).toArray())
                        .as(tensor.name())
                        .isEqualTo(tensor.toArray());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"gpt2, false", "llama3, true", "llama3, false", "qwen2, false", "smollm, false", "tekken, true"})
    void itsTokenizerIsTheOneThatWasWritten(String preTokenizer, boolean ignoreMerges) throws IOException {
        Path file = write(TinyModel.CONFIG, TinyModel.tensors(TinyModel.SHAPE), preTokenizer, ignoreMerges);
        TokenizerFiles before = TokenizerFiles.read(folder.resolve("tokenizer"));
        Path model = converted(file);

        assertThat(Json.readObject(model.resolve(TokenizerFiles.CONFIGURATION)).has("rootstock_pre_tokenizer"))
                .as("recognised by its pre_tokenizer alone, as other programs read it")
                .isFalse();
        assertThat(TokenizerFiles.read(model)).isEqualTo(before);
        assertThat(Json.readObject(model.resolve(TokenizerFiles.CONFIGURATION))
                        .path("model_max_length")
                        .intValue())
                .isEqualTo(64);
    }

    @Test
    void tokensByWhichTheEmbeddingIsRoundedUpBelongToNoTokenizer() throws IOException {
        ModelConfig config = TinyModel.CONFIG.withShape(TinyModel.SHAPE.withVocabularySize(TinyModel.VOCABULARY + 5));
        Path model = converted(write(config, TinyModel.tensors(config.shape()), "gpt2", false));

        assertThat(TokenizerFiles.read(model).vocabularySize()).isEqualTo(TinyModel.VOCABULARY);
        assertThat(HuggingFaceDirectory.readConfig(model.resolve("config.json"))
                        .shape()
                        .vocabularySize())
                .isEqualTo(TinyModel.VOCABULARY + 5);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void aWeightThatIsNoNumberIsRefusedByTheNameOfItsTensor(float broken) throws IOException {
        List<NamedTensor> tensors = TinyModel.tensors(TinyModel.SHAPE);
        String name = "model.layers.1.self_attn.k_proj.weight";
        float[] values = tensors.stream()
                .filter(tensor -> tensor.name().equals(name))
                .findFirst()
                .orElseThrow()
                .toArray();
        values[17] = broken;
        List<NamedTensor> damaged = new ArrayList<>(tensors);
        damaged.replaceAll(
                tensor -> tensor.name().equals(name) ? NamedTensor.of(name, values, tensor.shape()) : tensor);
        Path file = write(TinyModel.CONFIG, damaged, "gpt2", false);

        assertThatThrownBy(() -> converted(file))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessage("tensor " + name + " holds a NaN or an infinity; its weights are damaged");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("tokenizer", "model.gguf");
        }
    }

    @Test
    void aDirectoryWithSuchAWeightIsRefusedToo() throws IOException {
        List<NamedTensor> tensors = new ArrayList<>(TinyModel.tensors(TinyModel.SHAPE));
        float[] norm = new float[16];
        norm[3] = Float.NaN;
        tensors.replaceAll(tensor ->
                tensor.name().equals(LlamaTensors.NORM) ? NamedTensor.of(LlamaTensors.NORM, norm, 16) : tensor);
        Path model = folder.resolve("model");
        HuggingFaceDirectory.write(
                model, TinyModel.CONFIG, tensors, TinyModel.tokenizer(folder.resolve("tokenizer")), List.of());

        assertThatThrownBy(() -> HuggingFaceDirectory.copyAsFloat32(model, folder.resolve("copy")))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessage("tensor model.norm.weight holds a NaN or an infinity; its weights are damaged");
        assertThat(folder.resolve("copy")).doesNotExist();
    }

    @Test
    void aHeaderIsCheckedBeforeTheTensorsHaveArrived() throws IOException {
        byte[] bytes = Files.readAllBytes(write(TinyModel.CONFIG, TinyModel.tensors(TinyModel.SHAPE), "gpt2", false));
        Path part = folder.resolve("part.gguf");

        Files.write(part, Arrays.copyOf(bytes, 4_000));
        assertThat(GgufModel.checkHeader(part)).as("not yet").isFalse();
        Files.write(part, Arrays.copyOf(bytes, bytes.length - 20_000));
        assertThat(GgufModel.checkHeader(part)).isTrue();

        Files.write(part, GgufBytes.replace(Arrays.copyOf(bytes, bytes.length - 20_000), "llama", "gemma"));
        assertThatThrownBy(() -> GgufModel.checkHeader(part))
                .isInstanceOf(InvalidGgufException.class)
                .hasMessageContaining("the architecture must be llama, qwen2 or qwen3, is gemma");
    }

    @Test
    void partsAreJoinedIntoTheFileThatWasSplit() throws IOException {
        Path whole = write(TinyModel.CONFIG, TinyModel.tensors(TinyModel.SHAPE), "gpt2", false);
        List<Path> parts = split(whole, 3);
        Path joined = folder.resolve("joined.gguf");
        GgufSplit.join(parts, joined);

        assertThat(Files.mismatch(joined, whole)).isEqualTo(-1);
    }

    @Test
    void partsThatDoNotBelongTogetherAreRefused() throws IOException {
        List<Path> parts = split(write(TinyModel.CONFIG, TinyModel.tensors(TinyModel.SHAPE), "gpt2", false), 3);
        Path joined = folder.resolve("joined.gguf");

        assertThatThrownBy(() -> GgufSplit.join(parts.subList(0, 2), joined))
                .hasMessage("whole-00001-of-00003.gguf: key split.count is 3; 2 files were given");
        assertThatThrownBy(() -> GgufSplit.join(List.of(parts.get(0), parts.get(2), parts.get(1)), joined))
                .hasMessage("whole-00003-of-00003.gguf: key split.no is 2 and must be 1: the parts are mixed up");
        assertThat(joined).doesNotExist();
        assertThatThrownBy(() -> GgufValidator.validate(parts.get(0)))
                .hasMessageContaining("the file is one part of several; join them: key split.count is 3");
    }

    @Test
    void theNamesOfPartsFollowFromAnyOfThem() {
        assertThat(GgufSplit.names("m-q4-00002-of-00003.gguf"))
                .containsExactly("m-q4-00001-of-00003.gguf", "m-q4-00002-of-00003.gguf", "m-q4-00003-of-00003.gguf");
        assertThat(GgufSplit.names("m.gguf")).containsExactly("m.gguf");
    }

    @ParameterizedTest
    @CsvSource({
        "8, 1, 4, 8192, 500000, 128",
        "32, 1, 4, 8192, 500000, 64",
        "2, 1, 1.5, 4096, 10000, 80",
        "8, 1, 4, 8192, 500000, 8"
    })
    void llama3sScalingIsRecoveredFromItsFactors(
            double factor, double low, double high, int context, double theta, int headDimension) {
        RopeScaling.Llama3 scaling = new RopeScaling.Llama3(factor, low, high, context);

        RopeScaling recovered = GgufRope.of(factors(scaling, theta, headDimension), theta);
        assertThat(factors(recovered, theta, headDimension)).isEqualTo(factors(scaling, theta, headDimension));
        if (headDimension >= 64) {
            assertThat(recovered).isEqualTo(scaling);
        }
    }

    @Test
    void otherFactorsAreRecognisedOrRefused() {
        assertThat(GgufRope.of(new float[] {1, 1, 1}, 10_000)).isEqualTo(RopeScaling.NONE);
        assertThat(GgufRope.of(new float[] {4, 4, 4}, 10_000)).isEqualTo(new RopeScaling.Linear(4));
        assertThat(factors(GgufRope.of(new float[] {1, 8, 8}, 10_000), 10_000, 6))
                .containsExactly(1, 8, 8);
        assertThatThrownBy(() -> GgufRope.of(new float[] {8, 3, 1, 1}, 10_000))
                .isInstanceOf(InvalidGgufException.class)
                .hasMessageContaining("rope_freqs.weight is not that of Llama 3's scaling");
        assertThatThrownBy(() -> GgufRope.of(new float[] {1, Float.NaN}, 10_000))
                .hasMessageContaining("rope_freqs.weight holds NaN; factors are at least 1");
    }

    private static float[] factors(RopeScaling scaling, double theta, int headDimension) {
        float[] factors = new float[headDimension / 2];
        for (int pair = 0; pair < factors.length; pair++) {
            double frequency = Math.pow(theta, -2.0 * pair / headDimension);
            factors[pair] = (float) (frequency / scaling.frequency(frequency));
        }
        return factors;
    }

    private Path write(ModelConfig config, List<NamedTensor> tensors, String preTokenizer, boolean ignoreMerges)
            throws IOException {
        Path tokenizer = TinyModel.tokenizer(folder.resolve("tokenizer"), preTokenizer, ignoreMerges);
        Path file = folder.resolve("model.gguf");
        Gguf.writeLlama(file, config, tensors, TokenizerFiles.read(tokenizer), "tiny");
        return file;
    }

    @Test
    void licenseIsReadFromItsKey() throws IOException {
        Path licensed = folder.resolve("licensed.gguf");
        new GgufWriter().text("general.license", "apache-2.0").write(licensed);
        assertThat(GgufModel.license(licensed)).contains("apache-2.0");

        Path unlicensed = folder.resolve("unlicensed.gguf");
        new GgufWriter().text("general.name", "tiny").write(unlicensed);
        assertThat(GgufModel.license(unlicensed)).isEmpty();
    }

    private Path converted(Path file) throws IOException {
        Path model = folder.resolve("model");
        GgufModel.writeHuggingFace(file, model, GgufModelTest::copy);
        return model;
    }

    /** Dequantizer for F32: copies. */
    private static void copy(int type, MemorySegment source, MemorySegment target, long elements) {
        assertThat(type).isZero();
        MemorySegment.copy(source, 0, target, 0, elements * ValueLayout.JAVA_FLOAT.byteSize());
    }

    /** Splits a file as llama-gguf-split does: all keys in the first shard, and the tensors distributed in order. */
    private List<Path> split(Path whole, int count) throws IOException {
        List<Path> parts = new ArrayList<>();
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(whole)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            GgufHeader header = GgufReader.read(bytes);
            int size = header.tensors().size();
            for (int part = 0; part < count; part++) {
                GgufWriter writer = new GgufWriter();
                if (part == 0) {
                    header.encoded().forEach(writer::encoded);
                }
                writer.unsigned("split.no", part).unsigned("split.count", count).unsigned("split.tensors.count", size);
                for (GgufHeader.Tensor tensor :
                        header.tensors().subList(size * part / count, size * (part + 1) / count)) {
                    writer.tensor(
                            tensor.name(),
                            tensor.shape().stream().mapToLong(Long::longValue).toArray(),
                            tensor.type(),
                            target -> AtomicFile.append(
                                    target, bytes.asSlice(header.dataStart() + tensor.offset(), tensor.bytes())));
                }
                Path file = folder.resolve(String.format("whole-%05d-of-%05d.gguf", part + 1, count));
                writer.write(file);
                parts.add(file);
            }
        }
        return parts;
    }
}
