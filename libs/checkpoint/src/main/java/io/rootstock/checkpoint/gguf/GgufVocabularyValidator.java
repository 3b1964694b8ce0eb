package io.rootstock.checkpoint.gguf;

import io.rootstock.checkpoint.sentencepiece.Piece;
import io.rootstock.checkpoint.tokenizer.ByteAlphabet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Validates the tokenizer in a GGUF file's header; see {@link GgufValidator}. */
record GgufVocabularyValidator(GgufHeader header) {
    /** Value of {@code tokenizer.ggml.model} of SentencePiece BPE models. */
    static final String SENTENCE_PIECE = "llama";

    /** Normal, unknown, control, user-defined, unused, byte: 1 to 6. */
    private static final int LAST_TOKEN_TYPE = 6;

    /**
     * Returns the number of tokens.
     *
     * @throws InvalidGgufException naming the first violation
     */
    int size(String architecture) {
        List<String> tokens = header.texts("tokenizer.ggml.tokens");
        require(
                !header.has(architecture + ".vocab_size")
                        || header.count(architecture + ".vocab_size") == tokens.size(),
                architecture + ".vocab_size is " + keyText(architecture + ".vocab_size")
                        + " and tokenizer.ggml.tokens has " + tokens.size());
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            require(!tokens.get(id).isEmpty(), "token " + id + " is empty");
            Integer first = ids.put(tokens.get(id), id);
            require(first == null, "tokens " + first + " and " + id + " are the same: " + tokens.get(id));
        }
        List<Long> types = header.integers("tokenizer.ggml.token_type");
        require(
                types.size() == tokens.size(),
                "tokenizer.ggml.token_type has " + types.size() + " elements for " + tokens.size() + " tokens");
        for (int id = 0; id < types.size(); id++) {
            require(
                    types.get(id) >= Gguf.TOKEN_NORMAL && types.get(id) <= LAST_TOKEN_TYPE,
                    "token " + id + " has the unknown type " + types.get(id));
        }
        switch (header.text("tokenizer.ggml.model")) {
            case "gpt2" -> checkByteLevel(tokens, ids, types);
            case SENTENCE_PIECE -> checkPieces(tokens, types);
            default ->
                throw new InvalidGgufException(
                        "tokenizer.ggml.model must be gpt2 (byte-level BPE: Llama 3, Qwen2, Qwen3,"
                                + " SmolLM, Mistral since Nemo) or llama (SentencePiece: Llama 2, older Mistral), is "
                                + header.text("tokenizer.ggml.model"));
        }
        return tokens.size();
    }

    private void checkByteLevel(List<String> tokens, Map<String, Integer> ids, List<Long> types) {
        String pre = header.text("tokenizer.ggml.pre");
        require(
                GgufPreTokenizer.of(pre).isPresent(),
                "tokenizer.ggml.pre must be one of " + GgufPreTokenizer.names() + ", is " + pre);
        for (String letter : ByteAlphabet.letters()) {
            Integer id = ids.get(letter);
            require(id != null || !ByteAlphabet.necessary(letter), "token not found for the byte " + letter);
            require(
                    id == null || types.get(id) == Gguf.TOKEN_NORMAL,
                    "the token of the byte " + letter + " must be a normal one");
        }
        checkMerges(new HashSet<>(tokens));
    }

    /** llama.cpp ends the process at a character without a piece if the vocabulary lacks one of its bytes. */
    private void checkPieces(List<String> tokens, List<Long> types) {
        List<Double> scores = header.reals("tokenizer.ggml.scores");
        require(
                scores.size() == tokens.size(),
                "tokenizer.ggml.scores has " + scores.size() + " elements for " + tokens.size() + " tokens");
        for (int id = 0; id < scores.size(); id++) {
            require(Double.isFinite(scores.get(id)), "token " + id + " has the score " + scores.get(id));
        }
        Set<Integer> bytes = new HashSet<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (types.get(id) == Piece.Type.BYTE.number()) {
                int value = Piece.byteOf(tokens.get(id));
                require(
                        value >= 0,
                        "token " + id + " is a byte, but its text is " + tokens.get(id) + ", not such as <0x0A>");
                require(
                        tokens.get(id).equals("<0x%02X>".formatted(value)),
                        "token " + id + " must have the text <0x%02X>, has ".formatted(value) + tokens.get(id));
                bytes.add(value);
            }
        }
        for (int value = 0; value < 256; value++) {
            require(bytes.contains(value), "token not found for the byte <0x%02X>".formatted(value));
        }
        String prefix = "tokenizer.ggml.add_space_prefix";
        require(
                !header.has(prefix) || header.keys().get(prefix) instanceof Boolean,
                "key " + prefix + " must be true or false, is " + keyText(prefix));
    }

    private void checkMerges(Set<String> tokens) {
        for (String merge : header.texts("tokenizer.ggml.merges")) {
            int space = merge.indexOf(' ', 1);
            require(
                    space > 0
                            && tokens.contains(merge.substring(0, space))
                            && tokens.contains(merge.substring(space + 1))
                            && tokens.contains(merge.substring(0, space) + merge.substring(space + 1)),
                    "merge '" + merge + "' does not join two tokens into a third");
        }
    }

    private String keyText(String key) {
        return String.valueOf(header.keys().get(key));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new InvalidGgufException(otherwise);
        }
    }
}
