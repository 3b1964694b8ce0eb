package io.rootstock.checkpoint.gguf;

import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule.Token;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads the {@link SpecialTokenRule} of a GGUF file, {@code tokenizer.ggml.*} with llama.cpp's defaults, and where its
 * tokenizer adds a blank.
 */
public final class GgufSpecialTokens {
    /** Key of exported SentencePiece models that add a blank before the first part of a text only. */
    static final String SPACE_PREFIX = "rootstock.tokenizer.space_prefix";

    /** The only value of {@link #SPACE_PREFIX}. */
    static final String FIRST_PART = "first";

    private static final String PREFIX = "tokenizer.ggml.";

    /** Pre-tokenizers with which llama.cpp adds BOS unless {@code add_bos_token} says otherwise. */
    private static final Set<String> ADDING_BOS = Set.of(
            "llama3",
            "llama-v3",
            "llama-bpe",
            "falcon3",
            "falcon-h1",
            "pixtral",
            "midm-2.0",
            "lfm2",
            "jina-v5-nano",
            "tekken",
            "chameleon");

    private final GgufHeader header;
    private final List<String> tokens;

    private GgufSpecialTokens(GgufHeader header) {
        this.header = header;
        this.tokens = header.texts(PREFIX + "tokens");
    }

    /**
     * Reads the rule of a GGUF file.
     *
     * @throws InvalidGgufException if the header is damaged or names no EOS token
     */
    public static SpecialTokenRule read(Path file) throws IOException {
        return read(file, GgufSpecialTokens::read);
    }

    /**
     * Whether a file's tokenizer adds a blank before the first part of a text only, unless a special token precedes it or it
     * begins with a blank. llama.cpp adds a blank before every part or none.
     *
     * @throws InvalidGgufException if the header is damaged or states another rule
     */
    public static boolean blankBeforeFirstPart(Path file) throws IOException {
        return read(file, header -> {
            if (!header.has(SPACE_PREFIX)) {
                return false;
            }
            if (!header.text(SPACE_PREFIX).equals(FIRST_PART)) {
                throw new InvalidGgufException(
                        "key " + SPACE_PREFIX + " must be " + FIRST_PART + ", is " + header.text(SPACE_PREFIX));
            }
            return true;
        });
    }

    private static <T> T read(Path file, Function<GgufHeader, T> reading) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            return reading.apply(GgufReader.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena)));
        }
    }

    static SpecialTokenRule read(GgufHeader header) {
        return new GgufSpecialTokens(header).rule();
    }

    private SpecialTokenRule rule() {
        boolean adding = "llama".equals(header.keys().get(PREFIX + "model"))
                || ADDING_BOS.contains(header.keys().getOrDefault(PREFIX + "pre", ""));
        boolean addBos = flag("add_bos_token", adding);
        Optional<Token> bos = token("bos");
        if (addBos && bos.isEmpty()) {
            throw new InvalidGgufException("key " + PREFIX + "bos_token_id is missing, and BOS is added to every text");
        }
        Token eos =
                token("eos").orElseThrow(() -> new InvalidGgufException("key " + PREFIX + "eos_token_id is missing"));
        List<Token> endOfTurn = token("eot").map(List::of).orElseGet(this::endOfTurnByName);
        return new SpecialTokenRule(
                addBos,
                flag("add_eos_token", false),
                bos,
                eos,
                endOfTurn,
                token("padding").orElse(eos));
    }

    private List<Token> endOfTurnByName() {
        return SpecialTokenRule.END_OF_TURN.stream()
                .filter(tokens::contains)
                .map(text -> new Token(tokens.indexOf(text), text))
                .toList();
    }

    private Optional<Token> token(String role) {
        String key = PREFIX + role + "_token_id";
        return header.integer(key).map(id -> {
            if (id < 0 || id >= tokens.size()) {
                throw new InvalidGgufException("key " + key + " is " + id + ", out of the range of " + tokens.size());
            }
            return new Token(id.intValue(), tokens.get(id.intValue()));
        });
    }

    private boolean flag(String name, boolean otherwise) {
        String key = PREFIX + name;
        Object value = header.keys().getOrDefault(key, otherwise);
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new InvalidGgufException("key " + key + " must be true or false, is " + value);
    }
}
