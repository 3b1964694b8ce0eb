package io.rootstock.registry.backup;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.artifacts.Reachability;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The artifacts that references reach.
 *
 * @param present length in bytes of each artifact that the store has
 * @param dangling digests that a reference, or the manifest of a directory or dataset, names and that the store lacks or has
 *     with other bytes, as far as they were read
 */
record NeededArtifacts(SortedMap<Digest, Long> present, SortedSet<Digest> dangling) {
    private static final Comparator<Digest> ORDER = Comparator.comparing(Digest::value);

    /** Follows references through a store. */
    static NeededArtifacts of(ArtifactStore store, Collection<Digest> references) {
        SortedMap<Digest, Long> present = new TreeMap<>(ORDER);
        SortedSet<Digest> absent = new TreeSet<>(ORDER);
        SortedSet<Digest> required = new TreeSet<>(ORDER);
        required.addAll(references);
        Deque<Digest> pending = new ArrayDeque<>(required);
        while (!pending.isEmpty()) {
            Digest digest = pending.pop();
            if (present.containsKey(digest) || absent.contains(digest)) {
                continue;
            }
            try {
                present.put(digest, store.size(digest));
                Reachability.Named named = Reachability.named(store, digest);
                pending.addAll(named.digests());
                if (named.required()) {
                    required.addAll(named.digests());
                }
            } catch (NoSuchArtifactException | CorruptArtifactException e) {
                present.remove(digest);
                absent.add(digest);
            }
        }
        absent.retainAll(required);
        return new NeededArtifacts(present, absent);
    }
}
