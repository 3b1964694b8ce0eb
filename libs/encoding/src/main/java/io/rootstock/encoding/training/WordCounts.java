package io.rootstock.encoding.training;

import io.rootstock.encoding.bpe.WordHash;
import java.util.Arrays;
import java.util.Iterator;

/**
 * Word counts: an open-addressed hash table; the words are UTF-8 in one array.
 *
 * <p>Not safe for several threads; each counting thread has its own table, and the tables are summed.
 */
final class WordCounts {
    private byte[] pool = new byte[1 << 12];
    private int poolSize;
    private int[] begins = new int[256];
    private long[] counts = new long[256];
    private int[] hashes = new int[256];
    private int size;
    private int[] slots = new int[512];

    /** Number of distinct words. */
    int size() {
        return size;
    }

    /** Bytes of all distinct words. */
    int poolSize() {
        return poolSize;
    }

    /** Returns the count of a word, 0 to {@link #size()} - 1. */
    long count(int word) {
        return counts[word];
    }

    int length(int word) {
        return end(word) - begins[word];
    }

    /** Returns a byte of a word, 0 to 255. */
    int byteAt(int word, int index) {
        return Byte.toUnsignedInt(pool[begins[word] + index]);
    }

    /** Counts {@code text[from, to)} once. */
    void add(byte[] text, int from, int to) {
        add(text, from, to, 1);
    }

    /** Counts {@code text[from, to)} {@code count} times. */
    void add(byte[] text, int from, int to, long count) {
        reserve(to - from);
        System.arraycopy(text, from, pool, poolSize, to - from);
        addAtEnd(poolSize + to - from, count);
    }

    /** Adds all counts of another table. */
    void addAll(WordCounts other) {
        for (int word = 0; word < other.size; word++) {
            add(other.pool, other.begins[word], other.end(word), other.counts[word]);
        }
    }

    /**
     * Adds words.
     *
     * @throws WordCountException if the distinct words have more than {@link WordCounter#MAX_DISTINCT_BYTES}
     */
    void addAll(Iterator<WordCount> words) {
        while (words.hasNext()) {
            WordCount word = words.next();
            add(word.word(), 0, word.word().length, word.count());
            if (poolSize > WordCounter.MAX_DISTINCT_BYTES) {
                throw new WordCountException("the distinct words of the text have more than "
                        + WordCounter.MAX_DISTINCT_BYTES
                        + " bytes, the limit of the trainer; train on a sample of the text");
            }
        }
    }

    void clear() {
        poolSize = 0;
        size = 0;
        Arrays.fill(slots, 0);
    }

    /** Returns the words in ascending order of their unsigned bytes. The table must not change until it is read. */
    Iterator<WordCount> sorted() {
        Integer[] order = new Integer[size];
        Arrays.setAll(order, word -> word);
        Arrays.sort(
                order,
                (left, right) ->
                        Arrays.compareUnsigned(pool, begins[left], end(left), pool, begins[right], end(right)));
        return Arrays.stream(order)
                .map(word -> new WordCount(Arrays.copyOfRange(pool, begins[word], end(word)), counts[word]))
                .iterator();
    }

    /** Counts the word that was written after the pool's end; adds it to the pool if it is new. */
    private void addAtEnd(int wordEnd, long count) {
        int hash = hash(poolSize, wordEnd);
        int slot = hash & slots.length - 1;
        while (slots[slot] != 0) {
            int word = slots[slot] - 1;
            if (hashes[word] == hash && Arrays.equals(pool, begins[word], end(word), pool, poolSize, wordEnd)) {
                counts[word] += count;
                return;
            }
            slot = slot + 1 & slots.length - 1;
        }
        if (size == counts.length) {
            begins = Arrays.copyOf(begins, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
            hashes = Arrays.copyOf(hashes, size * 2);
        }
        begins[size] = poolSize;
        counts[size] = count;
        hashes[size] = hash;
        poolSize = wordEnd;
        slots[slot] = ++size;
        if (size * 2 > slots.length) {
            grow();
        }
    }

    private int end(int word) {
        return word + 1 < size ? begins[word + 1] : poolSize;
    }

    private int hash(int from, int to) {
        return (int) (WordHash.of(pool, from, to) >>> 32);
    }

    private void reserve(int bytes) {
        int needed = Math.addExact(poolSize, bytes);
        if (needed > pool.length) {
            pool = Arrays.copyOf(pool, Math.max(needed, Math.addExact(pool.length, pool.length >> 1)));
        }
    }

    private void grow() {
        slots = new int[slots.length * 2];
        for (int word = 0; word < size; word++) {
            int slot = hashes[word] & slots.length - 1;
            while (slots[slot] != 0) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = word + 1;
        }
    }
}
