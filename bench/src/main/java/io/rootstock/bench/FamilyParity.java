package io.rootstock.bench;

import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.checkpoint.gguf.GgufValidator;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.model.ParameterView;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Java half of {@code bench/parity/families}: reads the directories written by {@code families_reference.py}, and
 * compares the trainer's logits with PyTorch's, its loss in float64 with PyTorch's, and llama.cpp's logits and greedy
 * continuations with the trainer's.
 */
public final class FamilyParity {
    private static final int PROMPTS = 12;
    private static final int CONTINUATION = 24;

    private FamilyParity() {}

    private record Outcome(double toTorch, double toLlama, double loss, int identical) {}

    /** Compares; prints a table and the figures. */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        System.out.println("llama.cpp " + Llama.shared().version() + ", F32 weights, keys and values");
        System.out.printf(
                "%-12s %-10s %14s %16s %18s %14s%n",
                "family", "gguf", "max |diff| f32", "loss diff f64", "llama.cpp |diff|", "same greedy");
        double logits = 0;
        double loss = 0;
        int identical = 0;
        List<Path> families;
        try (Stream<Path> all = Files.list(root)) {
            families = all.filter(Files::isDirectory).sorted().toList();
        }
        for (Path family : families) {
            Outcome outcome = compare(family);
            logits = Math.max(logits, Math.max(outcome.toTorch, outcome.toLlama));
            loss = Math.max(loss, outcome.loss);
            identical += outcome.identical;
        }
        System.out.printf(
                Locale.ROOT,
                "families=%d%nmax_abs_logit_difference=%.3e%nmax_loss_difference_f64=%.3e%nidentical_continuations=%s%n",
                families.size(),
                logits,
                loss,
                identical / (double) (PROMPTS * families.size()));
        if (!(logits < 1e-3) || !(loss < 1e-9)) {
            throw new IllegalStateException(
                    "a family's logits differ by more than 1e-3, or its loss by more than 1e-9");
        }
    }

    private static Outcome compare(Path family) throws IOException {
        String name = family.getFileName().toString();
        int[] tokens = Arrays.stream(Files.readString(family.resolveSibling(name + ".tokens"))
                        .split(" ", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        double expectedLoss = Double.parseDouble(Files.readString(family.resolveSibling(name + ".loss")));
        float[] expected = floats(family.resolveSibling(name + ".logits"));
        Path gguf = family.resolveSibling(name + ".gguf");
        try (HuggingFaceDirectory directory = HuggingFaceDirectory.read(family);
                Engine exact = engine(directory, Precision.FLOAT64);
                Engine engine = engine(directory, Precision.FLOAT32)) {
            double toTorch = TwoSides.difference(TwoSides.logits(engine, tokens), expected);
            int last = tokens.length - 1;
            LanguageBatch shifted = new LanguageBatch(
                    1, last, Arrays.copyOf(tokens, last), Arrays.copyOfRange(tokens, 1, tokens.length));
            double loss = Math.abs(exact.loss(shifted).nats() - expectedLoss);
            Gguf.writeLlama(gguf, directory.config(), directory.tensors(), TokenizerFiles.read(family), name);
            String architecture = GgufValidator.validate(gguf).shape().family().architecture();
            try (LlamaModel model = Llama.shared().load(gguf);
                    LlamaContext context = model.context(ContextOptions.generation(
                            1, directory.config().shape().contextLength(), 1, true));
                    Batch batch = context.batch()) {
                TwoSides sides = new TwoSides(engine, context, batch);
                double toLlama = 0;
                int identical = 0;
                for (int prompt = 0; prompt < PROMPTS; prompt++) {
                    int[] part = Arrays.copyOf(tokens, tokens.length - prompt * 3);
                    toLlama = Math.max(toLlama, sides.largestDifference(part));
                    identical += sides.equalGreedyTokens(part, CONTINUATION) ? 1 : 0;
                }
                System.out.printf(
                        Locale.ROOT,
                        "%-12s %-10s %14.3e %16.3e %18.3e %14s%n",
                        name,
                        architecture,
                        toTorch,
                        loss,
                        toLlama,
                        identical + "/" + PROMPTS);
                return new Outcome(toTorch, toLlama, loss, identical);
            }
        }
    }

    private static Engine engine(HuggingFaceDirectory directory, Precision precision) {
        Engine engine = Engine.create(directory.config().shape(), precision, 1);
        Map<String, NamedTensor> tensors = new HashMap<>();
        directory.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
        for (ParameterView parameter : engine.parameters()) {
            float[] values = tensors.get(parameter.name()).toArray();
            for (int index = 0; index < values.length; index++) {
                if (precision == Precision.FLOAT64) {
                    parameter.values().setAtIndex(ValueLayout.JAVA_DOUBLE, index, values[index]);
                } else {
                    parameter.values().setAtIndex(ValueLayout.JAVA_FLOAT, index, values[index]);
                }
            }
        }
        engine.weightsChanged();
        return engine;
    }

    private static float[] floats(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }
}
