package io.rootstock.encoding.training;

import io.rootstock.encoding.Utf8;
import io.rootstock.encoding.pretokenizer.Scanner;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Counts the words of documents exactly, on several threads and in bounded memory.
 *
 * <p>Documents are counted in rounds of about 16 MiB; after a round the threads' tables are summed. A table of more than
 * {@code maximumWords} words is written to a temporary file, sorted, and emptied; the files are summed at the end. So
 * the counts depend neither on the number of threads nor on the limit. Only one thread may call {@link #add}.
 */
public final class WordCounter implements AutoCloseable {
    /** Default number of words in memory; sufficient for most corpora without temporary files. */
    public static final int MAX_WORDS = 2_000_000;

    /** Maximum number of bytes of all distinct words that {@link BpeTrainer} takes; it needs about 20 times as many. */
    public static final int MAX_DISTINCT_BYTES = 1 << 30;

    private static final int BATCH_BYTES = 1 << 20;
    private static final int ROUND_BATCHES = 16;

    /** Bytes of distinct words in memory; words can be long. */
    private static final int MAX_POOL = 1 << 28;

    private final Scanner scanner;
    private final int maximumWords;
    private final ExecutorService executor;
    private final Queue<WordCounts> tables = new ConcurrentLinkedQueue<>();
    private final List<Future<?>> round = new ArrayList<>();
    private final SpilledRuns spilled;
    private List<byte[]> batch = new ArrayList<>();
    private int batchBytes;
    private WordCounts total = new WordCounts();

    /**
     * @param pattern pattern that splits text into words
     * @param threads number of counting threads
     * @param maximumWords maximum number of distinct words in memory
     */
    public WordCounter(SplitPattern pattern, int threads, int maximumWords) {
        this(pattern, threads, maximumWords, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * @param directory existing directory for temporary files
     */
    public WordCounter(SplitPattern pattern, int threads, int maximumWords, Path directory) {
        this.scanner = pattern.scanner();
        this.maximumWords = maximumWords;
        this.spilled = new SpilledRuns(directory);
        this.executor = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("word-counter-", 0).daemon().factory());
    }

    /** Adds a document; its words may be counted later. */
    public void add(String document) {
        add(Utf8.encode(document, 0, document.length()));
    }

    /** Adds a document in UTF-8. Do not change the array afterwards; words are counted later. */
    public void add(byte[] document) {
        batch.add(document);
        batchBytes += document.length;
        if (batchBytes >= BATCH_BYTES || batchBytes < 0) {
            submit();
            if (round.size() == ROUND_BATCHES) {
                endRound();
            }
        }
    }

    /**
     * Writes all counts, sorted, in the format of {@link WordRun}, so that {@link BpeTrainer} can sum the counts of many
     * counters.
     */
    public void write(OutputStream output) throws IOException {
        WordRun.write(sum(), output);
    }

    /** Writes the counts to several outputs; the hash of a word decides which one it is in, the same for all counters. */
    public void write(List<? extends OutputStream> outputs) throws IOException {
        WordRun.write(sum(), outputs);
    }

    /**
     * Counts the last documents and returns the table of all words.
     *
     * @throws WordCountException if they have more than {@link #MAX_DISTINCT_BYTES}
     */
    WordCounts finish() {
        count();
        if (spilled.isEmpty()) {
            return total;
        }
        WordCounts all = new WordCounts();
        all.addAll(sum());
        return all;
    }

    private Iterator<WordCount> sum() {
        count();
        List<Iterator<WordCount>> runs = new ArrayList<>(spilled.open());
        runs.add(total.sorted());
        return WordRuns.sum(runs);
    }

    private void count() {
        submit();
        endRound();
    }

    /** Stops counting and deletes the temporary files. */
    @Override
    public void close() {
        executor.shutdownNow();
        spilled.close();
    }

    private void submit() {
        List<byte[]> documents = batch;
        round.add(executor.submit(() -> count(documents)));
        batch = new ArrayList<>();
        batchBytes = 0;
    }

    private void count(List<byte[]> documents) {
        WordCounts table = tables.poll();
        WordCounts counts = table == null ? new WordCounts() : table;
        for (byte[] text : documents) {
            for (int from = 0; from < text.length; ) {
                int to = scanner.wordEnd(text, from, text.length);
                counts.add(text, from, to);
                from = to;
            }
        }
        tables.add(counts);
    }

    private void endRound() {
        try {
            for (Future<?> future : round) {
                future.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while counting words", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("counting words failed", e.getCause());
        }
        round.clear();
        for (WordCounts table : tables) {
            total.addAll(table);
            table.clear();
        }
        if (total.size() > maximumWords || total.poolSize() > MAX_POOL) {
            spilled.write(total.sorted());
            total = new WordCounts();
        }
    }
}
