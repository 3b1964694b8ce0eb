package io.rootstock.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The special tokens of a tokenizer: which of them it puts before and after a text, and which end generation. Every part
 * that turns text into tokens obeys this one record: dataset rows, training, evaluation, serving and exports. A chat
 * prompt is the exception: its template alone decides, and is given BOS and EOS as text.
 *
 * @param addBos whether BOS is put before a text
 * @param addEos whether EOS is put after a text
 * @param bos begins a text; empty: the tokenizer has none
 * @param eos ends a text
 * @param endOfTurn tokens that end a turn of a conversation, such as {@code <|im_end|>}; may contain EOS
 * @param pad fills rows of a batch up to one length
 */
public record SpecialTokenRule(
        boolean addBos, boolean addEos, Optional<Token> bos, Token eos, List<Token> endOfTurn, Token pad) {
    /**
     * A special token.
     *
     * @param text its text, such as {@code <|begin_of_text|>}
     */
    public record Token(int id, String text) {}

    public SpecialTokenRule {
        if (addBos && bos.isEmpty()) {
            throw new IllegalArgumentException("addBos needs a BOS token");
        }
        endOfTurn = List.copyOf(endOfTurn);
    }

    /**
     * Reads the rule of a GGUF file as llama.cpp does, with its defaults where a key is missing.
     *
     * @throws InvalidGgufException if the header is damaged or names no EOS token
     */
    public static SpecialTokenRule readGguf(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            return GgufSpecialTokens.read(
                    GgufReader.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena)));
        }
    }

    /** The rule of a classifier, which reads {@code [BOS] text EOS}. */
    public SpecialTokenRule withEos() {
        return new SpecialTokenRule(addBos, true, bos, eos, endOfTurn, pad);
    }

    /** The {@code post_processor} of a {@code tokenizer.json} that adds these tokens. */
    public ObjectNode postProcessor() {
        return PostProcessor.toJson(addBos ? bos : Optional.empty(), addEos ? Optional.of(eos) : Optional.empty());
    }

    /** Id of BOS; empty: there is none. */
    public OptionalInt bosId() {
        return bos.map(token -> OptionalInt.of(token.id())).orElseGet(OptionalInt::empty);
    }

    /** Id of EOS. */
    public int eosId() {
        return eos.id();
    }

    /** Id of the padding token. */
    public int padId() {
        return pad.id();
    }

    /** BOS as a chat template gets it; empty: there is none. */
    public String bosText() {
        return bos.map(Token::text).orElse("");
    }

    /** Ids of the tokens at which generation ends: EOS, then those that end a turn, each once. */
    public List<Integer> endOfGenerationIds() {
        return IntStream.concat(IntStream.of(eos.id()), endOfTurn.stream().mapToInt(Token::id))
                .distinct()
                .boxed()
                .toList();
    }

    /** The tokens of the beginning of a text whose continuation is scored: {@code [BOS] text}. */
    public int[] beginning(int[] text) {
        return framed(text, text.length, false);
    }

    /** The tokens of a text: {@code [BOS] text [EOS]}, BOS and EOS where the rule adds them. */
    public int[] text(int[] text) {
        return framed(text, text.length, addEos);
    }

    /**
     * The tokens of a document of a corpus or of a text to classify: {@code [BOS] text EOS}, BOS where the rule adds it.
     *
     * @param maximumTokens the text is cut so that all of it fits
     */
    public int[] sequence(int[] text, int maximumTokens) {
        return framed(text, Math.min(text.length, maximumTokens - overhead()), true);
    }

    /** Tokens that {@link #sequence} adds to a text. */
    public int overhead() {
        return addBos ? 2 : 1;
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
