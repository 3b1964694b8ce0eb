package io.rootstock.trainer.grpc;

import io.rootstock.trainer.v1.MeetRunRanksRequest;
import io.rootstock.trainer.v1.MeetRunRanksResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The ranks of all runs' attempts that call this service. Nothing is stored: after a restart, each rank calls again within a
 * second, and one that does not counts as lost only after the whole time.
 */
final class RankMeetings {
    /** Time without a call after which a rank counts as lost. */
    static final Duration SILENCE = Duration.ofSeconds(20);

    /** Time after the last call of any rank for which an attempt is remembered. */
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final Duration silence;
    private final LongSupplier nanos;
    /** Attempts by the run's id and the attempt's name. */
    private final Map<String, Map<String, Meeting>> runs = new HashMap<>();

    /** @param silence time without a call after which a rank counts as lost */
    RankMeetings(Duration silence) {
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
    synchronized Optional<MeetRunRanksResponse> meet(MeetRunRanksRequest request) {
        long now = nanos.getAsLong();
        forget(now);
        Map<String, Meeting> attempts = runs.computeIfAbsent(request.getRunId(), _ -> new HashMap<>());
        Meeting meeting = attempts.computeIfAbsent(request.getAttempt(), _ -> new Meeting(request.getRanks(), now));
        meeting.call(request, now);
        long last = attempts.values().stream().mapToLong(Meeting::lease).max().orElse(0);
        // An attempt without a lease may be the next one, whose rank 0 waits for the lease.
        return meeting.lease() > 0 && meeting.lease() < last
                ? Optional.empty()
                : Optional.of(meeting.response(now, silence.toNanos()));
    }

    private void forget(long now) {
        runs.values().forEach(attempts -> attempts.values().removeIf(meeting -> meeting.quiet(now) > KEPT.toNanos()));
        runs.values().removeIf(Map::isEmpty);
    }

    /** The ranks of one attempt. */
    private static final class Meeting {
        private final long begin;
        /** Last call of each rank; null before the first. */
        private final MeetRunRanksRequest[] calls;
        /** Time of each rank's last call, nanoseconds; the begin before the first. */
        private final long[] times;

        private long lease;
        private List<String> proxyArguments = List.of();

        /**
         * Creates a meeting without calls.
         *
         * @param ranks number of processes
         * @param now time, nanoseconds
         */
        Meeting(int ranks, long now) {
            begin = now;
            calls = new MeetRunRanksRequest[ranks];
            times = new long[ranks];
            Arrays.fill(times, now);
        }

        /** Records a call; calls after a rank's end, which may be late, are ignored. */
        void call(MeetRunRanksRequest request, long now) {
            int rank = request.getRank();
            if (rank >= calls.length || (calls[rank] != null && calls[rank].getEnded())) {
                return;
            }
            calls[rank] = request;
            times[rank] = now;
            if (rank == 0) {
                lease = request.getLease();
                proxyArguments = request.getProxyArgumentsList();
            }
        }

        /** Number of rank 0's lease; 0 before its first call. */
        long lease() {
            return lease;
        }

        /** Time since the last call of any rank, nanoseconds. */
        long quiet(long now) {
            return Arrays.stream(times).map(time -> now - time).min().orElse(now - begin);
        }

        /** @param silence time without a call after which a rank counts as lost, nanoseconds */
        MeetRunRanksResponse response(long now, long silence) {
            MeetRunRanksResponse.Builder response = MeetRunRanksResponse.newBuilder()
                    .setComplete(IntStream.range(0, calls.length).allMatch(rank -> isReady(rank, now, silence)))
                    .setLease(lease)
                    .addAllProxyArguments(proxyArguments)
                    .setStopping(others().anyMatch(MeetRunRanksRequest::getStopping))
                    .setSuspended(calls[0] != null && calls[0].getSuspended())
                    .setEnded(calls[0] != null && calls[0].getEnded())
                    .setOthersEnded(
                            others().filter(MeetRunRanksRequest::getEnded).count() == calls.length - 1)
                    .setKilledForMemory(called().anyMatch(MeetRunRanksRequest::getKilledForMemory));
            if (!proxyArguments.isEmpty()) {
                IntStream.range(0, calls.length)
                        .filter(rank -> !isHeard(rank, now, silence))
                        .forEach(response::addLostRanks);
            }
            return response.build();
        }

        private Stream<MeetRunRanksRequest> called() {
            return Arrays.stream(calls).filter(call -> call != null);
        }

        private Stream<MeetRunRanksRequest> others() {
            return called().filter(call -> call.getRank() > 0);
        }

        private boolean isReady(int rank, long now, long silence) {
            return calls[rank] != null && calls[rank].getReady() && isHeard(rank, now, silence);
        }

        /** Whether a rank has ended, or has called within the time. */
        private boolean isHeard(int rank, long now, long silence) {
            return (calls[rank] != null && calls[rank].getEnded()) || now - times[rank] <= silence;
        }
    }
}
