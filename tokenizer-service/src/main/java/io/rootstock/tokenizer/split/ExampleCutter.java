package io.rootstock.tokenizer.split;

import io.rootstock.encoding.bpe.Tokenizer;
import java.util.Arrays;

/** Cuts a document at the boundary of an ordered split. */
final class ExampleCutter {
    private final Tokenizer tokenizer;

    ExampleCutter(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Cuts a document into two documents.
     *
     * @param document {@code bot text eot}
     * @param bytes target size of the first document's text, rounded to a token and never inside of a character
     */
    Example[] cut(Example document, long bytes) {
        int[] tokens = document.tokens();
        int last = tokens.length - 1;
        int cut = 1;
        long before = 0;
        long characters = 0;
        long passedBytes = 0;
        long passedCharacters = 0;
        for (int i = 1; i < last && passedBytes < bytes; i++) {
            byte[] spelled = tokenizer.bytes(tokens[i]);
            if (!isContinuation(spelled[0])) {
                cut = i;
                before = passedBytes;
                characters = passedCharacters;
            }
            passedBytes += spelled.length;
            for (byte value : spelled) {
                passedCharacters += isContinuation(value) ? 0 : 1;
            }
        }
        int[] first = Arrays.copyOf(tokens, cut + 1);
        first[cut] = tokens[last];
        int[] second = new int[tokens.length - cut + 1];
        second[0] = tokens[0];
        System.arraycopy(tokens, cut, second, 1, tokens.length - cut);
        return new Example[] {
            new Example(first, null, null, before, characters),
            new Example(second, null, null, document.bytes() - before, document.characters() - characters)
        };
    }

    private static boolean isContinuation(byte value) {
        return (value & 0xC0) == 0x80;
    }
}
