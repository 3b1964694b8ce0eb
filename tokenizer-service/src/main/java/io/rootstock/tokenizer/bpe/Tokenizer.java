package io.rootstock.tokenizer.bpe;

import io.rootstock.checkpoint.SpecialTokenRule;
import io.rootstock.tokenizer.pretokenizer.SplitPattern;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A byte-level BPE tokenizer: text to token ids and back, exact for every text (of those that put text into normal form C,
 * for every text in it).
 *
 * <p>Immutable, safe for several threads. For example {@code encode("hi<|im_end|>", AS_SPECIAL)} may give {@code [325,
 * 4094]} and {@code decode} of that gives the text back.
 */
public final class Tokenizer {
    private final Vocabulary vocabulary;
    private final SplitPattern splitPattern;
    private final boolean ignoreMerges;
    private final boolean composed;
    private final List<SpecialToken> specialTokens;
    private final Map<Integer, SpecialToken> specialById = new HashMap<>();
    private final SpecialTokenRule rule;
    private final String chatTemplate;
    private final WordEncoder encoder;

    /**
     * A tokenizer as they are trained here: it puts BOS before a text.
     *
     * @param specialTokens texts in id order, the first gets the id {@code vocabulary.size()}; at least BOS, EOS and
     *     padding of {@link SpecialToken#STANDARD}
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
     * Any tokenizer.
     *
     * @param ignoreMerges whether a whole word that is in the vocabulary becomes that token whatever the merges say
     * @param composed whether text is put into Unicode's normal form C first
     * @param specialTokens in id order
     * @param rule which special tokens are added to a text
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
        this.vocabulary = vocabulary;
        this.splitPattern = splitPattern;
        this.ignoreMerges = ignoreMerges;
        this.composed = composed;
        this.specialTokens = List.copyOf(specialTokens);
        this.rule = rule;
        this.chatTemplate = chatTemplate;
        this.specialTokens.forEach(token -> specialById.put(token.id(), token));
        this.encoder = new WordEncoder(vocabulary, splitPattern.scanner(), ignoreMerges);
    }

    private static List<SpecialToken> numbered(int first, List<String> texts) {
        List<SpecialToken> numbered = new ArrayList<>();
        for (String text : texts) {
            numbered.add(new SpecialToken(text, first + numbered.size(), true));
        }
        return numbered;
    }

    /** Tokens and merges. */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** How text is split into words. */
    public SplitPattern splitPattern() {
        return splitPattern;
    }

    /** Whether a whole word that is in the vocabulary becomes that token whatever the merges say. */
    public boolean ignoreMerges() {
        return ignoreMerges;
    }

    /** Special tokens in id order. */
    public List<SpecialToken> specialTokens() {
        return specialTokens;
    }

    /** Whether text is put into Unicode's normal form C before it is encoded. */
    public boolean composed() {
        return composed;
    }

    /** Which special tokens are added to a text. */
    public SpecialTokenRule rule() {
        return rule;
    }

    /** Jinja source of the chat template. */
    public String chatTemplate() {
        return chatTemplate;
    }

    /** Number of ids, special tokens included. */
    public int size() {
        return specialTokens.isEmpty()
                ? vocabulary.size()
                : Math.max(vocabulary.size(), specialTokens.getLast().id() + 1);
    }

    /** Whether a token is a control token; other added tokens stand for text. */
    public boolean isSpecial(int id) {
        SpecialToken special = specialById.get(id);
        return special != null && special.control();
    }

    /** The id of a special token. */
    public Optional<Integer> specialTokenId(String text) {
        return specialTokens.stream()
                .filter(token -> token.text().equals(text))
                .map(SpecialToken::id)
                .findFirst();
    }

    /**
     * Encodes a text.
     *
     * @throws SpecialTokenInTextException where the policy is REFUSE and the text contains a special token
     */
    public int[] encode(String text, SpecialTokenPolicy policy) {
        List<SpecialToken> sought = policy == SpecialTokenPolicy.AS_TEXT
                ? specialTokens.stream().filter(token -> !token.control()).toList()
                : specialTokens;
        TokenBuffer output = new TokenBuffer();
        int from = 0;
        Occurrence found = next(text, 0, sought);
        while (found != null) {
            if (policy == SpecialTokenPolicy.REFUSE && found.token.control()) {
                throw new SpecialTokenInTextException(found.token.text(), found.position);
            }
            encodeWords(text, from, found.position, output);
            output.add(found.token.id());
            from = found.position + found.token.text().length();
            found = next(text, from, sought);
        }
        encodeWords(text, from, text.length(), output);
        return output.toArray();
    }

    /**
     * Encodes a text as {@link SpecialTokenPolicy#AS_TEXT} does and says which characters each token comes from. Where the
     * tokenizer composes, the text must be in Unicode's normal form C, so that the positions are its own.
     */
    public TokenizedText encodeWithOffsets(String text) {
        List<SpecialToken> sought =
                specialTokens.stream().filter(token -> !token.control()).toList();
        TokenizedText.Builder output = new TokenizedText.Builder(vocabulary, encoder);
        int from = 0;
        Occurrence found = next(text, 0, sought);
        while (found != null) {
            output.addWords(text, from, found.position);
            from = found.position + found.token.text().length();
            output.add(found.token.id(), found.position, from);
            found = next(text, from, sought);
        }
        output.addWords(text, from, text.length());
        return output.build();
    }

    private void encodeWords(String text, int from, int to, TokenBuffer output) {
        String part = text.substring(from, to);
        char[] characters = (composed ? Normalizer.normalize(part, Normalizer.Form.NFC) : part).toCharArray();
        encoder.encode(characters, 0, characters.length, output);
    }

    /**
     * The exact bytes of some tokens.
     *
     * @param skipSpecialTokens leave special tokens out
     * @throws IndexOutOfBoundsException where an id is not of this tokenizer
     */
    public byte[] decode(int[] ids, boolean skipSpecialTokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            if (!specialById.containsKey(id) || !specialById.get(id).control() || !skipSpecialTokens) {
                bytes.writeBytes(bytes(id));
            }
        }
        return bytes.toByteArray();
    }

    /**
     * The bytes of a token; of a special one those of its text.
     *
     * @throws IndexOutOfBoundsException where the id is not of this tokenizer
     */
    public byte[] bytes(int id) {
        SpecialToken special = specialById.get(id);
        return special == null ? vocabulary.bytes(id) : special.text().getBytes(StandardCharsets.UTF_8);
    }

    private static Occurrence next(String text, int from, List<SpecialToken> sought) {
        SpecialToken first = null;
        int position = text.length();
        for (SpecialToken token : sought) {
            // Bounded by the best so far, so that a text full of one token is not searched to its end for the others.
            int found = text.indexOf(
                    token.text(),
                    from,
                    Math.min(text.length(), position + token.text().length() - 1));
            if (found >= 0 && (found < position || (first != null && found == position && isLonger(token, first)))) {
                first = token;
                position = found;
            }
        }
        return first == null ? null : new Occurrence(first, position);
    }

    private static boolean isLonger(SpecialToken token, SpecialToken other) {
        return token.text().length() > other.text().length();
    }

    private record Occurrence(SpecialToken token, int position) {}
}
