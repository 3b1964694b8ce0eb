package io.rootstock.encoding.bpe;

import io.rootstock.encoding.pretokenizer.Scanner;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a tokenizer that {@link WordEncoder}s share. Immutable.
 *
 * @param scanner finds the words of a text
 * @param symbols tokens from which merging begins
 * @param unmerged tokens that are used for a word of their bytes although merging does not give them
 */
record MergeRules(Vocabulary vocabulary, PairTable pairs, Scanner scanner, Symbols symbols, TokenIndex unmerged) {
    private static final byte[] NONE = new byte[0];

    /**
     * Creates rules.
     *
     * @param ignoreMerges whether a word that is in the vocabulary becomes that token without merging
     */
    static MergeRules of(Vocabulary vocabulary, Scanner scanner, Symbols symbols, boolean ignoreMerges) {
        PairTable pairs = new PairTable(vocabulary.merges(), vocabulary.mergeRanks());
        return new MergeRules(
                vocabulary,
                pairs,
                scanner,
                symbols,
                new TokenIndex(unmerged(vocabulary, pairs, symbols, ignoreMerges)));
    }

    private static List<byte[]> unmerged(
            Vocabulary vocabulary, PairTable pairs, Symbols symbols, boolean ignoreMerges) {
        List<byte[]> tokens = new ArrayList<>();
        WordMerger merger = new WordMerger(pairs);
        int[] ids = new int[vocabulary.longest()];
        int[] starts = new int[vocabulary.longest()];
        for (int id = 0; ignoreMerges && id < vocabulary.size(); id++) {
            byte[] token = vocabulary.bytes(id);
            int count = merger.merge(ids, symbols.split(token, 0, token.length, ids, starts));
            boolean found = token.length == 0 || (count == 1 && ids[0] == id);
            tokens.add(found ? NONE : token);
        }
        return tokens;
    }

    /** Returns the token that a word is without merging, or -1. */
    int whole(byte[] text, int from, int to) {
        return unmerged.idOf(text, from, to);
    }
}
