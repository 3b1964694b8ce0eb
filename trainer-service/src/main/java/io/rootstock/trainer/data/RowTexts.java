package io.rootstock.trainer.data;

import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.evaluation.baseline.LabelledText;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** Rows of a split as text, without special tokens. */
public final class RowTexts {
    /** Tokens of a training split that a baseline reads: about 12 MB of text. Of a larger split it reads a sample. */
    public static final int BASELINE_TOKENS = 3_000_000;

    private final TokenizerFiles tokenizer;
    private final Set<Integer> special = new HashSet<>();

    /** Creates a decoder for rows of this tokenizer. */
    public RowTexts(TokenizerFiles tokenizer) {
        this.tokenizer = tokenizer;
        tokenizer.specialTokens().forEach(token -> special.add(token.id()));
    }

    /**
     * An instruction row.
     *
     * @param prompt text before the first answer
     * @param answer text of the first answer
     */
    public record Answered(String prompt, String answer) {}

    /**
     * Decodes labelled rows, one at a time.
     *
     * @param mostRows number of rows to keep, evenly spaced
     */
    public Stream<LabelledText> labelled(Corpus corpus, int mostRows) {
        return Rows.spread(corpus, mostRows).stream()
                .map(address -> new LabelledText(
                        text(address.shard().row(address.row())),
                        address.shard().label(address.row())));
    }

    /** Decodes instruction rows, one at a time; see {@link #labelled}. */
    public Stream<Answered> answered(Corpus corpus, int mostRows) {
        return Rows.spread(corpus, mostRows).stream().map(address -> {
            byte[] mask = address.shard().mask(address.row());
            int start = 0;
            while (start < mask.length && (mask[start] & 1) == 0) {
                start++;
            }
            int end = start;
            while (end < mask.length && (mask[end] & 1) == 1) {
                end++;
            }
            int[] tokens = address.shard().row(address.row());
            return new Answered(
                    text(Arrays.copyOfRange(tokens, 0, start)), text(Arrays.copyOfRange(tokens, start, end)));
        });
    }

    /** Decodes tokens without special ones. */
    public String text(int[] tokens) {
        return tokenizer.text(
                Arrays.stream(tokens).filter(token -> !special.contains(token)).toArray());
    }
}
