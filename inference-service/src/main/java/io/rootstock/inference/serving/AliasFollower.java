package io.rootstock.inference.serving;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.WatchAliasesRequest;
import io.rootstock.registry.v1.WatchAliasesResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Follows the registry's aliases for as long as it lives. While the registry is away, what is served stays served; the
 * follower tries again, at most every ten seconds, and then hears where every alias points.
 */
final class AliasFollower implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(AliasFollower.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final ManagedChannel registry;
    private final String alias;
    private final ServedModels models;
    private final Context.CancellableContext context = Context.ROOT.withCancellation();
    private final Thread thread;
    /** Whether the present watch has said anything; the follower's thread only. */
    private boolean heard;

    AliasFollower(ManagedChannel registry, String alias, ServedModels models) {
        this.registry = registry;
        this.alias = alias;
        this.models = models;
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
            // The channel's own pauses grow to two minutes.
            registry.resetConnectBackoff();
            try {
                follow();
                LOG.info("the registry ended its watch; following again");
            } catch (StatusRuntimeException e) {
                if (context.isCancelled()) {
                    return;
                }
                LOG.info("the registry is away (" + e.getStatus().getCode() + "); what is served stays, trying again");
            } catch (RuntimeException e) {
                LOG.log(
                        Level.SEVERE,
                        "what the registry told could not be followed; what is served stays, trying again",
                        e);
            }
            if (heard) {
                pause = FIRST_PAUSE;
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException _) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** Follows until the stream ends. */
    private void follow() {
        Iterator<WatchAliasesResponse> responses = ModelServiceGrpc.newBlockingStub(registry)
                .watchAliases(WatchAliasesRequest.newBuilder().setAlias(alias).build());
        Set<String> aliases = new HashSet<>();
        while (responses.hasNext()) {
            WatchAliasesResponse response = responses.next();
            heard = true;
            if (response.getSynchronized()) {
                models.keepOnly(aliases);
                continue;
            }
            aliases.add(response.getAlias().getName());
            Optional<Trial> trial = response.getAlias().hasCandidate()
                    ? Optional.of(Trial.of(response.getAlias().getCandidate(), response.getCandidateVersion()))
                    : Optional.empty();
            models.point(response.getAlias().getName(), response.getVersion(), trial);
        }
    }
}
