package io.rootstock.bench.serving;

import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.bench.BenchmarkData;
import io.rootstock.bench.TextRun;
import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.format.TokenizerWriter;
import io.rootstock.llama.Llama;
import io.rootstock.llama.Quantization;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Models of the throughput benchmark. The first run creates them (about five minutes) in
 * {@code $XDG_CACHE_HOME/rootstock/serving} (else {@code ~/.cache/...}), which is also the home of the measured
 * service.
 */
public final class ServingModels {
    private static final int CONTEXT = 2048;
    private static final int PROMPTS = 256;
    private static final int MIN_PROMPT = 32;
    private static final int MAX_PROMPT_LENGTH = 64;
    private static final int STEPS = 60;
    private static final int ROWS = 4;
    private static final int LENGTH = 128;

    private final Path home;
    private final DirectoryArtifactStore store;

    /** Opens or creates the folder. */
    public ServingModels() throws IOException {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        this.home = Files.createDirectories(base.resolve("rootstock").resolve("serving"));
        this.store = new DirectoryArtifactStore(home.resolve("artifacts"));
    }

    /** Folder of the models and the artifact store. */
    Path home() {
        return home;
    }

    /** Models of 1.1 billion random weights. */
    public List<ServingModel> large() throws IOException {
        return made("random-1b", "1.1 B random weights", List.of(Quantization.Q8_0, Quantization.Q4_K_M), 32_000);
    }

    /** A model of 30 million weights, trained for a few steps. */
    ServingModel small() throws IOException {
        return made("small", "30 M weights, " + STEPS + " steps of training", List.of(Quantization.Q8_0), 8192)
                .getFirst();
    }

    /** A model from a GGUF file, unchanged. */
    ServingModel imported(String name, Path gguf, List<String> prompts) throws IOException {
        Digest digest = store.putFile(gguf);
        return new ServingModel(name, name, ArtifactKind.ARTIFACT_KIND_GGUF_ORIGINAL, digest, gguf, prompts);
    }

    private List<ServingModel> made(String name, String title, List<Quantization> formats, int vocabulary)
            throws IOException {
        for (Quantization format : formats) {
            if (!isMade(name, format)) {
                make(name, formats, vocabulary);
                break;
            }
        }
        List<ServingModel> models = new ArrayList<>();
        for (Quantization format : formats) {
            Digest digest = Digest.parse(Files.readString(record(name, format)).strip());
            ArtifactKind kind = ArtifactKind.valueOf("ARTIFACT_KIND_GGUF_" + format);
            models.add(new ServingModel(
                    record(name, format).getFileName().toString(),
                    title + ", " + format,
                    kind,
                    digest,
                    store.verified(digest),
                    Files.readAllLines(prompts(name))));
        }
        return models;
    }

    private boolean isMade(String name, Quantization format) throws IOException {
        Path record = record(name, format);
        return Files.exists(record)
                && store.contains(Digest.parse(Files.readString(record).strip()));
    }

    /** File with the digest of a model; it is written last. */
    private Path record(String name, Quantization format) {
        return home.resolve(
                name + "-" + format.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    }

    private Path prompts(String name) {
        return home.resolve(name + "-prompts.txt");
    }

    private void make(String name, List<Quantization> formats, int vocabulary) throws IOException {
        System.err.println("making " + name + " in " + home + " (once, some minutes)");
        String text = books();
        Tokenizer tokenizer = TextRun.tokenizer(text, vocabulary);
        Path tokenizerFiles = Files.createDirectories(home.resolve(name + "-tokenizer"));
        TokenizerWriter.write(tokenizer, tokenizerFiles);
        Files.write(prompts(name), prompts(tokenizer, text));
        Path exact = home.resolve(name + "-f32.gguf");
        if (vocabulary > 8192) {
            writeRandom(exact, tokenizer, tokenizerFiles, name);
        } else {
            writeTrained(exact, tokenizer, tokenizerFiles, text, name);
        }
        int threads = Runtime.getRuntime().availableProcessors();
        for (Quantization format : formats) {
            Path file = home.resolve(name + "-" + format + ".gguf");
            Llama.shared().quantize(exact, file, format, threads);
            Digest digest = store.putFile(file);
            Files.delete(file);
            Files.writeString(record(name, format), digest.value());
        }
        Files.delete(exact);
    }

    private static void writeRandom(Path file, Tokenizer tokenizer, Path tokenizerFiles, String name)
            throws IOException {
        ModelConfig config = config(tokenizer, 2048, 16, 32, 8, 8192);
        try (Arena arena = Arena.ofConfined()) {
            List<NamedTensor> tensors = new RandomWeights(config.shape(), arena, 42).tensors();
            sayOnlyLetters(tensors, tokenizer);
            Gguf.writeLlama(file, config, tensors, TokenizerFiles.read(tokenizerFiles), name);
        }
    }

    /** Zeroes the logits of all tokens but printable ASCII, so that greedy decoding streams each token as a message. */
    private static void sayOnlyLetters(List<NamedTensor> tensors, Tokenizer tokenizer) {
        NamedTensor head = tensors.stream()
                .filter(tensor -> tensor.name().equals(LlamaTensors.HEAD))
                .findFirst()
                .orElseThrow();
        long rowBytes = head.shape()[1] * Float.BYTES;
        for (int token = 0; token < tokenizer.size(); token++) {
            String text = new String(tokenizer.decode(new int[] {token}, true), StandardCharsets.ISO_8859_1);
            if (!text.matches("[ -~]+")) {
                head.float32().asSlice(token * rowBytes, rowBytes).fill((byte) 0);
            }
        }
    }

    private static void writeTrained(Path file, Tokenizer tokenizer, Path tokenizerFiles, String text, String name)
            throws IOException {
        ModelConfig config = config(tokenizer, 512, 8, 8, 4, 1536);
        int[] tokens = tokenizer.encode(text, SpecialTokenPolicy.AS_TEXT);
        Optimizer.Settings settings = new Optimizer.Settings(0.9, 0.95, 1e-8, 0.1, 1.0);
        SplittableRandom random = new SplittableRandom(42);
        try (Engine engine = Engine.create(
                config.shape(), Precision.FLOAT32, Runtime.getRuntime().availableProcessors())) {
            engine.initialize(42);
            for (int step = 0; step < STEPS; step++) {
                int[] inputs = new int[ROWS * LENGTH];
                int[] targets = new int[ROWS * LENGTH];
                for (int row = 0; row < ROWS; row++) {
                    int start = random.nextInt(tokens.length - LENGTH - 1);
                    System.arraycopy(tokens, start, inputs, row * LENGTH, LENGTH);
                    System.arraycopy(tokens, start + 1, targets, row * LENGTH, LENGTH);
                }
                double rate = 1e-3 * Math.min(1, (step + 1) / 10.0);
                engine.step(List.of(new LanguageBatch(ROWS, LENGTH, inputs, targets)), rate, settings);
            }
            List<NamedTensor> tensors = engine.parameters().stream()
                    .map(parameter -> new NamedTensor(parameter.name(), parameter.shape(), parameter.values()))
                    .toList();
            Gguf.writeLlama(file, config, tensors, TokenizerFiles.read(tokenizerFiles), name);
        }
    }

    private static ModelConfig config(
            Tokenizer tokenizer, int dimension, int layers, int heads, int keyValueHeads, int feedForward) {
        ModelShape shape = new ModelShape(
                tokenizer.size(),
                dimension,
                layers,
                heads,
                keyValueHeads,
                feedForward,
                CONTEXT,
                ModelShape.NORM_EPSILON,
                10_000,
                false,
                0);
        return new ModelConfig(
                shape,
                tokenizer.specialTokenId(SpecialToken.BEGIN_OF_TEXT).orElseThrow(),
                tokenizer.specialTokenId(SpecialToken.END_OF_TEXT).orElseThrow());
    }

    /** Returns pieces of the text of 32 to 64 tokens, one per line. */
    private static List<String> prompts(Tokenizer tokenizer, String text) {
        SplittableRandom random = new SplittableRandom(7);
        List<String> prompts = new ArrayList<>();
        while (prompts.size() < PROMPTS) {
            int start = random.nextInt(text.length() - 400);
            int[] tokens = tokenizer.encode(text.substring(start, start + 400), SpecialTokenPolicy.AS_TEXT);
            int length = Math.min(random.nextInt(MIN_PROMPT, MAX_PROMPT_LENGTH), tokens.length);
            byte[] bytes = tokenizer.decode(java.util.Arrays.copyOf(tokens, length), true);
            String prompt = new String(bytes, StandardCharsets.UTF_8)
                    .replaceAll("\\s+", " ")
                    .strip();
            // The service adds BOS.
            int again = tokenizer.encode(prompt, SpecialTokenPolicy.AS_TEXT).length + 1;
            if (again >= MIN_PROMPT
                    && again <= MAX_PROMPT_LENGTH
                    && prompt.chars().allMatch(c -> c < 127)) {
                prompts.add(prompt);
            }
        }
        return prompts;
    }

    private static String books() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String book : List.of("moby-dick.txt", "sherlock-holmes.txt", "war-and-peace.txt")) {
            text.append(Files.readString(BenchmarkData.file("books").resolve(book)))
                    .append('\n');
        }
        return text.toString();
    }
}
