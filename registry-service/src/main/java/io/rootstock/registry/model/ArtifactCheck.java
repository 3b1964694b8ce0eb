package io.rootstock.registry.model;

import io.grpc.Context;
import io.grpc.Status;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryManifest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.artifacts.UnreadableArtifactException;
import io.rootstock.service.Errors;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Verifies that a version's artifacts are in the store, intact, and of the stated size. It hashes every byte, so call
 * it outside a transaction.
 */
@ApplicationScoped
public class ArtifactCheck {
    private final ArtifactStore store;

    /** Creates a check against a store. */
    @Inject
    public ArtifactCheck(ArtifactStore store) {
        this.store = store;
    }

    /**
     * Returns the artifacts after verification; a size of 0 is replaced by the actual size.
     *
     * @param field the request's field that contains them, for errors
     */
    public List<Artifact> verified(List<Artifact> artifacts, String field) {
        if (artifacts.isEmpty()) {
            throw Errors.invalidArgument(field, "a version needs at least one artifact");
        }
        Set<ArtifactKind> kinds = EnumSet.noneOf(ArtifactKind.class);
        List<Artifact> verified = new ArrayList<>();
        for (int i = 0; i < artifacts.size(); i++) {
            Artifact artifact = artifacts.get(i);
            String path = field + "[" + i + "]";
            requireKind(artifact.getKind(), path);
            if (!kinds.add(artifact.getKind())) {
                throw Errors.invalidArgument(path + ".kind", "duplicate artifact kind " + artifact.getKind());
            }
            verified.add(verified(artifact, path));
        }
        return verified;
    }

    private static void requireKind(ArtifactKind kind, String path) {
        switch (kind) {
            case ARTIFACT_KIND_HUGGING_FACE,
                    ARTIFACT_KIND_GGUF_F32,
                    ARTIFACT_KIND_GGUF_F16,
                    ARTIFACT_KIND_GGUF_Q8_0,
                    ARTIFACT_KIND_GGUF_Q4_K_M,
                    ARTIFACT_KIND_GGUF_BASE,
                    ARTIFACT_KIND_GGUF_ORIGINAL,
                    ARTIFACT_KIND_CLASSIFIER_HEAD,
                    ARTIFACT_KIND_PEFT_ADAPTER,
                    ARTIFACT_KIND_GGUF_ADAPTER -> {}
            case ARTIFACT_KIND_UNSPECIFIED, UNRECOGNIZED ->
                throw Errors.invalidArgument(path + ".kind", "must be specified");
        }
    }

    /** Keeps an artifact from being pruned until a reference to it is stored. */
    private void renew(String digest, String path) {
        try {
            store.renew(digest(digest, path));
        } catch (NoSuchArtifactException e) {
            throw missing(path, e);
        } catch (CorruptArtifactException e) {
            throw Errors.dataLoss("ARTIFACT_CORRUPT", path + ": " + e.getMessage());
        } catch (UnreadableArtifactException e) {
            throw unavailable(path, e);
        }
    }

    /**
     * Returns an artifact after verification; a size of 0 is replaced by the actual size.
     *
     * @param path the request's field that contains it, for errors
     */
    Artifact verified(Artifact artifact, String path) {
        renew(artifact.getDigest(), path);
        long bytes = bytes(artifact.getKind(), digest(artifact.getDigest(), path), path);
        if (artifact.getBytes() != 0 && artifact.getBytes() != bytes) {
            throw Errors.invalidArgument(
                    path + ".bytes", "the artifact has " + bytes + " bytes, not " + artifact.getBytes());
        }
        return artifact.toBuilder().setBytes(bytes).build();
    }

    private static Digest digest(String value, String path) {
        try {
            return Digest.parse(value);
        } catch (IllegalArgumentException e) {
            throw Errors.invalidArgument(path + ".digest", e.getMessage());
        }
    }

    private long bytes(ArtifactKind kind, Digest digest, String path) {
        try {
            if (kind != ArtifactKind.ARTIFACT_KIND_HUGGING_FACE && kind != ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER) {
                return Files.size(store.verified(digest));
            }
            DirectoryManifest directory = DirectoryManifest.read(store, digest);
            Set<Digest> verified = new HashSet<>();
            for (DirectoryManifest.Entry file : directory.files()) {
                requireWanted();
                if (verified.add(file.digest())) {
                    store.verified(file.digest());
                }
                requireSize(file, path);
            }
            return directory.totalBytes();
        } catch (NoSuchArtifactException e) {
            throw missing(path, e);
        } catch (CorruptArtifactException e) {
            throw Errors.dataLoss("ARTIFACT_CORRUPT", path + ": " + e.getMessage());
        } catch (UnreadableArtifactException e) {
            throw unavailable(path, e);
        } catch (ArtifactException e) {
            throw Errors.invalidArgument(path + ".digest", e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends a check whose client no longer waits for it. */
    private static void requireWanted() {
        if (Context.current().isCancelled()) {
            throw Status.CANCELLED
                    .withDescription("the client cancelled the call")
                    .asRuntimeException();
        }
    }

    private void requireSize(DirectoryManifest.Entry file, String path) {
        long bytes = store.size(file.digest());
        if (file.bytes() != bytes) {
            throw Errors.invalidArgument(
                    path + ".digest",
                    "the directory states " + file.bytes() + " bytes for " + file.path() + ", which has " + bytes);
        }
    }

    private static RuntimeException unavailable(String path, UnreadableArtifactException e) {
        return Errors.unavailable("ARTIFACT_UNREADABLE", path + ": " + e.getMessage());
    }

    private static RuntimeException missing(String path, NoSuchArtifactException e) {
        return Errors.invalidArgument(
                path + ".digest", "the artifact store does not hold it (" + e.getMessage() + "); store it first");
    }
}
