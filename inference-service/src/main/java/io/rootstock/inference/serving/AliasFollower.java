package io.rootstock.inference.serving;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.model.ServedVersion;
import io.rootstock.inference.peer.Peers;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.WatchAliasesRequest;
import io.rootstock.registry.v1.WatchAliasesResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Watches the registry's aliases while the service runs. While the registry is unavailable, the loaded versions keep
 * serving, and an instance without one serves those of its peers; the follower reconnects at intervals of at most ten
 * seconds and then receives the changes that it missed, or every alias.
 */
final class AliasFollower implements VersionSource {
    private static final Logger LOG = Logger.getLogger(AliasFollower.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(10);

    private final ManagedChannel registry;
    private final String alias;
    private final ServedModels models;
    private final Optional<Peers> peers;
    private final Context.CancellableContext context = Context.ROOT.withCancellation();
    private final Thread thread;
    /** Names of the existing aliases as received. Follower's thread only. */
    private final Set<String> aliases = new HashSet<>();
    /** Position in the registry's history; empty before the first synchronization. Follower's thread only. */
    private String resumeToken = "";
    /** Whether the current watch has received a response. Follower's thread only. */
    private boolean heard;

    AliasFollower(ManagedChannel registry, String alias, ServedModels models, Optional<Peers> peers) {
        this.registry = registry;
        this.alias = alias;
        this.models = models;
        this.peers = peers;
        this.thread = Thread.ofVirtual().name("alias-follower").start(context.wrap(this::run));
    }

    @Override
    public void close() {
        context.cancel(null);
        thread.interrupt();
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!context.isCancelled()) {
            heard = false;
            // The channel's own backoff grows to two minutes.
            registry.resetConnectBackoff();
            try {
                follow();
                LOG.info("the registry ended its watch; following again");
            } catch (StatusRuntimeException e) {
                if (context.isCancelled()) {
                    return;
                }
                if (e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT) {
                    // Of a registry that encodes tokens in another way.
                    resumeToken = "";
                }
                LOG.info("the registry is unavailable (" + e.getStatus().getCode() + "); serving continues, retrying");
            } catch (RuntimeException e) {
                LOG.error("cannot apply the registry's response; serving continues, retrying", e);
            }
            if (heard) {
                pause = FIRST_PAUSE;
            } else {
                askPeers();
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException _) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
        }
    }

    /** Serves what another instance serves if no version is known. */
    private void askPeers() {
        if (!models.list().isEmpty() || models.isSynchronized()) {
            return;
        }
        try {
            Map<String, ServedVersion> versions = peers.map(Peers::served).orElseGet(Map::of);
            if (models.resume(versions)) {
                LOG.info("serving " + versions.keySet() + " as another instance until the registry is available");
            }
        } catch (RuntimeException e) {
            LOG.error("cannot serve the versions of another instance", e);
        }
    }

    /** Applies the responses of one watch until it ends. */
    private void follow() {
        Iterator<WatchAliasesResponse> responses = ModelServiceGrpc.newBlockingStub(registry)
                .watchAliases(WatchAliasesRequest.newBuilder()
                        .setAlias(alias)
                        .setResumeToken(resumeToken)
                        .build());
        if (resumeToken.isEmpty()) {
            aliases.clear();
        }
        while (responses.hasNext()) {
            WatchAliasesResponse response = responses.next();
            heard = true;
            apply(response);
            if (!response.getResumeToken().isEmpty()) {
                resumeToken = response.getResumeToken();
            }
        }
    }

    private void apply(WatchAliasesResponse response) {
        if (response.getReset()) {
            LOG.info("the registry's history does not have the last response; receiving all aliases");
            resumeToken = "";
            aliases.clear();
        } else if (response.getSynchronized()) {
            models.synchronize(aliases);
        } else if (!response.getDeletedAlias().isEmpty()) {
            aliases.remove(response.getDeletedAlias());
            models.remove(response.getDeletedAlias());
        } else {
            aliases.add(response.getAlias().getName());
            Optional<Canary> canary = response.getAlias().hasCanary()
                    ? Optional.of(Canary.of(response.getAlias().getCanary(), response.getCanaryVersion()))
                    : Optional.empty();
            models.point(response.getAlias().getName(), response.getVersion(), canary);
        }
    }
}
