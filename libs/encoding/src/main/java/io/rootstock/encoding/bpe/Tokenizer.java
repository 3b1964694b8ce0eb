package io.rootstock.encoding.bpe;

import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.encoding.pretokenizer.SplitPattern;
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
 * A byte-level BPE tokenizer: converts text to token ids and back without loss (a tokenizer that normalizes to NFC, for
 * text in NFC).
 *
 * <p>Immutable, safe for several threads. Example: {@code encode("hi<|im_end|>", AS_SPECIAL)} may return
 * {@code [325, 4094]}, and {@code decode} returns the original text.
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
     * Creates a tokenizer trained by Rootstock: it adds BOS to a text.
     *
     * @param specialTokens contents in id order, the first has the id {@code vocabulary.size()}; at least BOS, EOS and
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
     * Creates any tokenizer.
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

    /** Tokens and merges, without special tokens. */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** Pattern that splits text into words. */
    public SplitPattern splitPattern() {
        return splitPattern;
    }

    /** Whether a word that is in the vocabulary becomes that token without merging. */
    public boolean ignoreMerges() {
        return ignoreMerges;
    }

    /** Special tokens in id order. */
    public List<SpecialToken> specialTokens() {
        return specialTokens;
    }

    /** Whether text is normalized to Unicode NFC before it is encoded. */
    public boolean composed() {
        return composed;
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
        return specialTokens.isEmpty()
                ? vocabulary.size()
                : Math.max(vocabulary.size(), specialTokens.getLast().id() + 1);
    }

    /** Whether a token is a control token; other added tokens represent text. */
    public boolean isSpecial(int id) {
        SpecialToken special = specialById.get(id);
        return special != null && special.control();
    }

    /** Returns the id of a special token. */
    public Optional<Integer> specialTokenId(String text) {
        return specialTokens.stream()
                .filter(token -> token.text().equals(text))
                .map(SpecialToken::id)
                .findFirst();
    }

    /**
     * Encodes a text.
     *
     * @throws SpecialTokenInTextException if the policy is REFUSE and the text contains a special token
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
     * Encodes a text as {@link SpecialTokenPolicy#AS_TEXT} does, with the characters of each token. For a tokenizer
     * that normalizes, the text must be in Unicode NFC, so that the positions are valid in it.
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
     * Decodes tokens to their exact bytes.
     *
     * @param skipSpecialTokens whether to omit special tokens
     * @throws IndexOutOfBoundsException if an id is not in the vocabulary
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
     * Returns the bytes of a token; for a special token the bytes of its text.
     *
     * @throws IndexOutOfBoundsException if the id is not in the vocabulary
     */
    public byte[] bytes(int id) {
        SpecialToken special = specialById.get(id);
        return special == null ? vocabulary.bytes(id) : special.text().getBytes(StandardCharsets.UTF_8);
    }

    private static Occurrence next(String text, int from, List<SpecialToken> sought) {
        SpecialToken first = null;
        int position = text.length();
        for (SpecialToken token : sought) {
            // Bounded by the best match so far, so that a text full of one token is not searched to its end for the
            // others.
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
