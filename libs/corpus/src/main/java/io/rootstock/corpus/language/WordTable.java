package io.rootstock.corpus.language;

import java.io.IOException;
import java.util.Arrays;

/** Words and labels of a fastText dictionary by their bytes. */
final class WordTable {
    /** Token that ends each text. */
    static final byte[] END_OF_TEXT = {'<', '/', 's', '>'};

    private static final int MAX_ENTRIES = 1 << 28;
    private static final long MAX_OCCURRENCES = 100_000_000_000L;

    /** Number of words; entries from here on are labels. */
    final int words;

    /** Number of labels. */
    final int labels;

    /** Entries: words, then labels. */
    final byte[][] entries;

    /** Occurrences of each label in the training data. */
    final long[] labelCounts;

    /** Number of pruned buckets that follow in the file; negative if the model is not pruned. */
    final long prunedBuckets;

    private final int[] table;
    private final int[] hashes;

    private WordTable(int words, byte[][] entries, long[] labelCounts, long prunedBuckets) {
        this.words = words;
        this.labels = entries.length - words;
        this.entries = entries;
        this.labelCounts = labelCounts;
        this.prunedBuckets = prunedBuckets;
        table = new int[Integer.highestOneBit(Math.max(2, entries.length)) << 2];
        hashes = new int[entries.length];
        Arrays.fill(table, -1);
        for (int entry = 0; entry < entries.length; entry++) {
            int hash = hash(entries[entry], 0, entries[entry].length);
            hashes[entry] = hash;
            int slot = slot(hash);
            while (table[slot] >= 0) {
                slot = slot + 1 & table.length - 1;
            }
            table[slot] = entry;
        }
    }

    static WordTable read(ModelInput in) throws IOException {
        int size = in.readInt("number of entries", 1, MAX_ENTRIES);
        int words = in.readInt("number of words", 0, size);
        int labels = in.readInt("number of labels", 1, size);
        if (words + labels != size) {
            throw in.invalid("the dictionary has " + size + " entries, but " + words + " words and " + labels
                    + " labels; the file may be damaged: download it again");
        }
        in.readLong();
        long prunedBuckets = in.readLong();
        if (prunedBuckets > MAX_ENTRIES) {
            throw in.invalid("number of pruned buckets is " + prunedBuckets + ", above " + MAX_ENTRIES
                    + "; the file may be damaged: download it again");
        }
        byte[][] entries = new byte[Math.min(size, 1 << 16)][];
        long[] labelCounts = new long[labels];
        for (int entry = 0; entry < size; entry++) {
            if (entry == entries.length) {
                entries = Arrays.copyOf(entries, (int) Math.min(size, entries.length * 2L));
            }
            entries[entry] = in.readWord();
            long count = in.readLong();
            boolean label = in.readBoolean();
            if (label != entry >= words) {
                throw in.invalid("entry " + entry + " of the dictionary is a " + (label ? "label" : "word")
                        + " at the place of the other kind; the file may be damaged: download it again");
            }
            if (label) {
                if (count < 0 || count > MAX_OCCURRENCES) {
                    throw in.invalid("a label has " + count + " occurrences, outside of 0 to " + MAX_OCCURRENCES
                            + "; the file may be damaged: download it again");
                }
                labelCounts[entry - words] = count;
            }
        }
        return new WordTable(words, entries, labelCounts, prunedBuckets);
    }

    /** Returns the entry with the bytes of a range, whose {@link #hash} is given; -1 if none. */
    int find(byte[] utf8, int from, int to, int hash) {
        int slot = slot(hash);
        int entry = table[slot];
        while (entry >= 0) {
            if (hashes[entry] == hash && Arrays.equals(entries[entry], 0, entries[entry].length, utf8, from, to)) {
                return entry;
            }
            slot = slot + 1 & table.length - 1;
            entry = table[slot];
        }
        return -1;
    }

    private int slot(int hash) {
        return (hash ^ hash >>> 15) & table.length - 1;
    }

    /** fastText's hash: FNV-1a of 32 bits, with the bytes extended by their sign. */
    static int hash(byte[] utf8, int from, int to) {
        int hash = 0x811C9DC5;
        for (int at = from; at < to; at++) {
            hash = (hash ^ utf8[at]) * 16777619;
        }
        return hash;
    }
}
