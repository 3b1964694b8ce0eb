package io.rootstock.trainer.ranks;

import io.rootstock.trainer.v1.MeetRunRanksRequest;
import io.rootstock.trainer.v1.MeetRunRanksResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The ranks of all runs' attempts that call this service. Nothing is stored: after a restart, each rank calls again within a
 * second, and one that does not counts as lost only after the whole time.
 */
public final class RankMeetings {
    /** Time without a call after which a rank counts as lost. */
    public static final Duration SILENCE = Duration.ofSeconds(20);

    /** Time after the last call of any rank for which an attempt is remembered. */
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final Duration silence;
    private final LongSupplier nanos;
    /** Attempts by the run's id and the attempt's name. */
    private final Map<String, Map<String, RankMeeting>> runs = new HashMap<>();

    /** @param silence time without a call after which a rank counts as lost */
    public RankMeetings(Duration silence) {
        this(silence, System::nanoTime);
    }

    RankMeetings(Duration silence, LongSupplier nanos) {
        this.silence = silence;
        this.nanos = nanos;
    }

    /**
     * Records a call, and returns the state of the attempt for the caller.
     *
     * @return empty if an attempt with a later lease has begun: the rank must end
     */
    public synchronized Optional<MeetRunRanksResponse> meet(MeetRunRanksRequest request) {
        long now = nanos.getAsLong();
        forget(now);
        Map<String, RankMeeting> attempts = runs.computeIfAbsent(request.getRunId(), _ -> new HashMap<>());
        RankMeeting meeting =
                attempts.computeIfAbsent(request.getAttempt(), _ -> new RankMeeting(request.getRanks(), now));
        meeting.call(request, now);
        long last =
                attempts.values().stream().mapToLong(RankMeeting::lease).max().orElse(0);
        // An attempt without a lease may be the next one, whose rank 0 waits for the lease.
        return meeting.lease() > 0 && meeting.lease() < last
                ? Optional.empty()
                : Optional.of(meeting.response(now, silence.toNanos()));
    }

    private void forget(long now) {
        runs.values().forEach(attempts -> attempts.values().removeIf(meeting -> meeting.quiet(now) > KEPT.toNanos()));
        runs.values().removeIf(Map::isEmpty);
    }
}
