package io.rootstock.corpus.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.corpus.engine.Progress;
import io.rootstock.corpus.engine.WorkUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhaseTest {
    private final List<Progress> progress = new ArrayList<>();

    @Test
    void aRepeatedTaskCountsOnce() {
        Phase phase = Phase.ofUnits("read", List.of(unit(0, 5), unit(1, 7)), progress::add);
        phase.finish(1, 0);
        phase.finish(1, 0);
        phase.finish(0, 0);
        assertThat(progress).containsExactly(new Progress("read", 1, 2, 7, 12), new Progress("read", 2, 2, 12, 12));
        assertThat(phase.isFinished()).isTrue();
    }

    @Test
    void bytesOfBucketsAreThoseOfTheShuffle() {
        Phase phase = Phase.ofBuckets("pairs", position -> "bucket " + position, 2, progress::add);
        phase.expect(10);
        phase.finish(0, 4);
        phase.finish(1, 8);
        assertThat(progress).containsExactly(new Progress("pairs", 1, 2, 4, 10), new Progress("pairs", 2, 2, 12, 12));
    }

    @Test
    void theEndIsReportedOnce() {
        Phase phase = Phase.ofUnits("read", List.of(unit(0, 5), unit(1, 7)), progress::add);
        phase.finish(0, 0);
        phase.finishAll();
        phase.finishAll();
        assertThat(progress).hasSize(2).last().isEqualTo(new Progress("read", 2, 2, 12, 12));
    }

    @Test
    void theFailureOfATaskPrecedesLostExecutorsAndLaterUnits() {
        Phase phase = Phase.ofUnits("read", List.of(unit(0, 5), unit(1, 7)), progress::add);
        StageFailure first = phase.failure(0, new IllegalStateException("a"), false);
        StageFailure second = phase.failure(1, new IllegalStateException("b"), false);
        StageFailure lost = phase.failure(0, new IllegalStateException("c"), true);
        assertThat(first.precedes(null)).isTrue();
        assertThat(first.precedes(second)).isTrue();
        assertThat(second.precedes(first)).isFalse();
        assertThat(second.precedes(lost)).isTrue();
        assertThat(lost.precedes(second)).isFalse();
        assertThat(first.name()).isEqualTo("unit 0");
    }

    private static WorkUnit unit(int index, long bytes) {
        return new WorkUnit(index, "unit " + index, "", "digest", bytes, 0);
    }
}
