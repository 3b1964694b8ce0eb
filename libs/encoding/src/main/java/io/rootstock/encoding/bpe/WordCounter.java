package io.rootstock.encoding.bpe;

import io.rootstock.encoding.pretokenizer.Scanner;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Counts the words of documents on several threads, in bounded memory.
 *
 * <p>Documents are counted in rounds of about 16 Mi characters; after a round the threads' tables are summed and, if
 * there are more than {@code maximumWords} words, the rarest half is dropped (rare words hardly affect the merges). The
 * boundaries of a round depend only on the documents, so the counts do not depend on the number of threads. Only one
 * thread may call {@link #add}.
 */
public final class WordCounter implements AutoCloseable {
    /** Sufficient for every natural-language corpus; takes about 300 MB during training. */
    public static final int MAXIMUM_WORDS = 2_000_000;

    private static final int BATCH_CHARACTERS = 1 << 20;
    private static final int ROUND_BATCHES = 16;

    /** Longer words (data without blanks) are counted in pieces, because they cost much time in every merge. */
    private static final int LONGEST_WORD = 256;

    private final Scanner scanner;
    private final int maximumWords;
    private final ExecutorService executor;
    private final Queue<WordCounts> tables = new ConcurrentLinkedQueue<>();
    private final List<Future<?>> round = new ArrayList<>();
    private List<String> batch = new ArrayList<>();
    private int batchCharacters;
    private WordCounts total = new WordCounts();

    /**
     * @param pattern pattern that splits text into words
     * @param threads number of counting threads
     * @param maximumWords maximum number of distinct words to keep
     */
    public WordCounter(SplitPattern pattern, int threads, int maximumWords) {
        this.scanner = pattern.scanner();
        this.maximumWords = maximumWords;
        this.executor = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("word-counter-", 0).daemon().factory());
    }

    /** Adds a document; its words may be counted later. */
    public void add(String document) {
        batch.add(document);
        batchCharacters += document.length();
        if (batchCharacters >= BATCH_CHARACTERS) {
            submit();
            if (round.size() == ROUND_BATCHES) {
                endRound();
            }
        }
    }

    WordCounts finish() {
        submit();
        endRound();
        return total;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private void submit() {
        List<String> documents = batch;
        round.add(executor.submit(() -> count(documents)));
        batch = new ArrayList<>();
        batchCharacters = 0;
    }

    private void count(List<String> documents) {
        WordCounts table = tables.poll();
        WordCounts counts = table == null ? new WordCounts() : table;
        for (String document : documents) {
            char[] text = document.toCharArray();
            for (int from = 0; from < text.length; ) {
                int to = scanner.wordEnd(text, from, text.length);
                for (int piece = from; piece < to; ) {
                    int pieceEnd = pieceEnd(text, piece, to);
                    counts.add(text, piece, pieceEnd);
                    piece = pieceEnd;
                }
                from = to;
            }
        }
        tables.add(counts);
    }

    private static int pieceEnd(char[] text, int from, int to) {
        if (to - from <= LONGEST_WORD) {
            return to;
        }
        int end = from + LONGEST_WORD;
        return Character.isLowSurrogate(text[end]) && Character.isHighSurrogate(text[end - 1]) ? end - 1 : end;
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
        if (total.size() > maximumWords) {
            total = total.withoutRarest(maximumWords / 2);
        }
    }
}
