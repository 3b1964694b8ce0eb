package io.rootstock.encoding.bpe;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tokens and merges of a tokenizer, without special tokens.
 *
 * <p>In vocabularies trained by Rootstock, ids 0 to 255 are bytes (see {@link ByteAlphabet}) and the others are results
 * of merges. Imported vocabularies have any order, may have unused ids, and may lack tokens for some bytes. Every
 * token's bytes are unique. At most 1,048,575 ids. Immutable.
 */
public final class Vocabulary {
    private final TokenIndex tokens;
    private final List<Merge> merges;

    /** Rank of each merge; null if the merges are in the order of ranks, each with its own. */
    private final int[] mergeRanks;

    private final boolean byRank;
    private final int[] idsByByte = new int[ByteAlphabet.SIZE];

    private Vocabulary(List<byte[]> tokens, List<Merge> merges, int[] mergeRanks, boolean byRank) {
        if (tokens.size() > PairTable.MAX_IDS) {
            throw new IllegalArgumentException(
                    "the vocabulary has " + tokens.size() + " ids; the limit is " + PairTable.MAX_IDS);
        }
        this.tokens = new TokenIndex(tokens);
        this.merges = List.copyOf(merges);
        this.mergeRanks = mergeRanks;
        this.byRank = byRank;
        for (int value = 0; value < ByteAlphabet.SIZE; value++) {
            idsByByte[value] = idOf(new byte[] {(byte) value}, 0, 1);
        }
    }

    /**
     * Creates a vocabulary of any order.
     *
     * @param tokens bytes in id order; empty for the ids of added tokens
     * @param merges merges in rank order
     */
    public static Vocabulary of(List<byte[]> tokens, List<Merge> merges) {
        return new Vocabulary(tokens, merges, null, false);
    }

    /**
     * Creates a vocabulary whose ids are ranks, as in tiktoken: any two tokens whose bytes together are a token merge,
     * the lowest id first, at equal ids the leftmost. Only one pair per token ever merges, see {@link RankedMerges}.
     *
     * @param tokens bytes in id order; empty for unused ids
     */
    public static Vocabulary ofRanks(List<byte[]> tokens) {
        int[] ranks = new int[tokens.size()];
        Arrays.setAll(ranks, id -> id);
        return new Vocabulary(tokens, RankedMerges.of(new TokenIndex(tokens), ranks, false), null, true);
    }

    /**
     * Creates a vocabulary of tokens of UTF-8 characters, which merging does not divide: any two tokens whose bytes
     * together are a token merge, the lowest rank first, of equal ranks the leftmost.
     *
     * @param tokens bytes in id order; empty for ids that are not merged
     * @param ranks rank of each token, 0 to 1,048,574
     */
    public static Vocabulary ofCharacters(List<byte[]> tokens, int[] ranks) {
        List<Merge> merges = new ArrayList<>(RankedMerges.of(new TokenIndex(tokens), ranks, true));
        merges.sort(Comparator.comparingInt(merge -> ranks[merge.result()]));
        return new Vocabulary(
                tokens,
                merges,
                merges.stream().mapToInt(merge -> ranks[merge.result()]).toArray(),
                false);
    }

    /** Returns the id of the token of one byte, 0 to 255; -1 if it does not exist. */
    int idOf(int value) {
        return idsByByte[value];
    }

    /** Number of ids; if trained by Rootstock, 256 plus the number of merge results. */
    public int size() {
        return tokens.size();
    }

    /** Returns a copy of a token's bytes. */
    public byte[] bytes(int id) {
        return tokens.bytes(id);
    }

    /** Number of bytes of a token. */
    int length(int id) {
        return tokens.length(id);
    }

    /** Number of bytes of the longest token. */
    int longest() {
        return tokens.longest();
    }

    /** Merges in rank order: first learned first. */
    public List<Merge> merges() {
        return merges;
    }

    /** Rank of each merge; null if the merges are in the order of ranks, each with its own. */
    int[] mergeRanks() {
        return mergeRanks;
    }

    /** Whether ids are ranks, as in tiktoken. */
    public boolean byRank() {
        return byRank;
    }

    /** Returns the id of the token with these bytes, or -1. */
    public int idOf(byte[] bytes, int from, int to) {
        return tokens.idOf(bytes, from, to);
    }

    /** Builds a vocabulary from merges. */
    public static final class Builder {
        private final List<byte[]> tokens = new ArrayList<>();
        private final Set<Merge> merges = new LinkedHashSet<>();
        private final Map<ByteBuffer, Integer> idsByBytes = new HashMap<>();

        /** Begins with the 256 byte tokens. */
        public Builder() {
            for (int id = 0; id < ByteAlphabet.SIZE; id++) {
                idOf(new byte[] {(byte) ByteAlphabet.byteOf(id)});
            }
        }

        /** Number of tokens so far. */
        public int size() {
            return tokens.size();
        }

        /**
         * Adds a merge; an existing merge keeps its rank.
         *
         * @return id of the result: a new id, or the id of an existing token with equal bytes
         */
        public int merge(int left, int right) {
            byte[] first = tokens.get(left);
            byte[] second = tokens.get(right);
            byte[] bytes = new byte[first.length + second.length];
            System.arraycopy(first, 0, bytes, 0, first.length);
            System.arraycopy(second, 0, bytes, first.length, second.length);
            int result = idOf(bytes);
            merges.add(new Merge(left, right, result));
            return result;
        }

        /** The vocabulary of all merges so far. */
        public Vocabulary build() {
            return new Vocabulary(tokens, List.copyOf(merges), null, false);
        }

        private int idOf(byte[] bytes) {
            Integer id = idsByBytes.putIfAbsent(ByteBuffer.wrap(bytes), tokens.size());
            if (id == null) {
                tokens.add(bytes);
                return tokens.size() - 1;
            }
            return id;
        }
    }
}
