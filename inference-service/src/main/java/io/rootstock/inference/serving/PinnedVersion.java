package io.rootstock.inference.serving;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.model.LoadException;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.Version;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Serves one version for the life of the process. Reads it from the registry once, at intervals of at most ten seconds
 * while the registry is unavailable; another error of the registry is the version's load failure.
 */
final class PinnedVersion implements VersionSource {
    private static final Logger LOG = Logger.getLogger(PinnedVersion.class);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(10);
    private static final Set<Status.Code> TRANSIENT =
            Set.of(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED, Status.Code.RESOURCE_EXHAUSTED);

    private final ManagedChannel registry;
    private final String name;
    private final String alias;
    private final ServedModels models;
    private final Context.CancellableContext context = Context.ROOT.withCancellation();
    private final Thread thread;

    /**
     * Starts to read the version.
     *
     * @param name models/{m}/versions/{n}
     * @param alias models/{m}/aliases/{a}, under which it is served
     */
    PinnedVersion(ManagedChannel registry, String name, String alias, ServedModels models) {
        this.registry = registry;
        this.name = name;
        this.alias = alias;
        this.models = models;
        this.thread = Thread.ofVirtual().name("pinned-version").start(context.wrap(this::run));
    }

    @Override
    public void close() {
        context.cancel(null);
        thread.interrupt();
    }

    private void run() {
        try {
            Version version = read();
            if (!context.isCancelled()) {
                models.point(alias, version, Optional.empty());
            }
        } catch (StatusRuntimeException e) {
            if (!context.isCancelled()) {
                Status status = e.getStatus();
                models.refuse(
                        alias,
                        name,
                        new LoadException(
                                name + " cannot be read from the registry: " + status.getCode() + " "
                                        + status.getDescription(),
                                e));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Version read() throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            // The channel's own backoff grows to two minutes.
            registry.resetConnectBackoff();
            try {
                return ModelServiceGrpc.newBlockingStub(registry)
                        .withDeadlineAfter(CALL_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                        .getVersion(GetVersionRequest.newBuilder().setName(name).build())
                        .getVersion();
            } catch (StatusRuntimeException e) {
                if (!TRANSIENT.contains(e.getStatus().getCode())) {
                    throw e;
                }
                if (pause.equals(FIRST_PAUSE)) {
                    LOG.info("the registry is unavailable (" + e.getStatus().getCode() + "); retrying to read " + name);
                }
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
        }
    }
}
