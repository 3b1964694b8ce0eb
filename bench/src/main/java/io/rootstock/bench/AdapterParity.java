package io.rootstock.bench;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.checkpoint.gguf.GgufAdapter;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.format.TokenizerWriter;
import io.rootstock.files.FileTree;
import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.LoadedAdapter;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.model.AdapterTarget;
import io.rootstock.trainer.engine.model.ParameterView;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Compares llama.cpp with the trainer on adapters. Low-rank adapters of a model are trained on Shakespeare for a few
 * steps; then the trainer's logits are compared with the logits of llama.cpp with base and adapter, and with the logits
 * of llama.cpp with the merged model.
 */
public final class AdapterParity {
    private static final int VOCABULARY = 512;
    private static final int LENGTH = 96;
    private static final int STEPS = 60;
    private static final int ROWS = 8;
    private static final int PROMPTS = 20;

    private final Tokenizer tokenizer;
    private final int[] text;
    private final Path folder;

    private AdapterParity(String text, Path folder) throws IOException {
        this.tokenizer = TextRun.tokenizer(text, VOCABULARY);
        this.text = tokenizer.encode(text, SpecialTokenPolicy.AS_TEXT);
        this.folder = folder;
        TokenizerWriter.write(tokenizer, Files.createDirectories(folder.resolve("tokenizer")));
    }

    /** Trains, exports and compares; prints a table and the figures. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("adapter-parity");
        try {
            AdapterParity parity =
                    new AdapterParity(Files.readString(BenchmarkData.file("tinyshakespeare.txt")), folder);
            System.out.println("llama.cpp " + Llama.shared().version() + ", F32 weights, keys and values");
            System.out.printf("%-40s %12s %12s %12s%n", "adapter", "moved by", "adapter", "merged");
            double all = parity.compare(new Tuning.LowRank(8, 16, false, EnumSet.allOf(AdapterTarget.class)));
            double some = parity.compare(
                    new Tuning.LowRank(5, 7, true, EnumSet.of(AdapterTarget.QUERY, AdapterTarget.VALUE)));
            System.out.printf(Locale.ROOT, "max_abs_logit_difference=%.3e%n", Math.max(all, some));
        } finally {
            FileTree.delete(folder);
        }
    }

    private double compare(Tuning.LowRank tuning) throws IOException {
        ModelShape shape =
                new ModelShape(VOCABULARY, 192, 4, 6, 2, 512, 2 * LENGTH, ModelShape.NORM_EPSILON, 10_000, true, 0);
        int threads = Runtime.getRuntime().availableProcessors();
        try (Engine engine = Engine.create(shape, Precision.FLOAT32, threads, tuning)) {
            engine.initialize(42);
            Path base = model("base", shape, engine.parameters());
            float[][] before = logits(engine);
            learn(engine);
            float[][] expected = logits(engine);
            Path merged = model("merged", shape, engine.mergeAdapters());
            Path adapter = folder.resolve("adapter.gguf");
            GgufAdapter.write(adapter, shape, adapter(engine, tuning), "adapter");
            double withAdapter = largest(expected, llama(base, adapter));
            double withMerged = largest(expected, llama(merged, null));
            System.out.printf(
                    Locale.ROOT,
                    "rank %d, alpha %.0f, %-23s %12.3e %12.3e %12.3e%n",
                    tuning.rank(),
                    tuning.alpha(),
                    tuning.targets().size() + " matrices a layer" + (tuning.rankStabilized() ? ", rs" : ""),
                    largest(expected, before),
                    withAdapter,
                    withMerged);
            return Math.max(withAdapter, withMerged);
        }
    }

    private void learn(Engine engine) {
        SplittableRandom random = new SplittableRandom(1);
        Optimizer.Settings settings = new Optimizer.Settings(0.9, 0.95, 1e-8, 0, 1);
        for (int step = 0; step < STEPS; step++) {
            int[] tokens = new int[ROWS * LENGTH];
            int[] targets = new int[ROWS * LENGTH];
            for (int row = 0; row < ROWS; row++) {
                int start = random.nextInt(text.length - LENGTH - 1);
                System.arraycopy(text, start, tokens, row * LENGTH, LENGTH);
                System.arraycopy(text, start + 1, targets, row * LENGTH, LENGTH);
            }
            engine.step(List.of(new LanguageBatch(ROWS, LENGTH, tokens, targets)), 0.01, settings);
        }
    }

    private float[][] logits(Engine engine) {
        float[][] logits = new float[PROMPTS][];
        for (int prompt = 0; prompt < PROMPTS; prompt++) {
            int[] tokens = prompt(prompt);
            logits[prompt] = engine.logits(new LanguageBatch(1, LENGTH, tokens, tokens));
        }
        return logits;
    }

    private float[][] llama(Path gguf, Path adapterFile) {
        float[][] logits = new float[PROMPTS][LENGTH * VOCABULARY];
        try (LlamaModel model = Llama.shared().load(gguf);
                LoadedAdapter adapter = adapterFile == null ? null : model.loadAdapter(adapterFile);
                LlamaContext context = model.context(ContextOptions.generation(1, 2 * LENGTH, 1, true));
                Batch batch = context.batch()) {
            if (adapter != null) {
                context.use(adapter, 1);
            }
            for (int prompt = 0; prompt < PROMPTS; prompt++) {
                context.clear();
                batch.clear();
                int[] tokens = prompt(prompt);
                for (int position = 0; position < LENGTH; position++) {
                    batch.add(tokens[position], position, 0, true);
                }
                context.decode(batch);
                for (int position = 0; position < LENGTH; position++) {
                    System.arraycopy(context.logits(position), 0, logits[prompt], position * VOCABULARY, VOCABULARY);
                }
            }
        }
        return logits;
    }

    private int[] prompt(int number) {
        int[] tokens = new int[LENGTH];
        System.arraycopy(text, number * 1000, tokens, 0, LENGTH);
        return tokens;
    }

    private static PeftAdapter adapter(Engine engine, Tuning.LowRank tuning) {
        return new PeftAdapter(
                tuning.rank(),
                tuning.alpha(),
                tuning.rankStabilized(),
                tuning.targets().stream().map(AdapterTarget::module).toList(),
                ExportedModel.tensors(engine.adapterParameters()));
    }

    private Path model(String name, ModelShape shape, List<ParameterView> parameters) throws IOException {
        Path gguf = folder.resolve(name + ".gguf");
        TokenizerFiles files = TokenizerFiles.read(folder.resolve("tokenizer"));
        Gguf.writeLlama(gguf, ExportedModel.config(shape, tokenizer), ExportedModel.tensors(parameters), files, name);
        return gguf;
    }

    private static double largest(float[][] left, float[][] right) {
        double largest = 0;
        for (int prompt = 0; prompt < left.length; prompt++) {
            for (int index = 0; index < left[prompt].length; index++) {
                largest = Math.max(largest, Math.abs(left[prompt][index] - right[prompt][index]));
            }
        }
        return largest;
    }
}
