package io.rootstock.tokenizer.dataset;

import io.rootstock.tokenizer.bpe.Tokenizer;

/**
 * A tokenized row.
 *
 * @param tokens its tokens [n]
 * @param answer [n], 1 where a token counts for the loss, of a pair 2 more in the rejected half; null where all do
 * @param label the class as text; null unless labelled
 * @param bytes UTF-8 bytes of the text behind the loss tokens
 * @param characters code points of the same text
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; millions of them
record Example(int[] tokens, byte[] answer, String label, long bytes, long characters) {

    /** Tokens that count for the loss. */
    long lossTokens() {
        if (answer == null) {
            // The first token has nothing before it to be predicted from.
            return tokens.length - 1L;
        }
        long count = 0;
        for (byte one : answer) {
            count += one & 1;
        }
        return count;
    }

    /** Tokens behind {@link #bytes}: those of answers where the row has answers, otherwise all; none is special. */
    long textTokens(Tokenizer tokenizer) {
        long count = 0;
        for (int i = 0; i < tokens.length; i++) {
            boolean counts = answer == null || (answer[i] & 1) == 1;
            count += counts && !tokenizer.isSpecial(tokens[i]) ? 1 : 0;
        }
        return count;
    }
}
