package io.rootstock.tokenizer.grpc;

import com.google.protobuf.Timestamp;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.format.InvalidTokenizerException;
import io.rootstock.encoding.format.TokenizerReader;
import io.rootstock.files.FileTree;
import io.rootstock.service.Errors;
import io.rootstock.service.Home;
import io.rootstock.service.RequestNames;
import io.rootstock.tokenizer.catalogue.Catalogue;
import io.rootstock.tokenizer.catalogue.TokenizerResources;
import io.rootstock.tokenizer.v1.ImportTokenizerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Cache of tokenizers, loaded from the artifact store. */
@ApplicationScoped
public class LoadedTokenizers {
    private static final int KEPT = 16;
    private static final String COLLECTION = "tokenizers";

    private final Catalogue<io.rootstock.tokenizer.v1.Tokenizer> catalogue;
    private final ArtifactStore store;
    private final Home home;
    private final Map<String, Tokenizer> byDigest = new LinkedHashMap<>(KEPT, 0.75f, true);

    LoadedTokenizers(Catalogue<io.rootstock.tokenizer.v1.Tokenizer> catalogue, ArtifactStore store, Home home) {
        this.catalogue = catalogue;
        this.store = store;
        this.home = home;
    }

    /**
     * Returns the resource of that name.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT or NOT_FOUND
     */
    io.rootstock.tokenizer.v1.Tokenizer resource(String name, String field) {
        return catalogue
                .find(RequestNames.id(COLLECTION, name, field))
                .map(Catalogue.Entry::resource)
                .orElseThrow(
                        () -> Errors.notFound(
                                name,
                                "train it with `rootstock tokenizer train`, or list the tokenizers with `rootstock tokenizer list` or ListTokenizers"));
    }

    /** Returns the tokenizer of that name; throws as {@link #resource}, and DATA_LOSS if its files are damaged. */
    Tokenizer tokenizer(String name, String field) {
        String digest = resource(name, field).getDigest();
        synchronized (byDigest) {
            Tokenizer loaded = byDigest.get(digest);
            if (loaded != null) {
                return loaded;
            }
        }
        Tokenizer loaded = load(Digest.parse(digest), name);
        synchronized (byDigest) {
            byDigest.put(digest, loaded);
            if (byDigest.size() > KEPT) {
                byDigest.remove(byDigest.keySet().iterator().next());
            }
        }
        return loaded;
    }

    /** Describes a tokenizer whose files are in the store; INVALID_ARGUMENT if they are missing or not supported. */
    io.rootstock.tokenizer.v1.Tokenizer imported(ImportTokenizerRequest request) {
        try {
            Digest digest = Digest.parse(request.getDigest());
            Instant now = Instant.now();
            return TokenizerResources.describe(read(digest))
                    .setName(request.getName())
                    .setDigest(digest.value())
                    .setCreateTime(Timestamp.newBuilder()
                            .setSeconds(now.getEpochSecond())
                            .setNanos(now.getNano()))
                    .build();
        } catch (IllegalArgumentException | NoSuchArtifactException | InvalidTokenizerException e) {
            throw Errors.invalidArgument("digest", e.getMessage());
        }
    }

    private Tokenizer load(Digest digest, String name) {
        try {
            return read(digest);
        } catch (ArtifactException | InvalidTokenizerException e) {
            throw Errors.dataLoss("TOKENIZER_CORRUPT", name + " (" + digest + ") cannot be read: " + e.getMessage());
        }
    }

    private Tokenizer read(Digest digest) {
        Path folder = home.directory("tokenizer", "temporary")
                .resolve(UUID.randomUUID().toString());
        try {
            return TokenizerReader.read(store.materialize(digest, folder));
        } finally {
            FileTree.delete(folder);
        }
    }
}
