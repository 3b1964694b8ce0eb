package io.rootstock.checkpoint.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The special tokens of a tokenizer: which of them are added before and after a text, and which end generation.
 * Everything that tokenizes text follows this record: dataset rows, training, evaluation, serving and exports. The
 * exception is a chat prompt: its template decides alone, and gets BOS and EOS as text.
 *
 * @param addBos whether BOS is added before a text
 * @param addEos whether EOS is added after a text
 * @param bos token that begins a text; empty if the tokenizer has none
 * @param eos token that ends a text
 * @param endOfTurn tokens that end a turn of a conversation, such as {@code <|im_end|>}; may contain EOS
 * @param pad token that pads the rows of a batch to equal length
 */
public record SpecialTokenRule(
        boolean addBos, boolean addEos, Optional<Token> bos, Token eos, List<Token> endOfTurn, Token pad) {
    /** Contents of tokens that end a turn; llama.cpp recognizes them by their text too. */
    public static final List<String> END_OF_TURN = List.of("<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>");

    /**
     * A special token.
     *
     * @param text content, such as {@code <|begin_of_text|>}
     */
    public record Token(int id, String text) {}

    public SpecialTokenRule {
        if (addBos && bos.isEmpty()) {
            throw new IllegalArgumentException("addBos needs a BOS token");
        }
        endOfTurn = List.copyOf(endOfTurn);
    }

    /** Returns the {@code post_processor} of a {@code tokenizer.json} that adds these tokens. */
    public ObjectNode postProcessor() {
        return PostProcessor.toJson(addBos ? bos : Optional.empty(), addEos ? Optional.of(eos) : Optional.empty());
    }

    /** Id of BOS; empty if the tokenizer has none. */
    public OptionalInt bosId() {
        return bos.map(token -> OptionalInt.of(token.id())).orElseGet(OptionalInt::empty);
    }

    /** Id of EOS, which ends a text. */
    public int eosId() {
        return eos.id();
    }

    /** Id of the padding token. */
    public int padId() {
        return pad.id();
    }

    /** Value of a chat template's {@code bos_token}; empty if the tokenizer has none. */
    public String bosText() {
        return bos.map(Token::text).orElse("");
    }

    /** Ids of the tokens that end generation: EOS, then the tokens that end a turn, without duplicates. */
    public List<Integer> endOfGenerationIds() {
        return IntStream.concat(IntStream.of(eos.id()), endOfTurn.stream().mapToInt(Token::id))
                .distinct()
                .boxed()
                .toList();
    }

    /** Returns the tokens of a text's beginning, to score its continuation: {@code [BOS] text}. */
    public int[] beginning(int[] text) {
        return framed(text, text.length, false);
    }

    /** Returns the tokens of a text: {@code [BOS] text [EOS]}, with BOS and EOS if the rule adds them. */
    public int[] text(int[] text) {
        return framed(text, text.length, addEos);
    }

    /** Returns the tokens of a document: {@code [BOS] text EOS}, with BOS if the rule adds it. */
    public int[] document(int[] text) {
        return framed(text, text.length, true);
    }

    /**
     * Returns the tokens of a text to classify: as {@link #text}, truncated. The class is read at the last token, and the
     * hidden state at an EOS says little about the text (decision 0114). A text without any token is EOS.
     *
     * @param maxTokens maximum length; the text is truncated to fit
     */
    public int[] classified(int[] text, int maxTokens) {
        int[] tokens = framed(text, Math.min(text.length, maxTokens - overhead()), addEos);
        return tokens.length > 0 ? tokens : new int[] {eos.id()};
    }

    /** As {@link #classified}, always with EOS: the rows of classifiers that an earlier version trained. */
    public int[] classifiedWithEos(int[] text, int maxTokens) {
        return framed(text, Math.min(text.length, maxTokens - overhead() - (addEos ? 0 : 1)), true);
    }

    /** Number of tokens that {@link #classified} adds to a text. */
    public int overhead() {
        return (addBos ? 1 : 0) + (addEos ? 1 : 0);
    }

    private int[] framed(int[] text, int length, boolean withEos) {
        int before = addBos ? 1 : 0;
        int[] framed = Arrays.copyOf(new int[] {bosId().orElse(0)}, before + length + (withEos ? 1 : 0));
        System.arraycopy(text, 0, framed, before, length);
        if (withEos) {
            framed[before + length] = eos.id();
        }
        return framed;
    }
}
