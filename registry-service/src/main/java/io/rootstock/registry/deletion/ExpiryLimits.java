package io.rootstock.registry.deletion;

import java.time.Duration;
import java.util.Optional;

/**
 * Ages after which the registry deletes resources by itself; empty: never. Each is at least one hour.
 *
 * @param unpromoted age of a version that no alias ever pointed to, since its registration
 * @param retired age of a version that no alias points to any more, since an alias last did
 * @param files age of a file of the file service
 */
public record ExpiryLimits(Optional<Duration> unpromoted, Optional<Duration> retired, Optional<Duration> files) {
    /** Limits with which versions and files are kept for ever. */
    public static final ExpiryLimits NONE = new ExpiryLimits(Optional.empty(), Optional.empty(), Optional.empty());

    private static final Duration MIN_LIMIT = Duration.ofHours(1);

    public ExpiryLimits {
        require(unpromoted, "unpromoted");
        require(retired, "retired");
        require(files, "file");
    }

    private static void require(Optional<Duration> limit, String kind) {
        if (limit.isPresent() && limit.get().compareTo(MIN_LIMIT) < 0) {
            throw new IllegalArgumentException("rootstock.registry." + kind + "-ttl must be at least 1h, was "
                    + limit.get().toSeconds() + " seconds; a number without a unit counts seconds: use 30d for days");
        }
    }
}
