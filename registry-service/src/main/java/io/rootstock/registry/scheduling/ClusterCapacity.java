package io.rootstock.registry.scheduling;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The devices of the trainer by kind, as it reported them last. Used by one thread. */
final class ClusterCapacity {
    private static final Duration FRESHNESS = Duration.ofSeconds(10);

    private final Supplier<Map<String, Integer>> source;
    private Optional<Map<String, Integer>> devices = Optional.empty();
    private Instant next = Instant.MIN;

    /**
     * Creates it without reading the devices.
     *
     * @param source reads them; a StatusRuntimeException says that the trainer is unavailable
     */
    ClusterCapacity(Supplier<Map<String, Integer>> source) {
        this.source = source;
    }

    /** Returns the devices; empty if the trainer has never reported them. */
    Optional<Map<String, Integer>> devices(Instant now) {
        if (!now.isBefore(next)) {
            try {
                devices = Optional.of(source.get());
                next = now.plus(FRESHNESS);
            } catch (StatusRuntimeException e) {
                // The trainer is away; commands wait in the outbox, and the devices are those that it had.
                return devices;
            }
        }
        return devices;
    }
}
