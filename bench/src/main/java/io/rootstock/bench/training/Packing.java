package io.rootstock.bench.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.bench.BenchmarkData;
import io.rootstock.bench.TextRun;
import io.rootstock.bench.rounds.Figures;
import io.rootstock.bench.rounds.Samples;
import io.rootstock.bench.rounds.SideBySide;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Execution;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.model.Tuning;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Instruction tuning of the demo's model on real instruction rows, padded after sorting by length and packed,
 * alternating on the same steps: tokens of rows per second, without padding.
 */
public final class Packing {
    private static final int VOCABULARY = 4096;
    private static final int CONTEXT = 256;
    private static final int STEPS = 8;
    private static final int ROUNDS = 7;
    private static final int THREADS = 2;

    private Packing() {}

    /** Tokens of a row, and the number of question tokens among them. */
    @SuppressWarnings("ArrayRecordComponent") // never modified or compared
    private record Text(int[] tokens, int question) {}

    /** Prints a table and the figures. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Text> texts = texts();
        System.out.printf(
                "%d rows, %.0f tokens in the mean, %d the longest%n",
                texts.size(),
                texts.stream().mapToInt(text -> text.tokens.length).average().orElseThrow(),
                texts.stream().mapToInt(text -> text.tokens.length).max().orElseThrow());
        System.out.printf(
                "%-10s %6s %13s %8s %10s %8s %6s%n",
                "", "rows", "micro-batches", "padding", "padded", "packed", "ratio");
        double worst = Double.MAX_VALUE;
        for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
            for (int rows : new int[] {8, 16, 32}) {
                for (int microBatches : new int[] {1, 4}) {
                    worst = Math.min(worst, compare(precision, texts, rows, microBatches));
                }
            }
        }
        Figures.print("packed_ratio", worst);
    }

    private static double compare(Precision precision, List<Text> texts, int rows, int microBatches)
            throws IOException, InterruptedException {
        List<List<Batch>> steps = steps(texts, rows, microBatches);
        long tokens = steps.stream()
                .flatMap(List::stream)
                .flatMapToInt(batch -> Arrays.stream(batch.lengths()))
                .sum();
        ModelShape shape = Size.SMALL.shape(CONTEXT, 0);
        Execution execution = Execution.of(precision, THREADS);
        try (Engine padded = Engine.create(shape, new Tuning.Full(), execution);
                Engine packed = Engine.create(shape, new Tuning.Full(), execution.packing(true))) {
            padded.initialize(1);
            packed.initialize(1);
            List<Samples<Double>> seconds =
                    SideBySide.run(0, ROUNDS, List.of(() -> seconds(padded, steps), () -> seconds(packed, steps)));
            double ofPadded = seconds.getFirst().smallest(Double::doubleValue);
            double ofPacked = seconds.getLast().smallest(Double::doubleValue);
            long all = steps.stream()
                    .flatMap(List::stream)
                    .mapToLong(batch -> (long) batch.rows() * batch.length())
                    .sum();
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %6d %13d %7.0f%% %8.0f/s %6.0f/s %6.2f%n",
                    precision,
                    rows,
                    microBatches,
                    100.0 * (all - tokens) / all,
                    tokens / ofPadded,
                    tokens / ofPacked,
                    ofPadded / ofPacked);
            return ofPadded / ofPacked;
        }
    }

    private static double seconds(Engine engine, List<List<Batch>> steps) {
        long start = System.nanoTime();
        steps.forEach(step -> engine.step(step, OurSide.LEARNING_RATE, OurSide.SETTINGS));
        return (System.nanoTime() - start) / 1e9;
    }

    /** Returns each step's rows, sorted by length and divided into micro-batches, as in the trainer. */
    private static List<List<Batch>> steps(List<Text> texts, int rows, int microBatches) {
        List<Text> shuffled = new ArrayList<>(texts);
        Collections.shuffle(shuffled, new Random(1));
        List<List<Batch>> steps = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            List<Text> chosen = new ArrayList<>(shuffled.subList(step * rows, (step + 1) * rows));
            chosen.sort(Comparator.comparingInt(text -> text.tokens.length));
            List<Batch> batches = new ArrayList<>();
            for (int part = 0; part < microBatches; part++) {
                batches.add(batch(chosen.subList(rows * part / microBatches, rows * (part + 1) / microBatches)));
            }
            steps.add(batches);
        }
        return steps;
    }

    private static LanguageBatch batch(List<Text> rows) {
        int length = rows.getLast().tokens.length - 1;
        int[] tokens = new int[rows.size() * length];
        int[] targets = new int[tokens.length];
        Arrays.fill(targets, LanguageBatch.NO_LOSS);
        for (int row = 0; row < rows.size(); row++) {
            Text text = rows.get(row);
            int predicted = text.tokens.length - 1;
            System.arraycopy(text.tokens, 0, tokens, row * length, predicted);
            for (int position = text.question - 1; position < predicted; position++) {
                targets[row * length + position] = text.tokens[position + 1];
            }
        }
        return new LanguageBatch(rows.size(), length, tokens, targets);
    }

    private static List<Text> texts() throws IOException {
        JsonNode all = new ObjectMapper().readTree(Files.readString(BenchmarkData.file("instruction-data.json")));
        StringBuilder together = new StringBuilder();
        for (JsonNode row : all) {
            together.append(question(row)).append(row.get("output").asText()).append('\n');
        }
        Tokenizer tokenizer = TextRun.tokenizer(together.toString(), VOCABULARY);
        List<Text> texts = new ArrayList<>();
        for (JsonNode row : all) {
            int[] question = tokenizer.encode(question(row), SpecialTokenPolicy.AS_TEXT);
            int[] answer = tokenizer.encode(row.get("output").asText() + "\n", SpecialTokenPolicy.AS_TEXT);
            int[] both = Arrays.copyOf(question, Math.min(CONTEXT, question.length + answer.length));
            System.arraycopy(answer, 0, both, question.length, both.length - question.length);
            texts.add(new Text(both, question.length));
        }
        return texts;
    }

    private static String question(JsonNode row) {
        return "<|im_start|>user\n" + row.get("instruction").asText() + "\n"
                + row.get("input").asText() + "<|im_end|>\n<|im_start|>assistant\n";
    }
}
