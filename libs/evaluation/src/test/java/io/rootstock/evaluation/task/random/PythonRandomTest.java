package io.rootstock.evaluation.task.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Values of CPython 3.11's {@code random.Random}. */
class PythonRandomTest {
    @Test
    void seedsByInitByArray() {
        assertThat(bits(1234, 32, 5)).containsExactly(4150886329L, 3342196574L, 1892932127L, 501869158L, 32175636L);
        assertThat(bits(0, 32, 1)).containsExactly(3626764237L);
        assertThat(bits((1L << 40) + 7, 32, 1)).containsExactly(2635837658L);
    }

    @Test
    void ignoresTheSignOfTheSeed() {
        assertThat(bits(-1234, 32, 1)).isEqualTo(bits(1234, 32, 1));
    }

    @Test
    void drawsBitsOfEveryLength() {
        PythonRandom random = new PythonRandom(1234);
        assertThat(IntStream.of(1, 7, 31, 32, 33, 53, 63)
                        .mapToLong(random::getrandbits)
                        .boxed()
                        .toList())
                .containsExactly(1L, 99L, 946466063L, 501869158L, 32175636L, 8489599478642800L, 7443283460211601105L);
        assertThat(random.getrandbits(0)).isZero();
        assertThatThrownBy(() -> random.getrandbits(64)).hasMessageContaining("0 to 63");
    }

    @Test
    void drawsNumbersOf53Bits() {
        PythonRandom random = new PythonRandom(1234);
        assertThat(random.random()).isEqualTo(0.9664535356921388);
        assertThat(random.random()).isEqualTo(0.4407325991753527);
        assertThat(random.random()).isEqualTo(0.007491470058587191);
    }

    @Test
    void drawsIntegersBelowAnEnd() {
        PythonRandom random = new PythonRandom(1234);
        List<Long> drawn = new ArrayList<>();
        for (long end : new long[] {1, 2, 3, 10, 100, 1000, 1L << 31, 1L << 40}) {
            drawn.add(random.randrange(end));
        }
        assertThat(drawn).containsExactly(0L, 0L, 0L, 1L, 74L, 35L, 360511942L, 521214191144L);
        assertThatThrownBy(() -> random.randrange(0)).hasMessageContaining("positive end");
    }

    @Test
    void samplesFromPoolsAndSets() {
        PythonRandom random = new PythonRandom(1234);
        assertThat(random.sample(2376, 3)).containsExactly(1805, 478, 30);
        assertThat(random.sample(2376, 4)).containsExactly(371, 143, 343, 403);
        assertThat(random.sample(10, 10)).containsExactly(5, 3, 0, 7, 6, 2, 8, 4, 1, 9);
        assertThat(random.sample(100, 8)).containsExactly(11, 23, 91, 14, 1, 64, 62, 31);
        assertThat(random.sample(21, 5)).containsExactly(2, 17, 14, 20, 19);
        assertThat(random.sample(22, 5)).containsExactly(16, 18, 1, 8, 17);
    }

    @Test
    void samplesWithTheSeedOfEachRow() {
        assertThat(new PythonRandom(1234).sample(99, 10)).containsExactly(56, 14, 0, 11, 74, 4, 85, 88, 10, 12);
        assertThat(new PythonRandom(1235).sample(99, 10)).containsExactly(88, 54, 68, 75, 60, 50, 19, 90, 44, 92);
        assertThat(new PythonRandom(1236).sample(99, 10)).containsExactly(68, 61, 94, 85, 98, 33, 66, 42, 13, 69);
    }

    @Test
    void shuffles() {
        List<Integer> twelve = new ArrayList<>(IntStream.range(0, 12).boxed().toList());
        new PythonRandom(1234).shuffle(twelve);
        assertThat(twelve).containsExactly(2, 3, 8, 4, 11, 6, 5, 9, 10, 0, 1, 7);
        List<Integer> ten = new ArrayList<>(IntStream.range(0, 10).boxed().toList());
        new PythonRandom(1337).shuffle(ten);
        assertThat(ten).containsExactly(0, 3, 7, 2, 1, 6, 4, 5, 8, 9);
    }

    @Test
    void agreesWithPythonOn2000Samples() throws Exception {
        PythonRandom random = new PythonRandom(1234);
        StringBuilder drawn = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            int population = i * 37 % 5000 + 1;
            drawn.append(IntStream.of(random.sample(population, Math.min(population, i % 30)))
                            .mapToObj(Integer::toString)
                            .collect(Collectors.joining(",")))
                    .append(';');
        }
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(drawn.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(HexFormat.of().formatHex(hash))
                .isEqualTo("d0140cbc6b0bfab428315a5ce87a306aecc5895b164c5242448e0c27e92c9f97");
    }

    @Test
    void refusesSamplesBeyondThePopulation() {
        assertThatThrownBy(() -> new PythonRandom(1).sample(3, 4)).hasMessageContaining("exceeds the population of 3");
    }

    private static List<Long> bits(long seed, int bits, int count) {
        PythonRandom random = new PythonRandom(seed);
        List<Long> drawn = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            drawn.add(random.getrandbits(bits));
        }
        return drawn;
    }
}
