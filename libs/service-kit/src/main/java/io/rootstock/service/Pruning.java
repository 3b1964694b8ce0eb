package io.rootstock.service;

import io.grpc.StatusRuntimeException;
import io.rootstock.storage.v1.PruneRequest;
import io.rootstock.storage.v1.PrunedGroup;
import java.time.Duration;
import java.time.Instant;

/**
 * A valid {@link PruneRequest}.
 *
 * @param apply whether files are removed
 * @param limit files that were written or used at or after this time are kept
 */
public record Pruning(boolean apply, Instant limit) {
    private static final Duration DEFAULT_GRACE = Duration.ofHours(1);
    private static final Duration MIN_GRACE = Duration.ofMinutes(10);
    private static final int SHOWN_NAMES = 20;

    /**
     * Returns the request with the time limit of its grace period.
     *
     * @throws StatusRuntimeException INVALID_ARGUMENT if the grace period is too short
     */
    public static Pruning of(PruneRequest request) {
        Duration grace = request.hasGrace()
                ? Duration.ofSeconds(
                        request.getGrace().getSeconds(), request.getGrace().getNanos())
                : DEFAULT_GRACE;
        if (grace.compareTo(MIN_GRACE) < 0) {
            throw Errors.invalidArgument(
                    "grace",
                    "must be at least " + MIN_GRACE.toMinutes() + " minutes, was " + grace.toSeconds()
                            + " seconds: younger files may belong to a running operation");
        }
        return new Pruning(request.getApply(), Instant.now().minus(grace));
    }

    /** Returns the same request, keeping also files written or used at or after {@code time}. */
    public Pruning keepingSince(Instant time) {
        return time.isBefore(limit) ? new Pruning(apply, time) : this;
    }

    /** Removes one file or directory. */
    @FunctionalInterface
    public interface Removal {
        /** Returns the freed bytes. */
        long run();
    }

    /** Starts a group of the response. Not safe for several threads. */
    public Group group(String description) {
        return new Group(description);
    }

    /** Files of one kind that nothing needs. */
    public final class Group {
        private final PrunedGroup.Builder group = PrunedGroup.newBuilder();

        private Group(String description) {
            group.setDescription(description);
        }

        /**
         * Counts a file or directory, and removes it if it is older than the grace period and the request applies.
         *
         * @param used time of its last write or use
         */
        public void add(String name, long bytes, Instant used, Removal removal) {
            if (!used.isBefore(limit)) {
                group.setKeptItems(group.getKeptItems() + 1).setKeptBytes(group.getKeptBytes() + bytes);
                return;
            }
            group.setItems(group.getItems() + 1).setBytes(group.getBytes() + (apply ? removal.run() : bytes));
            if (group.getNamesCount() < SHOWN_NAMES) {
                group.addNames(name);
            }
        }

        /** Returns the group's message. */
        public PrunedGroup toMessage() {
            return group.build();
        }
    }
}
