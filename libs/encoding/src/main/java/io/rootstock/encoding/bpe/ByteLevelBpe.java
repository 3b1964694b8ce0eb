package io.rootstock.encoding.bpe;

import io.rootstock.encoding.ModelCodec;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.SpecialTokenSearch;
import io.rootstock.encoding.TokenBuffer;
import io.rootstock.encoding.TokenizedText;
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
public final class ByteLevelBpe implements ModelCodec {
    private final Vocabulary vocabulary;
    private final SplitPattern splitPattern;
    private final boolean ignoreMerges;
    private final boolean composed;
    private final int size;
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
        this.splitPattern = splitPattern;
        this.ignoreMerges = ignoreMerges;
        this.composed = composed;
        this.size = Math.max(
                vocabulary.size(),
                specialTokens.stream().mapToInt(token -> token.id() + 1).max().orElse(0));
        specialTokens.forEach(token -> specialById.put(token.id(), token));
        this.encoder = new BpeEncoder(vocabulary, splitPattern.scanner(), ignoreMerges);
        this.allTokens = new SpecialTokenSearch(specialTokens);
        this.textTokens = new SpecialTokenSearch(
                specialTokens.stream().filter(token -> !token.control()).toList());
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

    /** Whether text is normalized to Unicode NFC before it is encoded. */
    public boolean composed() {
        return composed;
    }

    @Override
    public boolean addsBlank(boolean first) {
        return false;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean isSpecial(int id) {
        SpecialToken special = specialById.get(id);
        return special != null && special.control();
    }

    @Override
    public void encode(byte[] text, int from, int to, SpecialTokenPolicy policy, TokenBuffer output) {
        Objects.checkFromToIndex(from, to, text.length);
        SpecialTokenSearch sought = policy == SpecialTokenPolicy.AS_TEXT ? textTokens : allTokens;
        sought.forEachPart(text, from, to, policy, (start, end) -> encodeWords(text, start, end, output), output);
    }

    @Override
    public TokenizedText encodeWithOffsets(String text, boolean first) {
        byte[] bytes = Utf8.encode(text, 0, text.length());
        TokenBuffer found = new TokenBuffer();
        OffsetBuilder output = new OffsetBuilder(this::addedTokenLength);
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

    @Override
    public byte[] bytes(int id) {
        SpecialToken special = specialById.get(id);
        return special == null ? vocabulary.bytes(id) : special.text().getBytes(StandardCharsets.UTF_8);
    }
}
