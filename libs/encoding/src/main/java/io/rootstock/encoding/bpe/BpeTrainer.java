package io.rootstock.encoding.bpe;

import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Learns BPE merges: repeatedly merges the most frequent pair of neighbouring tokens into a new token.
 *
 * <p>Ties are broken by the lower left id, then the lower right id, so that the result depends on the text alone.
 * Candidates are in a heap with their count at insertion; a count that has decreased since is corrected when the
 * candidate is polled. Only words that contain the merged pair are updated.
 */
public final class BpeTrainer {
    private final PairIndex index = new PairIndex();
    private final PriorityQueue<Candidate> candidates = new PriorityQueue<>();
    private final Vocabulary.Builder vocabulary = new Vocabulary.Builder();

    /** Tokens of all words, concatenated. */
    private final int[] symbols;

    private final int[] begins;
    private final int[] lengths;
    private final long[] counts;

    /** Index of the last merge that rewrote each word, because a pair's list may contain a word twice. */
    private final int[] visited;

    private BpeTrainer(WordCounts words) {
        symbols = new int[words.poolSize()];
        begins = new int[words.size()];
        lengths = new int[words.size()];
        counts = new long[words.size()];
        visited = new int[words.size()];
        int at = 0;
        for (int word = 0; word < words.size(); word++) {
            begins[word] = at;
            lengths[word] = words.length(word);
            counts[word] = words.count(word);
            for (int i = 0; i < lengths[word]; i++) {
                symbols[at++] = ByteAlphabet.idOf(words.byteAt(word, i));
            }
        }
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
        BpeTrainer trainer = new BpeTrainer(counter.finish());
        long bytes = trainer.weightedLength();
        trainer.learn(vocabularySize, minimumFrequency, progress);
        return new Result(trainer.vocabulary.build(), bytes, trainer.weightedLength());
    }

    private void learn(int vocabularySize, long minimumFrequency, IntConsumer progress) {
        for (int word = 0; word < begins.length; word++) {
            for (int i = begins[word]; i + 1 < begins[word] + lengths[word]; i++) {
                index.increase(PairTable.pair(symbols[i], symbols[i + 1]), counts[word], word);
            }
        }
        for (long pair : index.pairs()) {
            candidates.add(new Candidate(index.count(pair), pair));
        }
        Set<Long> risen = new HashSet<>();
        int merges = 0;
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
            merge(best.pair, ++merges, risen);
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

    private void merge(long pair, int stamp, Set<Long> risen) {
        int left = (int) (pair >>> 32);
        int right = (int) pair;
        int result = vocabulary.merge(left, right);
        for (int word : index.remove(pair)) {
            if (visited[word] != stamp) {
                visited[word] = stamp;
                rewrite(word, left, right, result, risen);
            }
        }
        // Rewriting a run of one token (aaaa) has put its own pair back; it no longer occurs.
        index.remove(pair);
    }

    private void rewrite(int word, int left, int right, int result, Set<Long> risen) {
        int begin = begins[word];
        int end = begin + lengths[word];
        long count = counts[word];
        int write = begin;
        for (int read = begin; read < end; ) {
            if (read + 1 < end && symbols[read] == left && symbols[read + 1] == right) {
                if (write > begin) {
                    int before = symbols[write - 1];
                    index.decrease(PairTable.pair(before, left), count);
                    rise(PairTable.pair(before, result), count, word, risen);
                }
                if (read + 2 < end) {
                    int after = symbols[read + 2];
                    index.decrease(PairTable.pair(right, after), count);
                    rise(PairTable.pair(result, after), count, word, risen);
                }
                symbols[write++] = result;
                read += 2;
            } else {
                symbols[write++] = symbols[read++];
            }
        }
        lengths[word] = write - begin;
    }

    private void rise(long pair, long count, int word, Set<Long> risen) {
        index.increase(pair, count, word);
        risen.add(pair);
    }

    private long weightedLength() {
        long sum = 0;
        for (int word = 0; word < lengths.length; word++) {
            sum += counts[word] * lengths[word];
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
