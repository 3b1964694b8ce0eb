package io.rootstock.encoding.format;

import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.sentencepiece.InvalidSentencePieceException;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.bpe.ByteAlphabet;
import io.rootstock.encoding.bpe.Merge;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.encoding.sentencepiece.PieceTokenizer;
import io.rootstock.encoding.sentencepiece.SentencePieceFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads tokenizer directories of {@link TokenizerWriter} and of Hugging Face; rejects every inconsistency. */
public final class TokenizerReader {
    private TokenizerReader() {}

    /**
     * Reads a tokenizer.
     *
     * @throws InvalidTokenizerException if a file is missing or invalid
     */
    public static Tokenizer read(Path directory) {
        TokenizerFiles files;
        try {
            files = TokenizerFiles.read(directory);
        } catch (IOException | InvalidCheckpointException e) {
            throw new InvalidTokenizerException("no readable tokenizer: " + e.getMessage(), e);
        }
        List<SpecialToken> added = files.addedTokens().stream()
                .map(token -> new SpecialToken(token.content(), token.id(), token.special()))
                .toList();
        if (files.pieces().isPresent()) {
            return new Tokenizer(pieces(directory, added), added, files.rule(), files.chatTemplate());
        }
        SplitPattern pattern = SplitPattern.byId(files.preTokenizer())
                .orElseThrow(
                        () -> new InvalidTokenizerException("unknown split pattern '" + files.preTokenizer() + "'"));
        return new Tokenizer(
                vocabulary(files),
                pattern,
                files.ignoreMerges(),
                files.composed(),
                added,
                files.rule(),
                files.chatTemplate());
    }

    private static PieceTokenizer pieces(Path directory, List<SpecialToken> added) {
        String definition = TokenizerFiles.definition(directory);
        Path file = directory.resolve(definition);
        try {
            if (definition.equals(TokenizerFiles.SENTENCE_PIECE_MODEL)) {
                return SentencePieceFile.read(file, added);
            }
            if (TokenizerJson.read(file).codec() instanceof PieceTokenizer tokenizer) {
                return tokenizer;
            }
            throw new InvalidTokenizerException(file + " is byte-level BPE with SentencePiece's normalizer");
        } catch (IOException | InvalidSentencePieceException e) {
            throw new InvalidTokenizerException("no readable tokenizer: " + e.getMessage(), e);
        }
    }

    /** Returns the vocabulary without the added tokens at its end; added tokens between other ids leave a gap. */
    private static Vocabulary vocabulary(TokenizerFiles files) {
        Set<Integer> added =
                files.addedTokens().stream().map(TokenizerFiles.AddedToken::id).collect(Collectors.toSet());
        int size = files.tokens().size();
        while (size > 0 && added.contains(size - 1)) {
            size--;
        }
        List<byte[]> tokens = new ArrayList<>();
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < size; id++) {
            if (added.contains(id)) {
                tokens.add(new byte[0]);
            } else {
                tokens.add(spelled(files.tokens().get(id)));
                ids.put(files.tokens().get(id), id);
            }
        }
        List<Merge> merges = new ArrayList<>();
        for (String merge : files.merges()) {
            int blank = merge.indexOf(' ');
            String left = merge.substring(0, blank);
            String right = merge.substring(blank + 1);
            merges.add(new Merge(id(ids, left), id(ids, right), id(ids, left + right)));
        }
        return Vocabulary.of(tokens, merges);
    }

    private static int id(Map<String, Integer> ids, String token) {
        Integer id = ids.get(token);
        if (id == null) {
            throw new InvalidTokenizerException("a merge has to do with the added token '" + token + "'");
        }
        return id;
    }

    private static byte[] spelled(String token) {
        try {
            return ByteAlphabet.bytes(token);
        } catch (IllegalArgumentException e) {
            throw new InvalidTokenizerException("no byte-level BPE: " + e.getMessage(), e);
        }
    }
}
