package io.rootstock.tokenizer.dataset;

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
}
