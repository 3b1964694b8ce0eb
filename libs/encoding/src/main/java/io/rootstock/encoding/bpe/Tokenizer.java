package io.rootstock.encoding.bpe;

import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.encoding.ModelCodec;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.SpecialTokenInTextException;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.TextCodec;
import io.rootstock.encoding.TokenBuffer;
import io.rootstock.encoding.TokenizedText;
import io.rootstock.encoding.Utf8;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A byte-level BPE tokenizer: converts text to token ids and back without loss (a tokenizer that normalizes to NFC, for
 * text in NFC).
 *
 * <p>Immutable, safe for several threads. Example: {@code encode("hi<|im_end|>", AS_SPECIAL)} may return
 * {@code [325, 4094]}, and {@code decode} returns the original text.
 */
public final class Tokenizer implements TextCodec {
    private final ModelCodec codec;
    private final List<SpecialToken> specialTokens;
    private final SpecialTokenRule rule;
    private final String chatTemplate;

    /**
     * Creates a tokenizer trained by Rootstock: it adds BOS to a text.
     *
     * @param specialTokens contents in id order, the first has the id {@code vocabulary.size()}; at least BOS, EOS and
     *     padding of {@link SpecialToken#DEFAULT}
     * @param chatTemplate Jinja source
     */
    public Tokenizer(
            Vocabulary vocabulary, SplitPattern splitPattern, List<String> specialTokens, String chatTemplate) {
        this(
                vocabulary,
                splitPattern,
                splitPattern.ignoreMerges(),
                false,
                numbered(vocabulary.size(), specialTokens),
                rule(vocabulary.size(), specialTokens),
                chatTemplate);
    }

    private static SpecialTokenRule rule(int first, List<String> texts) {
        Function<String, SpecialTokenRule.Token> token =
                text -> new SpecialTokenRule.Token(first + texts.indexOf(text), text);
        return new SpecialTokenRule(
                true,
                false,
                Optional.of(token.apply(SpecialToken.BEGIN_OF_TEXT)),
                token.apply(SpecialToken.END_OF_TEXT),
                texts.contains(SpecialToken.MESSAGE_END) ? List.of(token.apply(SpecialToken.MESSAGE_END)) : List.of(),
                token.apply(SpecialToken.PADDING));
    }

    /**
     * Creates any byte-level tokenizer.
     *
     * @param ignoreMerges whether a word that is in the vocabulary becomes that token without merging
     * @param composed whether text is normalized to Unicode NFC first
     * @param specialTokens special tokens in id order
     * @param rule special tokens that are added to a text
     * @param chatTemplate Jinja source
     */
    public Tokenizer(
            Vocabulary vocabulary,
            SplitPattern splitPattern,
            boolean ignoreMerges,
            boolean composed,
            List<SpecialToken> specialTokens,
            SpecialTokenRule rule,
            String chatTemplate) {
        this(
                new ByteLevelBpe(vocabulary, splitPattern, ignoreMerges, composed, specialTokens),
                specialTokens,
                rule,
                chatTemplate);
    }

    /**
     * Creates any tokenizer.
     *
     * @param codec vocabulary and rules of merging, which knows the special tokens
     * @param specialTokens special tokens in id order
     * @param rule special tokens that are added to a text
     * @param chatTemplate Jinja source
     */
    public Tokenizer(ModelCodec codec, List<SpecialToken> specialTokens, SpecialTokenRule rule, String chatTemplate) {
        this.codec = codec;
        this.specialTokens = List.copyOf(specialTokens);
        this.rule = rule;
        this.chatTemplate = chatTemplate;
    }

    private static List<SpecialToken> numbered(int first, List<String> texts) {
        List<SpecialToken> numbered = new ArrayList<>();
        for (String text : texts) {
            numbered.add(new SpecialToken(text, first + numbered.size(), true));
        }
        return numbered;
    }

    /** Vocabulary and rules of a byte-level tokenizer; empty: a SentencePiece tokenizer. */
    public Optional<ByteLevelBpe> byteLevel() {
        return codec instanceof ByteLevelBpe bytes ? Optional.of(bytes) : Optional.empty();
    }

    /**
     * Tokens and merges of a byte-level tokenizer, without special tokens.
     *
     * @throws IllegalStateException if this is a SentencePiece tokenizer
     */
    public Vocabulary vocabulary() {
        return byteLevel()
                .orElseThrow(() -> new IllegalStateException("a SentencePiece tokenizer has no byte-level vocabulary"))
                .vocabulary();
    }

    /**
     * Whether encoding adds a blank before a part of a text between special tokens, as Llama 2 does.
     *
     * @param first whether it is the first part, which does not follow a special token
     */
    public boolean addsBlank(boolean first) {
        return codec.addsBlank(first);
    }

    /** Special tokens in id order. */
    public List<SpecialToken> specialTokens() {
        return specialTokens;
    }

    /** Whether text is normalized to Unicode NFC before it is encoded. */
    public boolean composed() {
        return byteLevel().map(ByteLevelBpe::composed).orElse(false);
    }

    /** Special tokens that are added to a text. */
    public SpecialTokenRule rule() {
        return rule;
    }

    /** Jinja source of the chat template. */
    public String chatTemplate() {
        return chatTemplate;
    }

    /** Number of ids, special tokens included. */
    public int size() {
        return codec.size();
    }

    /** Whether a token is a control token; other added tokens represent text. */
    public boolean isSpecial(int id) {
        return codec.isSpecial(id);
    }

    /** Returns the id of a special token. */
    public Optional<Integer> specialTokenId(String text) {
        return specialTokens.stream()
                .filter(token -> token.text().equals(text))
                .map(SpecialToken::id)
                .findFirst();
    }

    /**
     * Encodes a text. A lone surrogate is encoded as U+FFFD.
     *
     * @throws SpecialTokenInTextException if the policy is REFUSE and the text contains a special token
     */
    @Override
    public int[] encode(String text, SpecialTokenPolicy policy) {
        return encode(Utf8.encode(text, 0, text.length()), policy);
    }

    @Override
    public void encode(byte[] text, int from, int to, SpecialTokenPolicy policy, TokenBuffer output) {
        codec.encode(text, from, to, policy, output);
    }

    /**
     * Encodes a text as {@link SpecialTokenPolicy#AS_TEXT} does, with the characters of each token. For a tokenizer
     * that normalizes, the text must be in Unicode NFC, so that the positions are valid in it.
     */
    public TokenizedText encodeWithOffsets(String text) {
        return encodeWithOffsets(text, true);
    }

    /**
     * As {@link #encodeWithOffsets(String)}, for a part of a text.
     *
     * @param first whether the part is the first one, which does not follow a special token
     */
    public TokenizedText encodeWithOffsets(String text, boolean first) {
        return codec.encodeWithOffsets(text, first);
    }

    @Override
    public byte[] decode(int[] ids, boolean skipSpecialTokens) {
        return codec.decode(ids, skipSpecialTokens);
    }

    /**
     * Returns the bytes of a token; for a special token the bytes of its text.
     *
     * @throws IndexOutOfBoundsException if the id is not in the vocabulary
     */
    public byte[] bytes(int id) {
        return codec.bytes(id);
    }
}
