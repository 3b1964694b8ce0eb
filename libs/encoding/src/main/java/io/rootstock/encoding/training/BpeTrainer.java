package io.rootstock.encoding.training;

import io.rootstock.encoding.bpe.ByteAlphabet;
import io.rootstock.encoding.bpe.Vocabulary;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Learns BPE merges: repeatedly merges the most frequent pair of neighbouring tokens into a new token.
 *
 * <p>Ties are broken by the lower left id, then the lower right id, as in Hugging Face's {@code BpeTrainer}, so that the
 * result depends on the text alone. Candidates are in a heap with their count at insertion; a count that has decreased
 * since is corrected when the candidate is polled. A merge visits the positions of its pair only, so that the time does
 * not depend on the length of words. Needs about 20 bytes per byte of distinct words.
 */
public final class BpeTrainer {
    /** Symbol of a position that is neither the first nor the last byte of a token. */
    private static final int INSIDE = Integer.MIN_VALUE;

    private final PairIndex index = new PairIndex();
    private final PriorityQueue<Candidate> candidates = new PriorityQueue<>();
    private final Vocabulary.Builder vocabulary = new Vocabulary.Builder();

    /**
     * All words, one position per byte: at the first byte of a token its id, at the last byte of a token of several
     * bytes the complement of its first position; negative inside of a token.
     */
    private final int[] symbols;

    /** Word of each position. */
    private final int[] words;

    /** First position of each word, and the end of the last one. */
    private final int[] begins;

    private final long[] counts;

    /** Number of bytes of each token. */
    private int[] lengths = new int[1 << 12];

    private BpeTrainer(WordCounts distinct) {
        symbols = new int[distinct.poolSize()];
        words = new int[symbols.length];
        begins = new int[distinct.size() + 1];
        counts = new long[distinct.size()];
        Arrays.fill(lengths, 0, ByteAlphabet.SIZE, 1);
        int at = 0;
        for (int word = 0; word < counts.length; word++) {
            begins[word] = at;
            counts[word] = distinct.count(word);
            for (int i = 0; i < distinct.length(word); i++) {
                words[at] = word;
                symbols[at++] = ByteAlphabet.idOf(distinct.byteAt(word, i));
            }
        }
        begins[counts.length] = at;
    }

    /**
     * Result of training.
     *
     * @param vocabulary bytes and merges
     * @param bytes UTF-8 bytes of the counted text
     * @param tokens number of tokens of the counted text
     */
    public record Result(Vocabulary vocabulary, long bytes, long tokens) {}

    /**
     * Learns merges until the vocabulary has {@code vocabularySize} tokens, bytes included, or no pair occurs
     * {@code minimumFrequency} times.
     *
     * @param counter word counts of the training text
     * @param progress receives the number of learned tokens after each merge; an exception from it aborts the training
     */
    public static Result train(WordCounter counter, int vocabularySize, long minimumFrequency, IntConsumer progress) {
        return train(counter.finish(), vocabularySize, minimumFrequency, progress);
    }

    /**
     * Learns merges from the counts of many counters, as {@link #train(WordCounter, int, long, IntConsumer)} does.
     *
     * @param runs streams that {@link WordCounter} or {@link WordRun} has written; one is open at a time, and closed
     * @throws WordCountException if a stream is damaged
     */
    public static Result train(
            Iterator<InputStream> runs, int vocabularySize, long minimumFrequency, IntConsumer progress)
            throws IOException {
        return train(WordRun.collect(runs), vocabularySize, minimumFrequency, progress);
    }

    private static Result train(WordCounts words, int vocabularySize, long minimumFrequency, IntConsumer progress) {
        BpeTrainer trainer = new BpeTrainer(words);
        long bytes = trainer.weightedLength();
        trainer.learn(vocabularySize, minimumFrequency, progress);
        return new Result(trainer.vocabulary.build(), bytes, trainer.weightedLength());
    }

    private void learn(int vocabularySize, long minimumFrequency, IntConsumer progress) {
        for (int word = 0; word < counts.length; word++) {
            for (int i = begins[word]; i + 1 < begins[word + 1]; i++) {
                index.increase(PairIndex.pair(symbols[i], symbols[i + 1]), counts[word], i);
            }
        }
        for (long pair : index.pairs()) {
            candidates.add(new Candidate(index.count(pair), pair));
        }
        Set<Long> risen = new HashSet<>();
        while (vocabulary.size() < vocabularySize && !candidates.isEmpty()) {
            Candidate best = candidates.poll();
            long count = index.count(best.pair);
            if (count < best.count) {
                if (count >= minimumFrequency) {
                    candidates.add(new Candidate(count, best.pair));
                }
                continue;
            }
            if (count < minimumFrequency) {
                return;
            }
            merge(best.pair, risen);
            for (long pair : risen) {
                long risenCount = index.count(pair);
                if (risenCount >= minimumFrequency) {
                    candidates.add(new Candidate(risenCount, pair));
                }
            }
            risen.clear();
            progress.accept(vocabulary.size() - ByteAlphabet.SIZE);
        }
    }

    private void merge(long pair, Set<Long> risen) {
        int left = (int) (pair >>> 32);
        int right = (int) pair;
        int result = vocabulary.merge(left, right);
        if (result >= lengths.length) {
            lengths = Arrays.copyOf(lengths, lengths.length * 2);
        }
        lengths[result] = lengths[left] + lengths[right];
        // In ascending order, so that of overlapping pairs (aaa) the first one is merged.
        for (int position : index.remove(pair)) {
            int second = position + lengths[left];
            int end = begins[words[position] + 1];
            // The position may have lost the pair.
            if (symbols[position] == left && second < end && symbols[second] == right) {
                replace(position, second, result, risen);
            }
        }
        // Decreased by overlapping pairs; it no longer occurs.
        index.remove(pair);
    }

    /** Replaces the tokens at two positions by {@code result}. */
    private void replace(int position, int second, int result, Set<Long> risen) {
        int left = symbols[position];
        int right = symbols[second];
        int word = words[position];
        int after = position + lengths[result];
        symbols[second] = INSIDE;
        symbols[position] = result;
        symbols[after - 1] = ~position;
        if (position > begins[word]) {
            int before = symbols[position - 1] < 0 ? ~symbols[position - 1] : position - 1;
            index.decrease(PairIndex.pair(symbols[before], left), counts[word]);
            rise(PairIndex.pair(symbols[before], result), counts[word], before, risen);
        }
        if (after < begins[word + 1]) {
            index.decrease(PairIndex.pair(right, symbols[after]), counts[word]);
            rise(PairIndex.pair(result, symbols[after]), counts[word], position, risen);
        }
    }

    private void rise(long pair, long count, int position, Set<Long> risen) {
        index.increase(pair, count, position);
        risen.add(pair);
    }

    /** Number of tokens of the counted text. */
    private long weightedLength() {
        long sum = 0;
        for (int word = 0; word < counts.length; word++) {
            for (int position = begins[word]; position < begins[word + 1]; position += lengths[symbols[position]]) {
                sum += counts[word];
            }
        }
        return sum;
    }

    /** A pair and its count at insertion. */
    private record Candidate(long count, long pair) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            int byCount = Long.compare(other.count, count);
            return byCount != 0 ? byCount : Long.compare(pair, other.pair);
        }
    }
}
