package io.rootstock.trainer.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.checkpoint.ClassifierHead;
import io.rootstock.llama.ExpendableProcess;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Main class of the process that makes and measures variants: {@code VariantProcess <F32 file> <head, or -> <sample>
 * <folder> <threads> <variant>...}. Prints one {@link Result} as a line of JSON for each variant, as soon as it is done;
 * llama.cpp may end the process at any of them.
 */
public final class VariantProcess {
    static final String NO_HEAD = "-";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * How a variant came out.
     *
     * @param error why there is none; null: there is one
     * @param measurement what it says about the sample; null where there is no sample
     */
    record Result(Variant variant, String error, Measurement measurement) {}

    private final Llama llama;
    private final Path exact;
    private final Path folder;
    private final Sample sample;
    private final Optional<ClassifierHead> head;
    private final int threads;

    private VariantProcess(String[] arguments) throws IOException {
        llama = Llama.shared();
        exact = Path.of(arguments[0]);
        head = arguments[1].equals(NO_HEAD)
                ? Optional.empty()
                : Optional.of(ClassifierHead.read(Path.of(arguments[1])));
        sample = Sample.read(Path.of(arguments[2]));
        folder = Path.of(arguments[3]);
        threads = Integer.parseInt(arguments[4]);
    }

    /** Makes and measures the variants that the arguments name. */
    public static void main(String[] arguments) {
        ExpendableProcess.endWithParent();
        try {
            VariantProcess process = new VariantProcess(arguments);
            for (int i = 5; i < arguments.length; i++) {
                System.out.println(JSON.writeValueAsString(process.result(Variant.valueOf(arguments[i]))));
            }
        } catch (IOException | RuntimeException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** Where a variant is written. */
    static Path file(Path folder, Variant variant) {
        return folder.resolve("model-" + variant + ".gguf");
    }

    private Result result(Variant variant) {
        try {
            Path file = variant.quantization()
                    .map(quantization -> {
                        Path target = file(folder, variant);
                        llama.quantize(exact, target, quantization, threads);
                        return target;
                    })
                    .orElse(exact);
            boolean measured = !sample.rows().isEmpty();
            return new Result(variant, null, measured ? new Meter(llama, sample, head, threads).measure(file) : null);
        } catch (LlamaException e) {
            return new Result(variant, e.getMessage(), null);
        }
    }
}
