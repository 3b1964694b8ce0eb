package io.rootstock.corpus.quality;

import java.util.List;

/**
 * Characters of a text in repeated n-grams of words.
 *
 * <p>N-grams are equal if their words are; datatrove compares the words of duplicate n-grams without spaces between them.
 * Bounds from shorter n-grams avoid most passes without changing an answer: an n-gram is at most as frequent as the
 * most frequent (n-1)-gram, and characters in repeated n-grams are also in repeated (n-1)-grams.
 */
final class RepeatedNGrams {
    private static final long BASE = 0x2545F4914F6CDD1DL;
    private static final int KEPT_WORDS = 1 << 18;
    private static final ThreadLocal<LongTable> TABLE = ThreadLocal.withInitial(LongTable::new);

    private final DocumentScan scan;
    private final LongTable table;

    RepeatedNGrams(DocumentScan scan) {
        this.scan = scan;
        table = scan.words > KEPT_WORDS ? new LongTable() : TABLE.get();
    }

    /** Returns the length of the first n-gram whose most frequent instance has too many characters; 0 if none. */
    int firstTopAbove(List<NGramLimit> limits) {
        int countedLength = Integer.MAX_VALUE;
        long largestCount = 0;
        for (NGramLimit limit : limits) {
            int n = limit.words();
            if (n > scan.words) {
                continue;
            }
            double allowed = limit.characterFraction();
            if (n >= countedLength && largestCount * longest(n) / (double) scan.characters <= allowed) {
                continue;
            }
            int count = largestCount(n);
            countedLength = n;
            largestCount = count;
            if ((double) count * longest(n) / scan.characters > allowed
                    && (double) count * lengthOfFirstWith(count, n) / scan.characters > allowed) {
                return n;
            }
        }
        return 0;
    }

    /** Returns the length of the first n-gram whose duplicates have too many characters; 0 if none. */
    int firstDuplicateAbove(List<NGramLimit> limits) {
        int least = Integer.MAX_VALUE;
        double smallest = 1;
        for (NGramLimit limit : limits) {
            least = Math.min(least, limit.words());
            smallest = Math.min(smallest, limit.characterFraction());
        }
        if (limits.isEmpty() || coveredCharacters(least) / (double) scan.characters <= smallest) {
            return 0;
        }
        for (NGramLimit limit : limits) {
            if (duplicateCharacters(limit.words()) / (double) scan.characters > limit.characterFraction()) {
                return limit.words();
            }
        }
        return 0;
    }

    /** Counts all n-grams and returns the largest count. */
    private int largestCount(int n) {
        table.reset(scan.words);
        long highest = highestPower(n);
        long hash = hash(0, n);
        int largest = table.increment(hash);
        for (int at = n; at < scan.words; at++) {
            hash = (hash - scan.wordHashes[at - n] * highest) * BASE + scan.wordHashes[at];
            largest = Math.max(largest, table.increment(hash));
        }
        return largest;
    }

    /** Characters, with spaces between words, of the first n-gram with a count. */
    private int lengthOfFirstWith(int count, int n) {
        long highest = highestPower(n);
        long hash = hash(0, n);
        int at = 0;
        while (table.count(hash) != count) {
            hash = (hash - scan.wordHashes[at] * highest) * BASE + scan.wordHashes[at + n];
            at++;
        }
        return characters(at, n) + n - 1;
    }

    /** Largest number of characters of an n-gram, with spaces. */
    private int longest(int n) {
        int longest = 0;
        for (int at = 0; at + n <= scan.words; at++) {
            longest = Math.max(longest, characters(at, n));
        }
        return longest + n - 1;
    }

    /** Characters in words of any n-gram that repeats an earlier one: an upper bound for all longer n-grams. */
    private int coveredCharacters(int n) {
        if (n > scan.words) {
            return 0;
        }
        table.reset(scan.words);
        long highest = highestPower(n);
        long hash = hash(0, n);
        table.increment(hash);
        int covered = 0;
        int coveredTo = 0;
        for (int at = 1; at + n <= scan.words; at++) {
            hash = (hash - scan.wordHashes[at - 1] * highest) * BASE + scan.wordHashes[at + n - 1];
            if (table.increment(hash) > 1) {
                int from = Math.max(at, coveredTo);
                covered += scan.wordStarts[at + n] - scan.wordStarts[from];
                coveredTo = at + n;
            }
        }
        return covered;
    }

    /** Characters, without spaces, of n-grams that repeat an earlier one and do not overlap. */
    private int duplicateCharacters(int n) {
        table.reset(scan.words);
        long highest = highestPower(n);
        int duplicates = 0;
        int at = 0;
        long hash = n <= scan.words ? hash(0, n) : 0;
        while (at + n <= scan.words) {
            if (table.count(hash) > 0) {
                duplicates += characters(at, n);
                at += n;
                hash = at + n <= scan.words ? hash(at, n) : 0;
            } else {
                table.increment(hash);
                if (at + n < scan.words) {
                    hash = (hash - scan.wordHashes[at] * highest) * BASE + scan.wordHashes[at + n];
                }
                at++;
            }
        }
        return duplicates;
    }

    private int characters(int at, int n) {
        return scan.wordStarts[at + n] - scan.wordStarts[at];
    }

    private long hash(int at, int n) {
        long hash = 0;
        for (int word = at; word < at + n; word++) {
            hash = hash * BASE + scan.wordHashes[word];
        }
        return hash;
    }

    private static long highestPower(int n) {
        long power = 1;
        for (int index = 1; index < n; index++) {
            power *= BASE;
        }
        return power;
    }
}
