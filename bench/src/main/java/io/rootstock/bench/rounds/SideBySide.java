package io.rootstock.bench.rounds;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Measures several sides in turns: each round runs every side once, so that other activity of the machine affects all. */
public final class SideBySide {
    /** One turn of a side. */
    @FunctionalInterface
    public interface Turn<R> {
        R run() throws IOException, InterruptedException;
    }

    private SideBySide() {}

    /** Returns the results of each side, in the order of the sides; results of the warm-up rounds are dropped. */
    public static <R> List<Samples<R>> run(int warmUps, int rounds, List<Turn<R>> sides)
            throws IOException, InterruptedException {
        List<List<R>> results =
                Stream.<List<R>>generate(ArrayList::new).limit(sides.size()).toList();
        for (int round = -warmUps; round < rounds; round++) {
            for (int side = 0; side < sides.size(); side++) {
                R result = sides.get(side).run();
                if (round >= 0) {
                    results.get(side).add(result);
                }
            }
        }
        return results.stream().map(Samples::new).toList();
    }
}
