package io.rootstock.tokenizer.bpe;

import io.rootstock.tokenizer.pretokenizer.SplitPattern;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A byte-level BPE tokenizer: text to token ids and back, exact for every text.
 *
 * <p>Special tokens have the ids behind the vocabulary. Immutable, safe for several threads. For example {@code
 * encode("hi<|im_end|>", AS_SPECIAL)} may give {@code [325, 4094]} and {@code decode} of that gives the text back.
 */
public final class Tokenizer {
    private final Vocabulary vocabulary;
    private final SplitPattern splitPattern;
    private final List<SpecialToken> specialTokens;
    private final String chatTemplate;
    private final WordEncoder encoder;

    /**
     * @param specialTokens texts in id order, the first gets the id {@code vocabulary.size()}
     * @param chatTemplate Jinja source
     */
    public Tokenizer(
            Vocabulary vocabulary, SplitPattern splitPattern, List<String> specialTokens, String chatTemplate) {
        this.vocabulary = vocabulary;
        this.splitPattern = splitPattern;
        this.chatTemplate = chatTemplate;
        List<SpecialToken> numbered = new ArrayList<>();
        for (String text : specialTokens) {
            numbered.add(new SpecialToken(text, vocabulary.size() + numbered.size()));
        }
        this.specialTokens = List.copyOf(numbered);
        this.encoder = new WordEncoder(vocabulary, splitPattern.scanner(), splitPattern.ignoreMerges());
    }

    /** Tokens and merges. */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** How text is split into words. */
    public SplitPattern splitPattern() {
        return splitPattern;
    }

    /** Special tokens in id order. */
    public List<SpecialToken> specialTokens() {
        return specialTokens;
    }

    /** Jinja source of the chat template. */
    public String chatTemplate() {
        return chatTemplate;
    }

    /** Number of ids, special tokens included. */
    public int size() {
        return vocabulary.size() + specialTokens.size();
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
        char[] characters = text.toCharArray();
        TokenBuffer output = new TokenBuffer();
        int from = 0;
        if (policy != SpecialTokenPolicy.AS_TEXT) {
            Occurrence found = next(text, 0);
            while (found != null) {
                if (policy == SpecialTokenPolicy.REFUSE) {
                    throw new SpecialTokenInTextException(found.token.text(), found.position);
                }
                encoder.encode(characters, from, found.position, output);
                output.add(found.token.id());
                from = found.position + found.token.text().length();
                found = next(text, from);
            }
        }
        encoder.encode(characters, from, characters.length, output);
        return output.toArray();
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
            if (id < vocabulary.size()) {
                bytes.writeBytes(vocabulary.bytes(id));
            } else if (!skipSpecialTokens) {
                bytes.writeBytes(
                        specialTokens.get(id - vocabulary.size()).text().getBytes(StandardCharsets.UTF_8));
            } else if (id >= size()) {
                throw new IndexOutOfBoundsException(id);
            }
        }
        return bytes.toByteArray();
    }

    private Occurrence next(String text, int from) {
        SpecialToken first = null;
        int position = text.length();
        for (SpecialToken token : specialTokens) {
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
