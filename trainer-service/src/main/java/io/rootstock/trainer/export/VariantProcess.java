package io.rootstock.trainer.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.gguf.GgufValidator;
import io.rootstock.checkpoint.huggingface.ClassifierHead;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaException;
import io.rootstock.llama.Quantization;
import io.rootstock.sandbox.ExpendableProcess;
import io.rootstock.trainer.v1.GgufFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Main class of the process that creates and measures quantizations:
 * {@code VariantProcess <F32 file> <head, or -> <sample> <folder> <threads> <rows> <variant>...}. Prints lines of JSON:
 * a {@link Stage} before each stage and while rows are measured, and a {@link Result} for each completed quantization;
 * llama.cpp may abort the process at any point. {@code <rows>} is the number of rows that an earlier process measured
 * F32 on, or 0: the measurement of F32 stops after a minute, and the other quantizations are measured on the same rows.
 */
public final class VariantProcess {
    static final String NO_HEAD = "-";
    private static final long MAX_NANOS = 60_000_000_000L;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Result of one quantization.
     *
     * @param error reason of the failure; null on success
     * @param measurement result on the sample; null if the sample has no rows
     * @param answers generated answers to the first rows of the sample, by F32 if the rows are instructions, else empty
     */
    record Result(GgufFile variant, String error, Measurement measurement, List<int[]> answers) {}

    /**
     * Current stage.
     *
     * @param stage description of the stage, such as {@code measure Q8_0}
     * @param done completed share of the stage, 0 to 1
     */
    record Stage(GgufFile variant, String stage, double done) {}

    private final Llama llama;
    private final Path exact;
    private final Path folder;
    private final Sample sample;
    private final Optional<ClassifierHead> head;
    private final int threads;
    private int rows;

    private VariantProcess(String[] arguments) throws IOException {
        llama = Llama.shared();
        exact = Path.of(arguments[0]);
        head = arguments[1].equals(NO_HEAD)
                ? Optional.empty()
                : Optional.of(ClassifierHead.read(Path.of(arguments[1])));
        sample = Sample.read(Path.of(arguments[2]));
        folder = Path.of(arguments[3]);
        threads = Integer.parseInt(arguments[4]);
        rows = Integer.parseInt(arguments[5]);
    }

    /** Creates and measures the quantizations named by the arguments. */
    public static void main(String[] arguments) {
        ExpendableProcess.endWithParent();
        try {
            VariantProcess process = new VariantProcess(arguments);
            for (int i = 6; i < arguments.length; i++) {
                print(process.result(GgufFile.valueOf(arguments[i])));
            }
        } catch (IOException | RuntimeException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** Path of a quantization's file. */
    static Path file(Path folder, GgufFile variant) {
        return folder.resolve("model-" + variant + ".gguf");
    }

    private static void print(Record line) {
        try {
            System.out.println(JSON.writeValueAsString(line));
            if (System.out.checkError()) {
                throw new IllegalStateException("cannot write to standard output");
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a record as JSON", e);
        }
    }

    private Result result(GgufFile variant) {
        try {
            Path file = quantization(variant)
                    .map(quantization -> {
                        print(new Stage(variant, "quantize " + variant, 0));
                        Path target = file(folder, variant);
                        llama.quantize(exact, target, quantization, threads);
                        requireServable(target);
                        return target;
                    })
                    .orElse(exact);
            if (sample.rows().isEmpty()) {
                return new Result(variant, null, null, List.of());
            }
            boolean generates = variant == GgufFile.F32 && sample.instructions();
            Measurement measured = measure(variant, file, generates ? 0.5 : 1);
            List<int[]> answers = generates
                    ? new AnswerGenerator(llama, threads)
                            .generate(file, sample.rows(), done -> print(measuring(variant, 0.5 + 0.5 * done)))
                    : List.of();
            return new Result(variant, null, measured, answers);
        } catch (LlamaException | InvalidCheckpointException e) {
            return new Result(variant, e.getMessage(), null, List.of());
        }
    }

    /** Quantization of llama.cpp that creates the file; empty for F32. */
    private static Optional<Quantization> quantization(GgufFile variant) {
        return switch (variant) {
            case F32 -> Optional.empty();
            case F16 -> Optional.of(Quantization.F16);
            case Q8_0 -> Optional.of(Quantization.Q8_0);
            case Q4_K_M -> Optional.of(Quantization.Q4_K_M);
            case ORIGINAL -> throw new IllegalArgumentException("the original file is not made");
        };
    }

    /** Applies the validation of the inference service. */
    private static void requireServable(Path file) {
        try {
            GgufValidator.validate(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static Stage measuring(GgufFile variant, double done) {
        return new Stage(variant, "measure " + variant, done);
    }

    /** @param share share of the stage that the measurement completes, 0 to 1 */
    private Measurement measure(GgufFile variant, Path file, double share) {
        print(measuring(variant, 0));
        VariantEvaluator.Limit limit = rows > 0
                ? new VariantEvaluator.Limit(rows, Long.MAX_VALUE)
                : new VariantEvaluator.Limit(sample.rows().size(), MAX_NANOS);
        Measurement measured = new VariantEvaluator(llama, sample, head, threads)
                .measure(file, limit, done -> print(measuring(variant, share * done)));
        rows = measured.rows();
        return measured;
    }
}
