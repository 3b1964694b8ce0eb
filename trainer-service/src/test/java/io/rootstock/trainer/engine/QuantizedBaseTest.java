package io.rootstock.trainer.engine;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.collectives.Collectives;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.Quantization;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.data.Bases;
import io.rootstock.trainer.data.ByteTokenizer;
import io.rootstock.trainer.data.QuantizedBase;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.model.AdapterTarget;
import io.rootstock.trainer.engine.model.ParameterView;
import io.rootstock.trainer.engine.model.QuantizedTensor;
import io.rootstock.trainer.engine.model.QuantizedWeights;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Training beside quantized matrices, compared with training beside the dequantized matrices. */
class QuantizedBaseTest {
    private static final Tuning.LowRank ADAPTERS = new Tuning.LowRank(4, 8, false, EnumSet.allOf(AdapterTarget.class));
    private static final Optimizer.Settings SETTINGS = new Optimizer.Settings(0.9, 0.95, 1e-8, 0.1, 1);

    @TempDir
    static Path home;

    private static Path tokenizer;

    /** Tied and untied models of llama (permuted rows) and qwen2 (biases); Q4_K_M mixes Q4_K and Q6_K. */
    static Stream<Arguments> files() {
        return Bases.blockWide().keySet().stream()
                .flatMap(family -> Stream.of(Quantization.values()).map(type -> Arguments.of(family, type)));
    }

    @BeforeAll
    static void quantize() throws Exception {
        DirectoryArtifactStore store = new DirectoryArtifactStore(home.resolve("store"));
        tokenizer = store.materialize(ByteTokenizer.store(store), home.resolve("tokenizer"));
        for (Map.Entry<String, ModelConfig> base : Bases.blockWide().entrySet()) {
            Path exact = store.verified(Bases.gguf(store, base.getValue()));
            for (Quantization type : Quantization.values()) {
                Llama.shared().quantize(exact, file(base.getKey(), type), type, 1);
            }
        }
    }

    private static Path file(String family, Quantization type) {
        return home.resolve(family + "-" + type + ".gguf");
    }

    @ParameterizedTest
    @MethodSource("files")
    void logitsLossAndGradientMatchDequantizedWeights(String family, Quantization type) {
        try (QuantizedBase base = QuantizedBase.open(file(family, type))) {
            ModelShape shape = shape(family);
            Batch batch = Samples.batch(shape, 3, 40, 1);
            for (Precision precision : Precision.values()) {
                try (Engine quantized = quantized(base, shape, precision, 2);
                        Engine dense = dense(base, shape, precision, 2)) {
                    randomAdapters(quantized);
                    randomAdapters(dense);
                    double tolerance = switch (precision) {
                        case FLOAT64 -> 1e-12;
                        case FLOAT32 -> 1e-5;
                        case BFLOAT16 -> 0.02;
                    };
                    double[] expected = doubles(dense.logits((LanguageBatch) batch));
                    double[] actual = doubles(quantized.logits((LanguageBatch) batch));
                    assertThat(Samples.largestDifference(actual, expected))
                            .as(precision + " logits")
                            .isLessThan(tolerance * Samples.largest(expected));
                    StepResult loss = dense.gradient(List.of(batch));
                    StepResult same = quantized.gradient(List.of(batch));
                    assertThat(Math.abs(same.lossSum() / loss.lossSum() - 1)).isLessThan(tolerance);
                    assertThat(Samples.largest(dense.lastGradient())).isGreaterThan(0.01);
                    assertThat(Samples.largestDifference(quantized.lastGradient(), dense.lastGradient()))
                            .as(precision + " gradient")
                            .isLessThan(2 * tolerance * Samples.largest(dense.lastGradient()));
                }
            }
        }
    }

    /**
     * llama.cpp rounds activations to 8-bit blocks (float16 for F16 weights) before matrix products with quantized weights;
     * the trainer does not. With the dequantized weights in an F32 file, llama.cpp's logits equal the trainer's.
     */
    @ParameterizedTest
    @MethodSource("files")
    void logitsMatchLlamaCppUpToItsRoundingOfActivations(String family, Quantization type) throws IOException {
        ModelShape shape = shape(family);
        LanguageBatch batch = (LanguageBatch) Samples.batch(shape, 1, 48, 1);
        Path dequantized = home.resolve(family + "-" + type + "-dequantized.gguf");
        try (QuantizedBase base = QuantizedBase.open(file(family, type));
                Engine engine = quantized(base, shape, Precision.FLOAT32, 1);
                Engine dense = dense(base, shape, Precision.FLOAT32, 1)) {
            List<NamedTensor> tensors = dense.parameters().stream()
                    .map(view -> new NamedTensor(view.name(), view.shape(), view.values()))
                    .toList();
            Gguf.writeLlama(
                    dequantized, Bases.blockWide().get(family), tensors, TokenizerFiles.read(tokenizer), "dequantized");
            double[] ours = doubles(engine.logits(batch));
            double[] exact = llamaLogits(dequantized, batch);
            double[] rounded = llamaLogits(file(family, type), batch);
            double rounding = relativeDifference(rounded, exact);
            assertThat(relativeDifference(ours, exact)).isLessThan(2e-5);
            assertThat(rounding).isBetween(1e-4, type == Quantization.F16 ? 1e-3 : 0.04);
            assertThat(relativeDifference(rounded, ours)).isCloseTo(rounding, within(2e-5));
        }
    }

    private static double[] llamaLogits(Path file, LanguageBatch batch) {
        try (LlamaModel model = Llama.shared().load(file);
                LlamaContext context = model.context(ContextOptions.generation(1, 64, 1, true));
                io.rootstock.llama.Batch tokens = context.batch()) {
            for (int position = 0; position < batch.length(); position++) {
                tokens.add(batch.tokens()[position], position, 0, true);
            }
            context.decode(tokens);
            return IntStream.range(0, batch.length())
                    .mapToObj(context::logits)
                    .flatMapToDouble(logits -> Arrays.stream(doubles(logits)))
                    .toArray();
        }
    }

    /** RMS of the differences divided by the RMS of the second array. */
    private static double relativeDifference(double[] left, double[] right) {
        double differences = 0;
        double squares = 0;
        for (int index = 0; index < right.length; index++) {
            differences += (left[index] - right[index]) * (left[index] - right[index]);
            squares += right[index] * right[index];
        }
        return Math.sqrt(differences / squares);
    }

    @Test
    void stepsReduceTheLossAndFreeTheirTensors() {
        long before = Tensor.live();
        try (QuantizedBase base = QuantizedBase.open(file("llama", Quantization.Q4_K_M))) {
            ModelShape shape = shape("llama");
            Batch batch = Samples.batch(shape, 4, 32, 1);
            try (Engine engine = quantized(base, shape, Precision.FLOAT32, 2)) {
                double first = engine.loss(batch).mean();
                engine.step(List.of(batch), 0.01, SETTINGS);
                long resident = Tensor.live();
                for (int step = 0; step < 20; step++) {
                    engine.step(List.of(batch), 0.01, SETTINGS);
                }
                assertThat(Tensor.live()).isEqualTo(resident);
                assertThat(engine.loss(batch).mean()).isLessThan(0.9 * first);
            }
        }
        assertThat(Tensor.live()).isEqualTo(before);
    }

    @Test
    void theSameStepsGiveTheSameBits() {
        try (QuantizedBase base = QuantizedBase.open(file("qwen2", Quantization.Q8_0))) {
            assertThat(weightsAfterSteps(base, 3)).isEqualTo(weightsAfterSteps(base, 0));
        }
    }

    private static float[] weightsAfterSteps(QuantizedBase base, int replacedAfter) {
        ModelShape shape = shape("qwen2");
        Engine engine = quantized(base, shape, Precision.BFLOAT16, 2);
        try {
            for (int step = 1; step <= 5; step++) {
                engine.step(List.of(Samples.batch(shape, 3, 24, step)), 0.01, SETTINGS);
                if (step == replacedAfter) {
                    Engine next = quantized(base, shape, Precision.BFLOAT16, 2);
                    next.masterWeights().copyFrom(engine.masterWeights());
                    next.firstMoment().copyFrom(engine.firstMoment());
                    next.secondMoment().copyFrom(engine.secondMoment());
                    next.setOptimizerStep(engine.optimizerStep());
                    next.weightsChanged();
                    engine.close();
                    engine = next;
                }
            }
            return engine.masterWeights().toArray(JAVA_FLOAT);
        } finally {
            engine.close();
        }
    }

    @Test
    void onlyNormsAndBiasesAreFloat() {
        try (QuantizedBase base = QuantizedBase.open(file("qwen2", Quantization.Q4_K_M));
                Engine engine = quantized(base, shape("qwen2"), Precision.BFLOAT16, 1)) {
            assertThat(engine.parameters()).isNotEmpty().allMatch(view -> view.shape().length == 1);
            assertThat(engine.trainedParameters())
                    .isNotEmpty()
                    .allMatch(view -> view.name().contains(".lora_"));
        }
    }

    @Test
    void fullTuningAndOtherModelsWeightsAreRejected() {
        try (QuantizedBase base = QuantizedBase.open(file("llama", Quantization.Q8_0))) {
            Execution execution = Execution.of(Precision.FLOAT32, 1);
            Optional<QuantizedWeights> weights = Optional.of(base.matrices());
            assertThatThrownBy(() ->
                            Engine.create(shape("llama"), new Tuning.Full(), execution, Collectives.alone(), weights))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("only adapters can be trained");
            assertThatThrownBy(() -> Engine.create(shape("qwen2"), ADAPTERS, execution, Collectives.alone(), weights))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("lm_head.weight");
        }
    }

    private static ModelShape shape(String family) {
        return Bases.blockWide().get(family).shape();
    }

    private static Engine quantized(QuantizedBase base, ModelShape shape, Precision precision, int threads) {
        Engine engine = Engine.create(
                shape, ADAPTERS, Execution.of(precision, threads), Collectives.alone(), Optional.of(base.matrices()));
        engine.initialize(7);
        Map<String, MemorySegment> vectors = new HashMap<>();
        base.vectors().forEach(vector -> vectors.put(vector.name(), vector.float32()));
        engine.parameters().forEach(view -> copy(vectors.get(view.name()), view, precision));
        engine.weightsChanged();
        return engine;
    }

    /** The model with all matrices dequantized. */
    private static Engine dense(QuantizedBase base, ModelShape shape, Precision precision, int threads) {
        Engine engine = Engine.create(shape, ADAPTERS, Execution.of(precision, threads));
        engine.initialize(7);
        Map<String, MemorySegment> vectors = new HashMap<>();
        base.vectors().forEach(vector -> vectors.put(vector.name(), vector.float32()));
        try (Arena arena = Arena.ofConfined()) {
            for (ParameterView view : engine.parameters()) {
                MemorySegment values = vectors.get(view.name());
                if (values == null) {
                    QuantizedTensor matrix = base.matrices().matrices().get(view.name());
                    values = arena.allocate(4 * view.elements(), 4);
                    matrix.dequantize(0, matrix.rows(), values);
                }
                copy(values, view, precision);
            }
        }
        engine.weightsChanged();
        return engine;
    }

    private static void copy(MemorySegment floats, ParameterView view, Precision precision) {
        for (long index = 0; index < view.elements(); index++) {
            set(view, index, floats.getAtIndex(JAVA_FLOAT, index), precision);
        }
    }

    private static void randomAdapters(Engine engine) {
        SplittableRandom random = new SplittableRandom(6);
        Precision precision = engine.masterWeights().byteSize() == 8 * (long) engine.lastGradient().length
                ? Precision.FLOAT64
                : Precision.FLOAT32;
        for (ParameterView view : engine.adapterParameters()) {
            for (long index = 0; index < view.elements(); index++) {
                set(view, index, (float) (0.1 * random.nextGaussian()), precision);
            }
        }
        engine.weightsChanged();
    }

    private static void set(ParameterView view, long index, float value, Precision precision) {
        if (precision == Precision.FLOAT64) {
            view.values().setAtIndex(JAVA_DOUBLE, index, value);
        } else {
            view.values().setAtIndex(JAVA_FLOAT, index, value);
        }
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int index = 0; index < values.length; index++) {
            doubles[index] = values[index];
        }
        return doubles;
    }
}
