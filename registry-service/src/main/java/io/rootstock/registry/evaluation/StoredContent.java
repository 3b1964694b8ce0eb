package io.rootstock.registry.evaluation;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.artifacts.UnreadableArtifactException;
import io.rootstock.service.Errors;
import java.util.function.Supplier;

/** Artifacts that requests name, with the errors of missing, damaged and unreadable ones. */
final class StoredContent {
    private StoredContent() {}

    /**
     * Keeps an artifact from being pruned until a reference to it is stored, and returns its size.
     *
     * @param bytes size that the request states; 0: none
     * @param path field of the request that contains the fields digest and bytes
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if the store does not have it, or it has another size
     */
    static long renewed(ArtifactStore store, String digest, long bytes, String path) {
        Digest parsed = digest(digest, path);
        long actual = read(path, () -> {
            store.renew(parsed);
            return store.size(parsed);
        });
        if (bytes != 0 && bytes != actual) {
            throw Errors.invalidArgument(path + ".bytes", "the artifact has " + actual + " bytes, not " + bytes);
        }
        return actual;
    }

    /** Reads from the store; a failure becomes an error that names {@code path}. */
    static <T> T read(String path, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (NoSuchArtifactException e) {
            throw Errors.invalidArgument(
                    path + ".digest", "the artifact store does not have it (" + e.getMessage() + "); store it first");
        } catch (CorruptArtifactException e) {
            throw Errors.dataLoss("ARTIFACT_CORRUPT", path + ": " + e.getMessage());
        } catch (UnreadableArtifactException e) {
            throw Errors.unavailable("ARTIFACT_UNREADABLE", path + ": " + e.getMessage());
        }
    }

    private static Digest digest(String value, String path) {
        try {
            return Digest.parse(value);
        } catch (IllegalArgumentException e) {
            throw Errors.invalidArgument(path + ".digest", e.getMessage());
        }
    }
}
