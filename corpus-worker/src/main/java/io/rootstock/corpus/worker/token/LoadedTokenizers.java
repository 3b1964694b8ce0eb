package io.rootstock.corpus.worker.token;

import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.format.TokenizerReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tokenizers of this process by digest. Each is read once, for all units; the last few stay in memory. */
public final class LoadedTokenizers {
    private static final int KEPT = 4;
    private static final Map<String, Tokenizer> BY_DIGEST = new LinkedHashMap<>(KEPT, 0.75f, true);

    private LoadedTokenizers() {}

    /**
     * Returns the tokenizer of a job.
     *
     * @param workspaceCopy directory that {@link PreparedTokenizer#copyTo} wrote
     * @param digest digest that the job states
     * @throws IOException if the directory cannot be read or has another digest
     */
    public static synchronized Tokenizer load(Path workspaceCopy, String digest) throws IOException {
        Tokenizer known = BY_DIGEST.get(digest);
        if (known != null) {
            return known;
        }
        PreparedTokenizer.requireDigest(workspaceCopy, digest);
        Tokenizer tokenizer = TokenizerReader.read(workspaceCopy);
        BY_DIGEST.put(digest, tokenizer);
        if (BY_DIGEST.size() > KEPT) {
            BY_DIGEST.remove(BY_DIGEST.keySet().iterator().next());
        }
        return tokenizer;
    }
}
