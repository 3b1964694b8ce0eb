package io.rootstock.corpus.duplicate;

import io.rootstock.corpus.Text;
import java.util.Arrays;
import java.util.Objects;

/**
 * MinHash signatures of the n-gram sets of texts (Broder 1997, "On the resemblance and containment of documents"). Words
 * are lower-case letters, digits and marks ({@link CharacterTable}); letters of Korean, Chinese, Japanese, Thai, Lao, Khmer,
 * Burmese and Tibetan are words of their own. A text of fewer words than an n-gram has one n-gram of all its words.
 *
 * <p>Lane i of a signature is the least of {@code multiplier[i] * h + increment[i]} over the 64-bit hashes h of all
 * n-grams, in wrapping arithmetic. An instance has buffers and is used by one thread.
 */
public final class MinHash {
    private static final long LANE_SEED = 0x6D696E68617368L;
    private static final long BAND_SEED = 0x62616E6473L;
    private static final long POLYNOMIAL = 0x9FB21C651E98DF25L;
    private static final int BATCH = 1024;
    /**
     * N-grams of one pass over the lanes, so that a lane is loaded and stored once for all of them. C2 of JDK 25 uses vector
     * instructions for up to three, and none for four: 0.11 and 0.39 ns per lane and n-gram with AVX-512.
     */
    private static final int UNROLLED = 3;

    private final MinHashParameters parameters;
    private final long[] multipliers;
    private final long[] increments;
    private final long[] bandSeeds;
    private final WordHashes reader = new WordHashes();
    private final long[] words;
    private final long[] ngrams = new long[BATCH];

    public MinHash(MinHashParameters parameters) {
        this.parameters = parameters;
        long[] numbers = Mix64.sequence(LANE_SEED, 2 * parameters.lanes());
        multipliers = Arrays.copyOf(numbers, parameters.lanes());
        increments = Arrays.copyOfRange(numbers, parameters.lanes(), numbers.length);
        for (int i = 0; i < multipliers.length; i++) {
            multipliers[i] |= 1;
        }
        bandSeeds = Mix64.sequence(BAND_SEED, parameters.bands());
        words = new long[BATCH - UNROLLED + parameters.ngram()];
    }

    /**
     * Computes the signature of a text.
     *
     * @param lanes receives {@link MinHashParameters#lanes()} values
     * @return false if the text has no words; the lanes are then undefined
     */
    public boolean sign(Text text, long[] lanes) {
        Objects.checkFromToIndex(0, parameters.lanes(), lanes.length);
        Arrays.fill(lanes, 0, parameters.lanes(), Long.MAX_VALUE);
        int ngram = parameters.ngram();
        reader.start(text.utf8());
        int carried = 0;
        boolean first = true;
        while (true) {
            int count = reader.fill(words, carried);
            if (first && count < ngram && reader.ended()) {
                return count > 0 && addShort(count, lanes);
            }
            first = false;
            int complete = count - ngram + 1;
            if (complete > 0) {
                hashNgrams(complete, ngram);
                add(complete, lanes);
                System.arraycopy(words, complete, words, 0, ngram - 1);
                carried = ngram - 1;
            } else {
                carried = count;
            }
            if (reader.ended()) {
                return true;
            }
        }
    }

    /**
     * Computes a hash for each band of a signature. Hashes of different bands differ, up to collisions of 64 bits.
     *
     * @param hashes receives {@link MinHashParameters#bands()} values
     */
    public void bands(long[] lanes, long[] hashes) {
        int rows = parameters.rows();
        for (int band = 0; band < parameters.bands(); band++) {
            long hash = bandSeeds[band];
            for (int row = 0; row < rows; row++) {
                hash = Mix64.mix(hash ^ lanes[band * rows + row]) + POLYNOMIAL;
            }
            hashes[band] = hash;
        }
    }

    /** Returns the share of equal lanes, an estimate of the Jaccard similarity of the n-gram sets. */
    public static double similarity(long[] first, long[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(
                    "signatures have " + first.length + " and " + second.length + " lanes; use equal parameters");
        }
        int equal = 0;
        for (int i = 0; i < first.length; i++) {
            equal += first[i] == second[i] ? 1 : 0;
        }
        return (double) equal / first.length;
    }

    private boolean addShort(int count, long[] lanes) {
        hashNgrams(1, count);
        add(1, lanes);
        return true;
    }

    /** Hashes the n-grams that begin at the first words: the value of a polynomial in their hashes, mixed. */
    private void hashNgrams(int count, int ngram) {
        Arrays.fill(ngrams, 0, count, 0);
        long factor = 1;
        for (int k = ngram - 1; k >= 0; k--) {
            addProduct(count, k, factor);
            factor *= POLYNOMIAL;
        }
        for (int i = 0; i < count; i++) {
            ngrams[i] = Mix64.mix(ngrams[i]);
        }
    }

    private void addProduct(int count, int offset, long factor) {
        long[] sums = ngrams;
        long[] terms = words;
        for (int i = 0; i < count; i++) {
            sums[i] += terms[i + offset] * factor;
        }
    }

    private void add(int count, long[] lanes) {
        int padded = count;
        while (padded % UNROLLED != 0) {
            ngrams[padded++] = ngrams[count - 1];
        }
        for (int i = 0; i < padded; i += UNROLLED) {
            add(lanes, ngrams[i], ngrams[i + 1], ngrams[i + 2]);
        }
    }

    private void add(long[] lanes, long first, long second, long third) {
        long[] factors = multipliers;
        long[] terms = increments;
        for (int i = 0; i < factors.length; i++) {
            long factor = factors[i];
            long term = terms[i];
            lanes[i] = Math.min(
                    Math.min(lanes[i], factor * first + term), Math.min(factor * second + term, factor * third + term));
        }
    }

    /** Finaliser of SplitMix64 (https://prng.di.unimi.it/splitmix64.c): a bijection whose output bits depend on all input bits. */
    static final class Mix64 {
        private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

        private Mix64() {}

        static long mix(long value) {
            long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            return z ^ (z >>> 31);
        }

        /** Returns the first numbers of SplitMix64 for a seed. */
        static long[] sequence(long seed, int count) {
            long[] numbers = new long[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = mix(seed + (i + 1) * GOLDEN_GAMMA);
            }
            return numbers;
        }
    }
}
