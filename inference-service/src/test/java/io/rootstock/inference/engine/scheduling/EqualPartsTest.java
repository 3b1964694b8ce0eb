package io.rootstock.inference.engine.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.inference.engine.scheduling.EqualParts.Pass;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EqualPartsTest {
    private static Pass next(int... planned) {
        return EqualParts.next(IntStream.range(0, planned.length).toArray(), planned);
    }

    @Test
    void aPassHasTheMostSequencesAmongTheLargeOnes() {
        assertThat(next(9, 5, 3)).isEqualTo(new Pass(0, 3, 3));
        assertThat(next(40, 5, 40, 5, 40, 5)).isEqualTo(new Pass(0, 6, 5));
        assertThat(next(1, 6, 7, 6, 1)).isEqualTo(new Pass(1, 4, 6));
        assertThat(next(7)).isEqualTo(new Pass(0, 1, 7));
    }

    @Test
    void aLongTextIsNotDividedIntoSmallPasses() {
        assertThat(next(2, 100, 2, 2)).isEqualTo(new Pass(1, 2, 100));
        assertThat(next(1, 20, 1)).isEqualTo(new Pass(1, 2, 20));
    }

    @Test
    void aPassIsNotLongerThanAMicroBatch() {
        assertThat(next(32, 32, 32, 32, 32, 32, 32, 32)).isEqualTo(new Pass(0, 4, 32));
        assertThat(next(80, 100, 90)).isEqualTo(new Pass(1, 2, 100));
        assertThat(next(64, 64)).isEqualTo(new Pass(0, 2, 64));
    }

    @Test
    void aPassHasAdjacentSequences() {
        assertThat(EqualParts.next(new int[] {0, 2, 3}, new int[] {5, 4, 4})).isEqualTo(new Pass(1, 3, 4));
    }
}
