package io.rootstock.artifacts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The artifacts that a set of references reaches, directly and through manifests. A JSON artifact of up to 64 MiB counts
 * as a manifest of every digest in its text, so manifests of any format are followed. Not safe for several threads.
 */
public final class Reachability {
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

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
            if (reached.add(digest) && store.contains(digest) && isManifest(digest)) {
                Matcher matcher = DIGEST.matcher(new String(store.readAll(digest), StandardCharsets.UTF_8));
                while (matcher.find()) {
                    pending.push(Digest.parse(matcher.group()));
                }
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

    private boolean isManifest(Digest digest) {
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
