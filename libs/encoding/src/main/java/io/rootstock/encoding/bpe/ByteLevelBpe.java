package io.rootstock.encoding.bpe;

import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.SpecialTokenSearch;
import io.rootstock.encoding.TextCodec;
import io.rootstock.encoding.TokenBuffer;
import io.rootstock.encoding.Utf8;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Byte-level BPE: splits UTF-8 text at special tokens and into words, and merges the bytes of each word. Immutable, safe
 * for several threads.
 */
public final class ByteLevelBpe implements TextCodec {
    private final Vocabulary vocabulary;
    private final boolean composed;
    private final Map<Integer, SpecialToken> specialById = new HashMap<>();
    private final BpeEncoder encoder;
    private final SpecialTokenSearch allTokens;
    private final SpecialTokenSearch textTokens;

    /**
     * @param ignoreMerges whether a word that is in the vocabulary becomes that token without merging
     * @param composed whether text is normalized to Unicode NFC first
     * @param specialTokens tokens that are searched in text before it is normalized
     */
    public ByteLevelBpe(
            Vocabulary vocabulary,
            SplitPattern splitPattern,
            boolean ignoreMerges,
            boolean composed,
            List<SpecialToken> specialTokens) {
        this.vocabulary = vocabulary;
        this.composed = composed;
        specialTokens.forEach(token -> specialById.put(token.id(), token));
        this.encoder = new BpeEncoder(vocabulary, splitPattern.scanner(), ignoreMerges);
        this.allTokens = new SpecialTokenSearch(specialTokens);
        this.textTokens = new SpecialTokenSearch(
                specialTokens.stream().filter(token -> !token.control()).toList());
    }

    /** Whether a token is a control token; other added tokens represent text. */
    boolean isSpecial(int id) {
        SpecialToken special = specialById.get(id);
        return special != null && special.control();
    }

    @Override
    public void encode(byte[] text, int from, int to, SpecialTokenPolicy policy, TokenBuffer output) {
        Objects.checkFromToIndex(from, to, text.length);
        SpecialTokenSearch sought = policy == SpecialTokenPolicy.AS_TEXT ? textTokens : allTokens;
        sought.forEachPart(text, from, to, policy, (start, end) -> encodeWords(text, start, end, output), output);
    }

    /**
     * Encodes a text as {@link SpecialTokenPolicy#AS_TEXT} does, with the characters of each token. For a tokenizer
     * that normalizes, the text must be in Unicode NFC, so that the positions are valid in it.
     */
    public TokenizedText encodeWithOffsets(String text) {
        byte[] bytes = Utf8.encode(text, 0, text.length());
        TokenBuffer found = new TokenBuffer();
        TokenizedText.Builder output = new TokenizedText.Builder(this::addedTokenLength);
        textTokens.forEachPart(
                bytes,
                0,
                bytes.length,
                SpecialTokenPolicy.AS_TEXT,
                (start, end) -> {
                    output.addTokens(found);
                    encoder.encode(bytes, start, end, output);
                },
                found);
        output.addTokens(found);
        return output.build();
    }

    private int addedTokenLength(int id) {
        return specialById.get(id).text().length();
    }

    private void encodeWords(byte[] text, int from, int to, TokenBuffer output) {
        byte[] normalized = composed ? Composition.compose(text, from, to) : null;
        if (normalized == null) {
            encoder.encode(text, from, to, output);
        } else {
            encoder.encode(normalized, 0, normalized.length, output);
        }
    }

    @Override
    public byte[] decode(int[] ids, boolean skipSpecialTokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            if (!skipSpecialTokens || !isSpecial(id)) {
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
}
