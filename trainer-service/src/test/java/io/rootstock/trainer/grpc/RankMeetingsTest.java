package io.rootstock.trainer.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.trainer.v1.MeetRunRanksRequest;
import io.rootstock.trainer.v1.MeetRunRanksResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RankMeetingsTest {
    private static final List<String> PROXY = List.of("--control-port", "10.0.0.1:4000");

    private final AtomicLong seconds = new AtomicLong();
    private final RankMeetings meetings =
            new RankMeetings(Duration.ofSeconds(20), () -> TimeUnit.SECONDS.toNanos(seconds.get()));

    @Test
    void ranksAreCompleteWhenAllAreReadyAndReceiveRankZerosLauncher() {
        assertThat(meet(rank("a", 1))).hasValueSatisfying(response -> {
            assertThat(response.getLease()).isZero();
            assertThat(response.getComplete()).isFalse();
        });
        assertThat(meet(rank("a", 0).setLease(7).setReady(true)))
                .hasValueSatisfying(
                        response -> assertThat(response.getComplete()).isFalse());
        assertThat(meet(rank("a", 1).setReady(true))).hasValueSatisfying(response -> {
            assertThat(response.getLease()).isEqualTo(7);
            assertThat(response.getComplete()).isTrue();
            assertThat(response.getProxyArgumentsList()).isEmpty();
        });
        meet(rank("a", 0).setLease(7).setReady(true).addAllProxyArguments(PROXY));
        assertThat(meet(rank("a", 1).setReady(true)))
                .hasValueSatisfying(
                        response -> assertThat(response.getProxyArgumentsList()).isEqualTo(PROXY));
    }

    @Test
    void aRankThatDoesNotCallIsLostOnceTheLauncherWaits() {
        started("a", 1);
        seconds.set(20);
        assertThat(meet(zero("a", 1)).orElseThrow().getLostRanksList()).isEmpty();
        seconds.set(21);
        assertThat(meet(zero("a", 1)).orElseThrow().getLostRanksList()).containsExactly(1);
        seconds.set(42);
        assertThat(meet(rank("a", 1).setReady(true)).orElseThrow().getLostRanksList())
                .containsExactly(0);
    }

    @Test
    void aRankThatHasEndedIsNotLost() {
        started("a", 1);
        meet(rank("a", 1).setReady(true).setEnded(true).setKilledForMemory(true));
        seconds.set(60);
        assertThat(meet(zero("a", 1))).hasValueSatisfying(response -> {
            assertThat(response.getLostRanksList()).isEmpty();
            assertThat(response.getOthersEnded()).isTrue();
            assertThat(response.getKilledForMemory()).isTrue();
        });
        assertThat(meet(rank("a", 1)).orElseThrow().getOthersEnded())
                .as("a late call")
                .isTrue();
    }

    @Test
    void ranksLearnThatAnotherStopsOrThatRankZeroIsSuspendedOrHasEnded() {
        started("a", 1);
        meet(rank("a", 1).setReady(true).setStopping(true));
        assertThat(meet(zero("a", 1)).orElseThrow().getStopping()).isTrue();
        meet(zero("a", 1).setSuspended(true));
        assertThat(meet(rank("a", 1)).orElseThrow().getSuspended()).isTrue();
        meet(zero("a", 1).setEnded(true));
        assertThat(meet(rank("a", 1))).hasValueSatisfying(response -> {
            assertThat(response.getSuspended()).isFalse();
            assertThat(response.getEnded()).isTrue();
        });
    }

    @Test
    void ranksOfAnEarlierAttemptEndWhenALaterLeaseHasBegun() {
        started("a", 1);
        assertThat(meet(rank("b", 1)))
                .as("the next attempt waits for the lease")
                .isPresent();
        assertThat(meet(rank("a", 1))).isPresent();
        started("b", 2);
        assertThat(meet(rank("a", 1))).isEmpty();
        assertThat(meet(zero("a", 1))).isEmpty();
        assertThat(meet(rank("b", 1))).isPresent();
        assertThat(meet(rank("a", 1).setRunId("another run"))).isPresent();
    }

    @Test
    void attemptsAreForgottenAfterTheirLastCall() {
        started("a", 1);
        started("b", 2);
        seconds.set(601);
        assertThat(meet(rank("a", 1)).orElseThrow().getLease()).isZero();
    }

    private void started(String attempt, long lease) {
        meet(rank(attempt, 1).setReady(true));
        meet(zero(attempt, lease));
    }

    private static MeetRunRanksRequest.Builder zero(String attempt, long lease) {
        return rank(attempt, 0).setLease(lease).setReady(true).addAllProxyArguments(PROXY);
    }

    private static MeetRunRanksRequest.Builder rank(String attempt, int rank) {
        return MeetRunRanksRequest.newBuilder()
                .setRunId("run")
                .setAttempt(attempt)
                .setRank(rank)
                .setRanks(2);
    }

    private Optional<MeetRunRanksResponse> meet(MeetRunRanksRequest.Builder request) {
        return meetings.meet(request.build());
    }
}
