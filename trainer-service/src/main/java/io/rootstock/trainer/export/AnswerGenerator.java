package io.rootstock.trainer.export;

import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.Threadpool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;

/** Generates answers to the prompts of instruction rows with greedy decoding, several at a time. */
final class AnswerGenerator {
    private static final int MAX_ROWS = 64;
    private static final int SEQUENCES = 8;
    private static final int MAX_NEW_TOKENS = 128;

    /** Time after which no further rows are started; the first {@link #SEQUENCES} are always generated. */
    private static final long MAX_NANOS = 30_000_000_000L;

    private final Llama llama;
    private final int threads;

    AnswerGenerator(Llama llama, int threads) {
        this.llama = llama;
        this.threads = threads;
    }

    /**
     * Generates an answer to each of the first rows, at most as long as the longest answer of these rows.
     *
     * @param progress receives the completed share of the rows
     * @return token ids of each answer, without the token that ends it
     */
    List<int[]> generate(Path gguf, List<Sample.Row> sample, DoubleConsumer progress) {
        List<Sample.Row> rows = sample.subList(0, Math.min(MAX_ROWS, sample.size()));
        int longestPrompt =
                rows.stream().mapToInt(row -> row.prompt().length).max().orElse(0);
        int longestAnswer =
                rows.stream().mapToInt(row -> row.answer().length).max().orElse(0);
        int newTokens = Math.min(MAX_NEW_TOKENS, longestAnswer);
        List<int[]> answers = new ArrayList<>();
        long start = System.nanoTime();
        ContextOptions options = ContextOptions.generation(SEQUENCES, longestPrompt + newTokens, threads, true);
        try (LlamaModel model = llama.load(gguf);
                Threadpool threadpool = llama.threadpool(threads);
                LlamaContext context = model.context(options);
                Batch batch = context.batch()) {
            context.attach(threadpool);
            while (answers.size() < rows.size() && (answers.isEmpty() || System.nanoTime() - start < MAX_NANOS)) {
                int end = Math.min(rows.size(), answers.size() + SEQUENCES);
                answers.addAll(group(context, batch, rows.subList(answers.size(), end), newTokens));
                progress.accept((double) answers.size() / rows.size());
            }
        }
        return answers;
    }

    /** Generates the answers of at most {@link #SEQUENCES} rows together. */
    private static List<int[]> group(LlamaContext context, Batch batch, List<Sample.Row> rows, int newTokens) {
        context.clear();
        List<int[]> texts = new ArrayList<>();
        int[] lengths = new int[rows.size()];
        int[] next = new int[rows.size()];
        for (int row = 0; row < rows.size(); row++) {
            int[] prompt = rows.get(row).prompt();
            next[row] = prefill(context, batch, prompt, row);
            texts.add(new int[newTokens]);
        }
        boolean[] ended = new boolean[rows.size()];
        for (boolean active = true; active; ) {
            batch.clear();
            int[] places = new int[rows.size()];
            for (int row = 0; row < rows.size(); row++) {
                ended[row] |= lengths[row] == newTokens || context.model().endsGeneration(next[row]);
                if (!ended[row]) {
                    int position = rows.get(row).prompt().length + lengths[row];
                    texts.get(row)[lengths[row]++] = next[row];
                    places[row] = batch.add(next[row], position, row, true);
                }
            }
            active = batch.size() > 0;
            if (active) {
                context.decode(batch);
                for (int row = 0; row < rows.size(); row++) {
                    next[row] = ended[row] ? next[row] : argmax(context.logits(places[row]));
                }
            }
        }
        List<int[]> answers = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            answers.add(Arrays.copyOf(texts.get(row), lengths[row]));
        }
        return answers;
    }

    /** Computes a prompt and returns the first token of its answer. */
    private static int prefill(LlamaContext context, Batch batch, int[] prompt, int sequence) {
        int output = 0;
        for (int from = 0; from < prompt.length; from += batch.capacity()) {
            int to = Math.min(prompt.length, from + batch.capacity());
            batch.clear();
            for (int position = from; position < to; position++) {
                output = batch.add(prompt[position], position, sequence, position == prompt.length - 1);
            }
            context.decode(batch);
        }
        return argmax(context.logits(output));
    }

    private static int argmax(float[] logits) {
        int largest = 0;
        for (int token = 1; token < logits.length; token++) {
            largest = logits[token] > logits[largest] ? token : largest;
        }
        return largest;
    }
}
