package io.rootstock.tokenizer.bpe;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tokens and merges of a tokenizer, without special tokens.
 *
 * <p>Of those trained here ids 0 to 255 are bytes (see {@link ByteAlphabet}) and the others are results of merges; those
 * of others have any order, ids between that are no token's, and maybe no token for some byte. Every token's bytes are
 * unique. Immutable.
 */
public final class Vocabulary {
    private final List<byte[]> tokens;
    private final List<Merge> merges;
    private final Map<ByteBuffer, Integer> idsByBytes;
    private final int[] idsByByte = new int[ByteAlphabet.SIZE];

    private Vocabulary(List<byte[]> tokens, List<Merge> merges, Map<ByteBuffer, Integer> idsByBytes) {
        this.tokens = List.copyOf(tokens);
        this.merges = List.copyOf(merges);
        this.idsByBytes = Map.copyOf(idsByBytes);
        for (int value = 0; value < ByteAlphabet.SIZE; value++) {
            idsByByte[value] = idOf(new byte[] {(byte) value}, 0, 1);
        }
    }

    /**
     * A vocabulary of any order.
     *
     * @param tokens bytes in id order; none where the id is an added token's
     * @param merges in their order
     */
    public static Vocabulary of(List<byte[]> tokens, List<Merge> merges) {
        Map<ByteBuffer, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (tokens.get(id).length > 0) {
                ids.put(ByteBuffer.wrap(tokens.get(id)), id);
            }
        }
        return new Vocabulary(tokens, merges, ids);
    }

    /** The id of the token that is one byte, 0 to 255; -1 where there is none. */
    int idOf(int value) {
        return idsByByte[value];
    }

    /** Number of ids: of those trained here 256 and one for each result of a merge. */
    public int size() {
        return tokens.size();
    }

    /** Bytes of a token (a copy). */
    public byte[] bytes(int id) {
        return tokens.get(id).clone();
    }

    /** Number of bytes of a token. */
    int length(int id) {
        return tokens.get(id).length;
    }

    /** The merges, first learned first. */
    public List<Merge> merges() {
        return merges;
    }

    /** The id of the token with these bytes, or -1. */
    public int idOf(byte[] bytes, int from, int to) {
        return idsByBytes.getOrDefault(ByteBuffer.wrap(bytes, from, to - from), -1);
    }

    /** Collects merges into a vocabulary. */
    public static final class Builder {
        private final List<byte[]> tokens = new ArrayList<>();
        private final Set<Merge> merges = new LinkedHashSet<>();
        private final Map<ByteBuffer, Integer> idsByBytes = new HashMap<>();

        /** Begins with the 256 bytes. */
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
         * Adds a merge; a merge that is there already keeps its rank.
         *
         * @return the id of its result: a new one, or that of the token which another merge has made of the same bytes
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
            return new Vocabulary(tokens, List.copyOf(merges), idsByBytes);
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
