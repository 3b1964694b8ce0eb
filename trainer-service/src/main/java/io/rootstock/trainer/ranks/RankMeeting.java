package io.rootstock.trainer.ranks;

import io.rootstock.trainer.v1.MeetRunRanksRequest;
import io.rootstock.trainer.v1.MeetRunRanksResponse;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The ranks of one attempt. */
final class RankMeeting {
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
    RankMeeting(int ranks, long now) {
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
                .setOthersEnded(others().filter(MeetRunRanksRequest::getEnded).count() == calls.length - 1)
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
