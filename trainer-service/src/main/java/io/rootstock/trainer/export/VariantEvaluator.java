package io.rootstock.trainer.export;

import io.rootstock.checkpoint.huggingface.ClassifierHead;
import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.Threadpool;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleConsumer;

/** Measures GGUF files with llama.cpp and the context options of serving: F32 keys and values, no flash attention. */
final class VariantEvaluator {
    /** Tokens per decode; bounds the memory of the logits: 128 tokens of 128,000 values are 65 MB. */
    private static final int TOKENS_AT_ONCE = 128;

    private final Llama llama;
    private final Sample sample;
    private final Optional<ClassifierHead> head;
    private final int threads;

    /**
     * Creates an evaluator.
     *
     * @param head classification head that is applied to the last hidden state; empty for a language model
     */
    VariantEvaluator(Llama llama, Sample sample, Optional<ClassifierHead> head, int threads) {
        this.llama = llama;
        this.sample = sample;
        this.head = head;
        this.threads = threads;
    }

    /**
     * Limit of a measurement.
     *
     * @param rows maximum number of rows
     * @param nanos time after which no further row is started, in nanoseconds
     */
    record Limit(int rows, long nanos) {}

    /**
     * Measures a file on at least one row.
     *
     * @param progress receives the completed share of the rows about once a second
     */
    Measurement measure(Path gguf, Limit limit, DoubleConsumer progress) {
        ContextOptions options = new ContextOptions(
                1, sample.longest(), false, TOKENS_AT_ONCE, TOKENS_AT_ONCE, threads, head.isPresent(), true);
        try (LlamaModel model = llama.load(gguf);
                Threadpool threadpool = llama.threadpool(threads);
                LlamaContext context = model.context(options);
                Batch batch = context.batch()) {
            context.attach(threadpool);
            Rows rows = new Rows(limit, progress);
            return head.isPresent() ? classes(context, batch, head.get(), rows) : texts(context, batch, rows);
        }
    }

    /** Iterates over the rows within the limit and reports progress. */
    private final class Rows {
        private static final long SECOND = 1_000_000_000L;

        private final Limit limit;
        private final DoubleConsumer progress;
        private final long start = System.nanoTime();
        private long reported = start;
        private int done;

        Rows(Limit limit, DoubleConsumer progress) {
            this.limit = limit;
            this.progress = progress;
        }

        boolean hasNext() {
            long now = System.nanoTime();
            int most = Math.min(limit.rows(), sample.rows().size());
            if (now - reported > SECOND) {
                reported = now;
                progress.accept(Math.max((double) done / most, (double) (now - start) / limit.nanos()));
            }
            return done < most && (done == 0 || now - start < limit.nanos());
        }

        Sample.Row next() {
            return sample.rows().get(done++);
        }
    }

    private Measurement texts(LlamaContext context, Batch batch, Rows rows) {
        double nats = 0;
        long predictions = 0;
        while (rows.hasNext()) {
            Sample.Row row = rows.next();
            context.clear();
            for (int from = 0; from < row.tokens().length; from += TOKENS_AT_ONCE) {
                int to = Math.min(row.tokens().length, from + TOKENS_AT_ONCE);
                batch.clear();
                for (int position = from; position < to; position++) {
                    batch.add(row.tokens()[position], position, 0, row.targets()[position] != LanguageBatch.NO_LOSS);
                }
                context.decode(batch);
                for (int position = from; position < to; position++) {
                    int target = row.targets()[position];
                    if (target != LanguageBatch.NO_LOSS) {
                        nats += crossEntropy(context.logits(position - from), target);
                        predictions++;
                    }
                }
            }
        }
        return new Measurement(nats, predictions, new int[0], rows.done);
    }

    private Measurement classes(LlamaContext context, Batch batch, ClassifierHead classifier, Rows rows) {
        double nats = 0;
        int[] classes = new int[sample.rows().size()];
        while (rows.hasNext()) {
            Sample.Row row = rows.next();
            int last = row.tokens().length - 1;
            context.clear();
            // llama.cpp computes logits for every token of a decode that outputs hidden states, so only the last token
            // is decoded that way.
            context.produceHiddenStates(false);
            for (int from = 0; from < last; from += TOKENS_AT_ONCE) {
                int to = Math.min(last, from + TOKENS_AT_ONCE);
                batch.clear();
                for (int position = from; position < to; position++) {
                    batch.add(row.tokens()[position], position, 0, false);
                }
                context.decode(batch);
            }
            context.produceHiddenStates(true);
            batch.clear();
            int output = batch.add(row.tokens()[last], last, 0, true);
            context.decode(batch);
            float[] logits = classifier.logits(context.hiddenState(output));
            nats += crossEntropy(logits, row.targets()[last]);
            classes[rows.done - 1] = largest(logits);
        }
        return new Measurement(nats, rows.done, Arrays.copyOf(classes, rows.done), rows.done);
    }

    /** -log softmax(logits)[target], nats. */
    private static double crossEntropy(float[] logits, int target) {
        float largest = logits[largest(logits)];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum) - logits[target];
    }

    private static int largest(float[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[largest]) {
                largest = i;
            }
        }
        return largest;
    }
}
