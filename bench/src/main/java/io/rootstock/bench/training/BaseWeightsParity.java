package io.rootstock.bench.training;

import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import io.rootstock.trainer.data.QuantizedBase;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Execution;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Compares the trainer's logits on a GGUF file's quantized weights with llama.cpp's logits of that file. They differ
 * because llama.cpp rounds activations to 8 bits before each product, and the trainer does not.
 */
public final class BaseWeightsParity {
    private static final int TOKENS = 64;

    private BaseWeightsParity() {}

    /** Returns the main class and arguments of a process. */
    static List<String> program(Path gguf) {
        return List.of(BaseWeightsParity.class.getName(), gguf.toString());
    }

    /**
     * Prints the relative difference of logits, the largest difference of log-probabilities, and the share of equal
     * argmax.
     */
    public static void main(String[] arguments) {
        Path gguf = Path.of(arguments[0]);
        try (QuantizedBase base = QuantizedBase.open(gguf);
                Engine engine = BaseWeightsSide.engine(
                        BaseWeightsSide.Kind.QUANTIZED, base, Execution.of(Precision.FLOAT32, 1));
                LlamaModel model = Llama.shared().load(gguf);
                LlamaContext context = model.context(ContextOptions.generation(1, TOKENS, 1, true));
                Batch tokens = context.batch()) {
            LanguageBatch batch = BaseWeightsSide.batch(engine.shape(), 1, TOKENS);
            float[] ours = engine.logits(batch);
            for (int position = 0; position < TOKENS; position++) {
                tokens.add(batch.tokens()[position], position, 0, true);
            }
            context.decode(tokens);
            int vocabulary = ours.length / TOKENS;
            double differences = 0;
            double squares = 0;
            double largest = 0;
            int equal = 0;
            for (int position = 0; position < TOKENS; position++) {
                float[] theirs = context.logits(position);
                int from = position * vocabulary;
                double ourSum = logSum(ours, from, vocabulary);
                double theirSum = logSum(theirs, 0, vocabulary);
                for (int token = 0; token < vocabulary; token++) {
                    double difference = theirs[token] - ours[from + token];
                    differences += difference * difference;
                    squares += (double) ours[from + token] * ours[from + token];
                    largest = Math.max(largest, Math.abs(difference - theirSum + ourSum));
                }
                equal += argmax(ours, from, vocabulary) - from == argmax(theirs, 0, vocabulary) ? 1 : 0;
            }
            System.out.printf(
                    Locale.ROOT,
                    "parity %.6f %.4f %.3f%n",
                    Math.sqrt(differences / squares),
                    largest,
                    (double) equal / TOKENS);
        }
    }

    private static double logSum(float[] logits, int from, int count) {
        double most = logits[argmax(logits, from, count)];
        double sum = 0;
        for (int index = from; index < from + count; index++) {
            sum += Math.exp(logits[index] - most);
        }
        return most + Math.log(sum);
    }

    private static int argmax(float[] values, int from, int count) {
        int largest = from;
        for (int index = from; index < from + count; index++) {
            largest = values[index] > values[largest] ? index : largest;
        }
        return largest;
    }
}
