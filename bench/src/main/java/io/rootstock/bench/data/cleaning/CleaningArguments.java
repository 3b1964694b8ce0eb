package io.rootstock.bench.data.cleaning;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Arguments of the benchmark.
 *
 * @param isQuick whether the small model and budget are used
 * @param points file of an interrupted run, which continues; empty: none
 */
record CleaningArguments(boolean isQuick, Optional<Path> points) {
    static final String USAGE = "usage: bench/data/cleaning [--quick] [--points FILE] [--report]";

    /**
     * Parses the arguments.
     *
     * @throws IllegalArgumentException for an unknown option or a missing value
     */
    static CleaningArguments parse(List<String> given) {
        boolean quick = false;
        Optional<Path> points = Optional.empty();
        for (int i = 0; i < given.size(); i++) {
            switch (given.get(i)) {
                case "--quick" -> quick = true;
                case "--points" -> {
                    if (++i == given.size()) {
                        throw new IllegalArgumentException("--points needs a file");
                    }
                    points = Optional.of(Path.of(given.get(i)));
                }
                default -> throw new IllegalArgumentException("unknown argument " + given.get(i));
            }
        }
        return new CleaningArguments(quick, points);
    }

    Setup setup() {
        return isQuick ? Setup.QUICK : Setup.WHOLE;
    }
}
