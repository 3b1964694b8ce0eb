package io.rootstock.tokenizer.format;

import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.TokenizerFiles;
import io.rootstock.tokenizer.bpe.ByteAlphabet;
import io.rootstock.tokenizer.bpe.Tokenizer;
import io.rootstock.tokenizer.bpe.Vocabulary;
import io.rootstock.tokenizer.pretokenizer.SplitPattern;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the directory that {@link TokenizerWriter} writes; every inconsistency is refused. */
public final class TokenizerReader {
    private TokenizerReader() {}

    /**
     * Reads a tokenizer.
     *
     * @throws InvalidTokenizerException where the files are missing or not as they should be
     */
    public static Tokenizer read(Path directory) {
        TokenizerFiles files;
        try {
            files = TokenizerFiles.read(directory);
        } catch (IOException | InvalidCheckpointException e) {
            throw new InvalidTokenizerException("no readable tokenizer: " + e.getMessage(), e);
        }
        SplitPattern pattern = SplitPattern.byId(files.preTokenizer())
                .orElseThrow(
                        () -> new InvalidTokenizerException("unknown split pattern '" + files.preTokenizer() + "'"));
        Vocabulary vocabulary = vocabulary(files);
        List<TokenizerFiles.SpecialToken> special = files.specialTokens();
        if (special.getFirst().id() != vocabulary.size()) {
            throw new InvalidTokenizerException("special tokens must follow the vocabulary of " + vocabulary.size());
        }
        return new Tokenizer(
                vocabulary,
                pattern,
                special.stream().map(TokenizerFiles.SpecialToken::content).toList(),
                files.chatTemplate());
    }

    private static Vocabulary vocabulary(TokenizerFiles files) {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < files.tokens().size(); id++) {
            ids.put(files.tokens().get(id), id);
        }
        Vocabulary.Builder builder = new Vocabulary.Builder();
        for (String merge : files.merges()) {
            int blank = merge.indexOf(' ');
            int left = ids.getOrDefault(merge.substring(0, blank), -1);
            int right = ids.getOrDefault(merge.substring(blank + 1), -1);
            if (left < 0 || left >= builder.size() || right < 0 || right >= builder.size()) {
                throw new InvalidTokenizerException("no earlier merge makes the tokens of the merge '" + merge + "'");
            }
            builder.merge(left, right);
        }
        Vocabulary vocabulary = builder.build();
        for (int id = 0; id < vocabulary.size(); id++) {
            String spelled = ByteAlphabet.spell(vocabulary.bytes(id));
            if (id >= files.tokens().size() || !files.tokens().get(id).equals(spelled)) {
                throw new InvalidTokenizerException("token '" + spelled + "' should have id " + id);
            }
        }
        return vocabulary;
    }
}
