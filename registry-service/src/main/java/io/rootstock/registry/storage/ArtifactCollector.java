package io.rootstock.registry.storage;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.Reachability;
import io.rootstock.artifacts.StoredArtifact;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.job.Peers;
import io.rootstock.service.Pruning;
import io.rootstock.storage.v1.ListReferencesResponse;
import io.rootstock.storage.v1.PrunedGroup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Garbage collector of the artifact store.
 *
 * <p>An artifact is removed if no reference reaches it and it was stored or renewed before the grace period and before
 * the start of every operation that may still store artifacts. A reference that is committed during a collection is safe,
 * because its writer renews the artifact first. The order is fixed: the tokenizer service and the trainer are asked
 * before the database is read, so that an artifact whose reference moves from a run to a version is seen at least once.
 */
@ApplicationScoped
public class ArtifactCollector {
    private static final String RUNS = "runs/";
    /** Time for which an interrupted writer can resume. */
    private static final Duration RESUMABLE = Duration.ofDays(1);

    private final Database database;
    private final Peers peers;
    private final ArtifactStore store;

    /** Creates a collector of {@code store}. */
    @Inject
    public ArtifactCollector(Database database, Peers peers, ArtifactStore store) {
        this.database = database;
        this.peers = peers;
        this.store = store;
    }

    /**
     * Finds the artifacts without references, and removes the old ones if the request applies.
     *
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE if it applies and a backup runs
     */
    public PrunedGroup collect(Pruning request) {
        if (!request.apply()) {
            return find(request);
        }
        try (CollectionLock _ = CollectionLock.forCollection(database)) {
            return find(request);
        }
    }

    private PrunedGroup find(Pruning request) {
        List<StoredArtifact> artifacts = new ArrayList<>();
        store.list(artifacts::add);
        List<ListReferencesResponse> references = new ArrayList<>();
        peers.references(references::add);
        RegistryReferences registry = database.read(RegistryReferences::read);

        Reachability reachable = new Reachability(store);
        reachable.add(registry.digests());
        Pruning limited = request;
        for (ListReferencesResponse reference : references) {
            if (reference.hasActivity()) {
                limited = limited.keepingSince(Instant.ofEpochSecond(
                        reference.getActivity().getSeconds(),
                        reference.getActivity().getNanos()));
            } else if (!isOfSucceededRun(reference, registry)) {
                Digest.find(reference.getDigest()).ifPresent(digest -> reachable.add(List.of(digest)));
            }
        }
        Pruning pruning = limited;
        // A young manifest may be about to be referred to, with older artifacts that it names.
        Reachability young = new Reachability(store);
        young.add(artifacts.stream()
                .filter(artifact -> !artifact.renewed().isBefore(pruning.limit()))
                .map(StoredArtifact::digest)
                .toList());
        Pruning.Group group = pruning.group("artifacts without references");
        artifacts.stream()
                .filter(artifact -> !reachable.contains(artifact.digest()))
                .forEach(artifact -> group.add(
                        artifact.digest().value(),
                        artifact.bytes(),
                        young.contains(artifact.digest()) ? Instant.now() : artifact.renewed(),
                        () -> store.removeIfOlder(artifact.digest(), pruning.limit())
                                .orElse(0)));
        if (pruning.apply()) {
            Instant abandoned = Instant.now().minus(RESUMABLE);
            store.removeAbandoned(abandoned.isBefore(pruning.limit()) ? abandoned : pruning.limit());
        }
        return group.toMessage();
    }

    private static boolean isOfSucceededRun(ListReferencesResponse reference, RegistryReferences registry) {
        String resource = reference.getResource();
        return resource.startsWith(RUNS) && registry.succeeded().contains(resource.substring(RUNS.length()));
    }
}
