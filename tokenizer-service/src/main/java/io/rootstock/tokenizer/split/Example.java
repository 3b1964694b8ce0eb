package io.rootstock.tokenizer.split;

import io.rootstock.encoding.bpe.Tokenizer;

/**
 * A tokenized row.
 *
 * @param tokens token ids [n]
 * @param answer loss mask [n]: 1 for tokens that count in the loss, plus 2 in the rejected half of a pair; null: all
 *     count
 * @param label class label as text; null unless labelled
 * @param bytes UTF-8 bytes of the text of the loss tokens
 * @param characters code points of that text
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; millions of them
public record Example(int[] tokens, byte[] answer, String label, long bytes, long characters) {

    /** Number of tokens that count in the loss. */
    public long lossTokens() {
        if (answer == null) {
            // The first token cannot be predicted.
            return tokens.length - 1L;
        }
        long count = 0;
        for (byte one : answer) {
            count += one & 1;
        }
        return count;
    }

    /**
     * Number of tokens of the text that {@link #bytes} counts: the answers' tokens, or all if the row has no answers.
     */
    public long textTokens(Tokenizer tokenizer) {
        long count = 0;
        for (int i = 0; i < tokens.length; i++) {
            boolean counts = answer == null || (answer[i] & 1) == 1;
            count += counts && !tokenizer.isSpecial(tokens[i]) ? 1 : 0;
        }
        return count;
    }
}
