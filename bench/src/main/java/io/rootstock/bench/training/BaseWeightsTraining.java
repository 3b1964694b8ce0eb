package io.rootstock.bench.training;

import io.rootstock.bench.rounds.Samples;
import io.rootstock.bench.rounds.SideBySide;
import io.rootstock.bench.serving.ServingModels;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.files.FileTree;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.model.Recomputation;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Trains adapters of rank 8 on a 1.1 B base in Q4_K_M: on the file's quantized weights and on the same weights in
 * float, alternating, each in a process of its own. The largest resident memory is the kernel's VmHWM, mapped pages
 * included.
 */
public final class BaseWeightsTraining {
    private static final int ROWS = 4;
    private static final int LENGTH = 256;
    private static final int STEPS = 2;
    private static final int ROUNDS = 2;
    private static final String RESULT = "side ";
    private static final String PARITY = "parity ";

    private final Path gguf;
    private final Path folder;
    private Outcome quantized;
    private Outcome floats;

    private BaseWeightsTraining(Path gguf, Path folder) {
        this.gguf = gguf;
        this.folder = folder;
    }

    /** Output of a process; of several processes the fastest, with the largest memory. */
    private record Outcome(
            double tokensPerCpuSecond,
            double tokensPerSecond,
            double first,
            double last,
            long peak,
            long anon,
            long file) {
        static Outcome parse(String line) {
            String[] words = line.substring(RESULT.length()).split(" ", -1);
            return new Outcome(
                    Double.parseDouble(words[0]),
                    Double.parseDouble(words[1]),
                    Double.parseDouble(words[2]),
                    Double.parseDouble(words[3]),
                    Long.parseLong(words[4]),
                    Long.parseLong(words[5]),
                    Long.parseLong(words[6]));
        }

        Outcome best(Outcome other) {
            Outcome faster = other.tokensPerCpuSecond > tokensPerCpuSecond ? other : this;
            Outcome larger = other.peak > peak ? other : this;
            return new Outcome(
                    faster.tokensPerCpuSecond,
                    faster.tokensPerSecond,
                    first,
                    last,
                    larger.peak,
                    larger.anon,
                    larger.file);
        }
    }

    /** Arguments: {@code --quick} omits float32; a GGUF file replaces the random model; both are optional. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean quick = List.of(arguments).contains("--quick");
        Path gguf = List.of(arguments).stream()
                .filter(argument -> argument.endsWith(".gguf"))
                .map(Path::of)
                .findFirst()
                .orElseGet(BaseWeightsTraining::randomModel);
        Path folder = Files.createTempDirectory("base-weights");
        try {
            new BaseWeightsTraining(gguf.toAbsolutePath(), folder).run(quick);
        } finally {
            FileTree.delete(folder);
        }
    }

    private static Path randomModel() {
        try {
            return new ServingModels()
                    .large().stream()
                            .filter(model -> model.kind() == ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M)
                            .findFirst()
                            .orElseThrow()
                            .file();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(boolean quick) throws IOException, InterruptedException {
        System.out.printf(
                Locale.ROOT,
                "%s, %d MB; rank 8 beside all matrices, %d rows of %d tokens a step, two threads%n",
                gguf.getFileName(),
                Files.size(gguf) / 1_000_000,
                ROWS,
                LENGTH);
        System.out.printf(
                Locale.ROOT,
                "%-10s %-10s %-10s %12s %10s %9s %9s %9s %11s%n",
                "weights",
                "products",
                "recompute",
                "tokens/CPU s",
                "tokens/s",
                "peak MB",
                "anon MB",
                "file MB",
                "loss");
        String[] parity = result(BaseWeightsParity.program(gguf), PARITY).split(" ", -1);
        double cpuRatio = compare(Precision.BFLOAT16, Recomputation.NONE);
        Outcome smallest = measure(BaseWeightsSide.Kind.QUANTIZED, Precision.BFLOAT16, Recomputation.BLOCK);
        print(BaseWeightsSide.Kind.QUANTIZED, Precision.BFLOAT16, Recomputation.BLOCK, smallest);
        double float32Ratio = quick ? 0 : compare(Precision.FLOAT32, Recomputation.NONE);
        System.out.printf(
                Locale.ROOT,
                "cpu_ratio=%.3f%nmemory_ratio=%.3f%npeak_mb=%d%nrecompute_peak_mb=%d%nloss_difference=%.6f%n"
                        + "llama_rounding=%s%nllama_logprob_difference=%s%nllama_argmax_equal=%s%n",
                cpuRatio,
                (double) quantized.peak / floats.peak,
                quantized.peak / 1_000_000,
                smallest.peak / 1_000_000,
                Math.abs(quantized.first - floats.first),
                parity[1],
                parity[2],
                parity[3]);
        if (!quick) {
            System.out.printf(Locale.ROOT, "float32_cpu_ratio=%.3f%n", float32Ratio);
        }
    }

    /** Returns the ratio of tokens per CPU second with quantized weights to those with float weights. */
    private double compare(Precision precision, Recomputation recomputation) throws IOException, InterruptedException {
        List<Samples<Outcome>> outcomes = SideBySide.run(
                0,
                ROUNDS,
                List.of(
                        () -> measure(BaseWeightsSide.Kind.QUANTIZED, precision, recomputation),
                        () -> measure(BaseWeightsSide.Kind.FLOAT, precision, recomputation)));
        Outcome small =
                outcomes.getFirst().results().stream().reduce(Outcome::best).orElseThrow();
        Outcome large =
                outcomes.getLast().results().stream().reduce(Outcome::best).orElseThrow();
        print(BaseWeightsSide.Kind.QUANTIZED, precision, recomputation, small);
        print(BaseWeightsSide.Kind.FLOAT, precision, recomputation, large);
        if (precision == Precision.BFLOAT16) {
            quantized = small;
            floats = large;
        }
        return small.tokensPerCpuSecond / large.tokensPerCpuSecond;
    }

    private static void print(
            BaseWeightsSide.Kind kind, Precision precision, Recomputation recomputation, Outcome outcome) {
        System.out.printf(
                Locale.ROOT,
                "%-10s %-10s %-10s %12.1f %10.1f %9d %9d %9d %11.5f%n",
                kind,
                precision,
                recomputation,
                outcome.tokensPerCpuSecond,
                outcome.tokensPerSecond,
                outcome.peak / 1_000_000,
                outcome.anon / 1_000_000,
                outcome.file / 1_000_000,
                outcome.first);
    }

    private Outcome measure(BaseWeightsSide.Kind kind, Precision precision, Recomputation recomputation)
            throws IOException, InterruptedException {
        return Outcome.parse(
                result(BaseWeightsSide.program(gguf, kind, precision, recomputation, ROWS, LENGTH, STEPS), RESULT));
    }

    private String result(List<String> program, String beginning) throws IOException, InterruptedException {
        Process process = new JavaWorkerLauncher(home(), folder, "256m", List.of(), MpiLauncher.HYDRA)
                .builder(program)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(program + " ended with " + process.exitValue() + ": " + output);
        }
        return output.lines()
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElseThrow();
    }

    private static Path home() {
        String named = System.getenv("ROOTSTOCK_HOME");
        return named == null || named.isBlank()
                ? Path.of(System.getProperty("user.home"), ".rootstock")
                : Path.of(named).toAbsolutePath();
    }
}
