package io.rootstock.tokenizer.corpus;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.corpus.engine.job.CorpusReport;
import io.rootstock.corpus.worker.token.PreparedTokenizer;
import io.rootstock.encoding.format.TokenizerReader;
import io.rootstock.files.FileTree;
import io.rootstock.service.Errors;
import io.rootstock.service.Home;
import io.rootstock.tokenizer.catalogue.Catalogue;
import io.rootstock.tokenizer.catalogue.TokenizerResources;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.Tokenizer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Tokenizers that recipes name. */
@ApplicationScoped
public class RecipeTokenizers {
    private static final String PREFIX = "tokenizers/";

    private final Catalogue<Tokenizer> catalogue;
    private final ArtifactStore store;
    private final Home home;

    @Inject
    RecipeTokenizers(Catalogue<Tokenizer> catalogue, ArtifactStore store, Home home) {
        this.catalogue = catalogue;
        this.store = store;
        this.home = home;
    }

    /** Whether tokenizers/{tokenizer} exists. */
    boolean exists(String name) {
        return catalogue.find(id(name)).isPresent();
    }

    /**
     * Adds the tokenizer that a recipe has trained, whose files are in the artifact store. Without effect if it was added before.
     *
     * @param report report of the corpus, for the compression on its training documents
     * @throws IOException if its files cannot be read, or another tokenizer has the name
     */
    void add(Corpus corpus, Path directory, String digest, CorpusReport report) throws IOException {
        Tokenizer trained = TokenizerResources.describe(TokenizerReader.read(directory))
                .setName(corpus.getTokenizer())
                .setDigest(digest)
                .setBytesPerToken(CorpusDataset.bytesPerToken(report))
                .setCreateTime(CorpusTable.now())
                .build();
        String id = id(corpus.getTokenizer());
        boolean added = catalogue.add(id, new Catalogue.Entry<>(corpus.getRecipeDigest(), "", trained));
        if (!added
                && catalogue
                        .find(id)
                        .filter(existing -> existing.resource().getDigest().equals(digest))
                        .isEmpty()) {
            throw new IOException(corpus.getTokenizer()
                    + " exists with other content; delete it with `rootstock tokenizer delete " + id + "`");
        }
    }

    private static String id(String name) {
        return name.substring(PREFIX.length());
    }

    /**
     * Writes the files of a tokenizer to a directory that does not exist, or has them.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if it does not exist
     */
    Path write(String name, Path directory) {
        String digest = Optional.of(name)
                .filter(stated -> stated.startsWith(PREFIX))
                .flatMap(stated -> catalogue.find(stated.substring(PREFIX.length())))
                .map(entry -> entry.resource().getDigest())
                .orElseThrow(() -> Errors.invalidArgument(
                        "recipe.text",
                        "tokenizer '" + name + "' does not exist; `rootstock tokenizer list` lists them"));
        return store.materialize(Digest.parse(digest), directory);
    }

    /** Calls an action with a tokenizer whose files are deleted after it. */
    <T> T with(String name, String recipe, Function<PreparedTokenizer, T> action) {
        Path directory = home.directory("tokenizer", "temporary")
                .resolve(UUID.randomUUID().toString());
        try {
            return action.apply(PreparedTokenizer.read(recipe, write(name, directory)));
        } finally {
            FileTree.delete(directory);
        }
    }
}
