package io.rootstock.evaluation.task.random;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * CPython's {@code random.Random}: Mersenne Twister MT19937 (Matsumoto and Nishimura 1998) seeded by
 * {@code init_by_array}, with the integer methods of Python 3.11 and later. Not safe for use by several threads.
 */
public final class PythonRandom {
    private static final int N = 624;
    private static final int M = 397;
    private static final int UPPER = 0x80000000;
    private static final int LOWER = 0x7fffffff;
    private static final int MATRIX_A = 0x9908b0df;

    private final int[] state = new int[N];
    private int index = N;

    /** Creates the generator of {@code random.Random(seed)}; as in Python, the sign of the seed has no effect. */
    public PythonRandom(long seed) {
        long magnitude = Math.abs(seed);
        int high = (int) (magnitude >>> 32);
        seedByArray(high == 0 ? new int[] {(int) magnitude} : new int[] {(int) magnitude, high});
    }

    private void seedByNumber(int seed) {
        state[0] = seed;
        for (int i = 1; i < N; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
        index = N;
    }

    private void seedByArray(int[] key) {
        seedByNumber(19650218);
        int i = 1;
        int j = 0;
        for (int k = Math.max(N, key.length); k > 0; k--) {
            state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >>> 30)) * 1664525)) + key[j] + j;
            i++;
            j = (j + 1) % key.length;
            if (i >= N) {
                state[0] = state[N - 1];
                i = 1;
            }
        }
        for (int k = N - 1; k > 0; k--) {
            state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >>> 30)) * 1566083941)) - i;
            i++;
            if (i >= N) {
                state[0] = state[N - 1];
                i = 1;
            }
        }
        state[0] = UPPER;
    }

    private int next() {
        if (index >= N) {
            for (int k = 0; k < N; k++) {
                int y = (state[k] & UPPER) | (state[(k + 1) % N] & LOWER);
                state[k] = state[(k + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : MATRIX_A);
            }
            index = 0;
        }
        int y = state[index++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    /** {@code random()}: a number in [0, 1) with 53 bits. */
    public double random() {
        double high = next() >>> 5;
        double low = next() >>> 6;
        return (high * 67108864.0 + low) / 9007199254740992.0;
    }

    /**
     * {@code getrandbits(bits)}.
     *
     * @param bits 0 to 63
     */
    public long getrandbits(int bits) {
        if (bits < 0 || bits > 63) {
            throw new IllegalArgumentException("bits must be 0 to 63, not " + bits);
        }
        if (bits == 0) {
            return 0;
        }
        if (bits <= 32) {
            return Integer.toUnsignedLong(next()) >>> (32 - bits);
        }
        long low = Integer.toUnsignedLong(next());
        return low | (Integer.toUnsignedLong(next()) >>> (64 - bits)) << 32;
    }

    /**
     * {@code randrange(end)}: an integer in [0, end).
     *
     * @throws IllegalArgumentException if {@code end} is not positive
     */
    public long randrange(long end) {
        if (end <= 0) {
            throw new IllegalArgumentException("randrange needs a positive end, not " + end);
        }
        int bits = 64 - Long.numberOfLeadingZeros(end);
        long value = getrandbits(bits);
        while (value >= end) {
            value = getrandbits(bits);
        }
        return value;
    }

    /** {@code shuffle(list)}: permutes the list in place. */
    public <T> void shuffle(List<T> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            int j = (int) randrange(i + 1L);
            T moved = list.get(i);
            list.set(i, list.get(j));
            list.set(j, moved);
        }
    }

    /**
     * {@code sample(range(population), count)}: distinct indices in selection order.
     *
     * @throws IllegalArgumentException if {@code count} exceeds the population
     */
    public int[] sample(int population, int count) {
        if (count < 0 || count > population) {
            throw new IllegalArgumentException("a sample of " + count + " exceeds the population of " + population);
        }
        int[] result = new int[count];
        // CPython keeps a pool of the remaining elements where it needs less memory than a set of the selected ones.
        long setSize = 21;
        if (count > 5) {
            setSize += (long) Math.pow(4, Math.ceil(Math.log(count * 3.0) / Math.log(4)));
        }
        if (population <= setSize) {
            List<Integer> pool = new ArrayList<>(population);
            for (int i = 0; i < population; i++) {
                pool.add(i);
            }
            for (int i = 0; i < count; i++) {
                int j = (int) randrange(population - i);
                result[i] = pool.get(j);
                pool.set(j, pool.get(population - i - 1));
            }
            return result;
        }
        Set<Integer> selected = new HashSet<>();
        for (int i = 0; i < count; i++) {
            int j = (int) randrange(population);
            while (!selected.add(j)) {
                j = (int) randrange(population);
            }
            result[i] = j;
        }
        return result;
    }

    /** {@code sample(population, count)}. */
    public <T> List<T> sample(List<T> population, int count) {
        List<T> sampled = new ArrayList<>(count);
        for (int i : sample(population.size(), count)) {
            sampled.add(population.get(i));
        }
        return sampled;
    }
}
