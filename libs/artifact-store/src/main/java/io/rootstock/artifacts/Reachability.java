package io.rootstock.artifacts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The artifacts that a set of references reaches, directly and through manifests. A JSON artifact of up to 64 MiB counts
 * as a manifest of every digest in its text, so manifests of any format are followed. Not safe for several threads.
 */
public final class Reachability {
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    /** First field of {@link DirectoryManifest} and of a dataset's manifest. */
    private static final Pattern MANIFEST = Pattern.compile("\\{\\s*\"(files|formatVersion)\"\\s*:");

    private final ArtifactStore store;
    private final Set<Digest> reached = new HashSet<>();

    /** Creates a set that reaches nothing. */
    public Reachability(ArtifactStore store) {
        this.store = store;
    }

    /**
     * Adds references; those to missing artifacts reach nothing.
     *
     * @throws ArtifactException if a manifest cannot be read
     */
    public void add(Collection<Digest> references) {
        Deque<Digest> pending = new ArrayDeque<>(references);
        while (!pending.isEmpty()) {
            Digest digest = pending.pop();
            if (reached.add(digest) && store.contains(digest)) {
                named(store, digest).digests().forEach(pending::push);
            }
        }
    }

    /** The digests of the references and of everything that they name; not all of them are in the store. */
    public Set<Digest> digests() {
        return Set.copyOf(reached);
    }

    /** Whether a reference reaches the artifact. */
    public boolean contains(Digest digest) {
        return reached.contains(digest);
    }

    /**
     * Digests in the text of an artifact.
     *
     * @param required whether the artifact is the manifest of a directory or of a dataset, which needs them all; the digests in
     *     other JSON texts may be of artifacts that were removed
     */
    public record Named(List<Digest> digests, boolean required) {}

    /**
     * Returns the digests that an artifact names if it is a JSON text of up to 64 MiB; of others none.
     *
     * @throws ArtifactException if it cannot be read
     */
    public static Named named(ArtifactStore store, Digest artifact) {
        if (!isManifest(store, artifact)) {
            return new Named(List.of(), false);
        }
        String text = new String(store.readAll(artifact), StandardCharsets.UTF_8);
        List<Digest> digests = new ArrayList<>();
        Matcher matcher = DIGEST.matcher(text);
        while (matcher.find()) {
            digests.add(Digest.parse(matcher.group()));
        }
        return new Named(digests, MANIFEST.matcher(text).lookingAt());
    }

    private static boolean isManifest(ArtifactStore store, Digest digest) {
        if (store.size(digest) > ArtifactStore.READ_ALL_LIMIT_BYTES) {
            return false;
        }
        try (var in = store.open(digest, 0)) {
            return in.read() == '{';
        } catch (IOException e) {
            throw new ArtifactException("cannot read artifact " + digest + ": " + e, e);
        }
    }
}
