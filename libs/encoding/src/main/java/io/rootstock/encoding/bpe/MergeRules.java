package io.rootstock.encoding.bpe;

import io.rootstock.encoding.pretokenizer.Scanner;

/**
 * The parts of a tokenizer that {@link WordEncoder}s share. Immutable, except for {@code reachable}, whose values are
 * computed on first use and do not depend on the thread.
 *
 * @param scanner finds the words of a text
 * @param symbols tokens from which merging begins
 * @param reachable by token id, whether merging the token's own bytes gives the token: 0 unknown, 1 yes, 2 no
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record MergeRules(
        Vocabulary vocabulary,
        PairTable pairs,
        Scanner scanner,
        Symbols symbols,
        boolean ignoreMerges,
        byte[] reachable) {
    static final byte YES = 1;
    static final byte NO = 2;

    MergeRules(Vocabulary vocabulary, PairTable pairs, Scanner scanner, Symbols symbols, boolean ignoreMerges) {
        this(vocabulary, pairs, scanner, symbols, ignoreMerges, new byte[vocabulary.size()]);
    }
}
