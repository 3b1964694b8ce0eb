package io.rootstock.bench;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.checkpoint.gguf.GgufValidator;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.format.TokenizerWriter;
import io.rootstock.files.FileTree;
import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.StepResult;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Compares llama.cpp with the trainer. Two models (grouped and plain attention, untied and tied embeddings) are trained
 * on Shakespeare for a few steps, so that their continuations are not random, and exported as GGUF; then both sides
 * compute 100 prompts from the held-out text: the logits of every position and 32 greedy tokens.
 */
public final class GgufParity {
    private static final int PROMPTS = 100;
    private static final int CONTINUATION = 32;
    private static final int VOCABULARY = 512;
    private static final int CONTEXT = 160;
    private static final int MAX_PROMPT_LENGTH = 96;
    private static final int STEPS = 120;
    private static final int ROWS = 8;
    private static final int LENGTH = 128;
    private static final double TRAIN_SHARE = 0.9;

    private final Tokenizer tokenizer;
    private final int[] train;
    private final String heldOut;
    private final Path folder;

    private GgufParity(String text, Path folder) {
        int border = (int) (text.length() * TRAIN_SHARE);
        this.tokenizer = TextRun.tokenizer(text.substring(0, border), VOCABULARY);
        this.train = tokenizer.encode(text.substring(0, border), SpecialTokenPolicy.AS_TEXT);
        this.heldOut = text.substring(border);
        this.folder = folder;
    }

    /** Trains, exports and compares; prints a table and the figures. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("gguf-parity");
        try {
            GgufParity parity = new GgufParity(Files.readString(BenchmarkData.file("tinyshakespeare.txt")), folder);
            System.out.println("llama.cpp " + Llama.shared().version() + ", F32 weights, keys and values");
            System.out.printf(
                    "%-34s %10s %9s %10s %12s %12s%n",
                    "model", "parameters", "positions", "same split", "max |diff|", "same greedy");
            Outcome grouped = parity.compare("grouped attention, untied output", shape(6, 2, false));
            Outcome plain = parity.compare("plain attention, tied output", shape(6, 6, true));
            System.out.printf(
                    Locale.ROOT,
                    "max_abs_logit_difference=%.3e%nidentical_continuations=%s%n",
                    Math.max(grouped.difference, plain.difference),
                    (grouped.identical + plain.identical) / (double) PROMPTS);
        } finally {
            FileTree.delete(folder);
        }
    }

    private record Outcome(double difference, int identical) {}

    private static ModelShape shape(int heads, int keyValueHeads, boolean tied) {
        return new ModelShape(
                VOCABULARY, 192, 4, heads, keyValueHeads, 512, CONTEXT, ModelShape.NORM_EPSILON, 10_000, tied, 0);
    }

    private Outcome compare(String name, ModelShape shape) throws IOException {
        try (Engine engine =
                Engine.create(shape, Precision.FLOAT32, Runtime.getRuntime().availableProcessors())) {
            learn(engine);
            Path gguf = export(engine, name);
            try (LlamaModel model = Llama.shared().load(gguf);
                    LlamaContext context = model.context(ContextOptions.generation(1, CONTEXT, 1, true));
                    Batch batch = context.batch()) {
                return compare(name, model, new TwoSides(engine, context, batch));
            }
        }
    }

    private Outcome compare(String name, LlamaModel model, TwoSides sides) {
        SplittableRandom random = new SplittableRandom(7);
        double difference = 0;
        int positions = 0;
        int sameSplit = 0;
        int identical = 0;
        int prompts = PROMPTS / 2;
        for (int i = 0; i < prompts; i++) {
            int start = random.nextInt(heldOut.length() - 400);
            String text = heldOut.substring(start, start + random.nextInt(20, 200));
            int[] tokens = tokenizer.encode(text, SpecialTokenPolicy.AS_TEXT);
            sameSplit += Arrays.equals(tokens, model.tokenize(text, false)) ? 1 : 0;
            int[] prompt = new int[Math.min(MAX_PROMPT_LENGTH, tokens.length + 1)];
            prompt[0] = special(SpecialToken.BEGIN_OF_TEXT);
            System.arraycopy(tokens, 0, prompt, 1, prompt.length - 1);
            difference = Math.max(difference, sides.largestDifference(prompt));
            positions += prompt.length;
            identical += sides.equalGreedyTokens(prompt, CONTINUATION) ? 1 : 0;
        }
        long parameters = sides.engine().parameters().stream()
                .mapToLong(parameter -> parameter.elements())
                .sum();
        System.out.printf(
                Locale.ROOT,
                "%-34s %10d %9d %10s %12.3e %12s%n",
                name,
                parameters,
                positions,
                sameSplit + "/" + prompts,
                difference,
                identical + "/" + prompts);
        return new Outcome(difference, identical);
    }

    /** Trains a few steps on random pieces of the text. */
    private void learn(Engine engine) {
        engine.initialize(42);
        SplittableRandom random = new SplittableRandom(42);
        Optimizer.Settings settings = new Optimizer.Settings(0.9, 0.95, 1e-8, 0.1, 1.0);
        for (int step = 0; step < STEPS; step++) {
            int[] tokens = new int[ROWS * LENGTH];
            int[] targets = new int[ROWS * LENGTH];
            for (int row = 0; row < ROWS; row++) {
                int start = random.nextInt(train.length - LENGTH - 1);
                System.arraycopy(train, start, tokens, row * LENGTH, LENGTH);
                System.arraycopy(train, start + 1, targets, row * LENGTH, LENGTH);
                // As in training, every piece begins with BOS.
                tokens[row * LENGTH] = special(SpecialToken.BEGIN_OF_TEXT);
            }
            double rate = 3e-3 * Math.min(1, (step + 1) / 20.0);
            StepResult result = engine.step(List.of(new LanguageBatch(ROWS, LENGTH, tokens, targets)), rate, settings);
            System.err.printf(Locale.ROOT, "\rstep %d of %d, loss %.3f   ", step + 1, STEPS, result.meanLoss());
        }
        System.err.println();
    }

    private Path export(Engine engine, String name) throws IOException {
        Path files = Files.createDirectories(folder.resolve("tokenizer"));
        TokenizerWriter.write(tokenizer, files);
        Path gguf = folder.resolve(name.replaceAll("[ ,]+", "-") + ".gguf");
        Gguf.writeLlama(
                gguf,
                ExportedModel.config(engine.shape(), tokenizer),
                ExportedModel.tensors(engine.parameters()),
                TokenizerFiles.read(files),
                "parity");
        GgufValidator.validate(gguf);
        return gguf;
    }

    private int special(String text) {
        return tokenizer.specialTokenId(text).orElseThrow();
    }
}
