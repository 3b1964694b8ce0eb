package io.rootstock.bench.emergence;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Arguments of the benchmark.
 *
 * @param depths layers of the models, ascending
 * @param seeds runs of each depth
 * @param tokens tokens of the checkpoints, ascending
 * @param rows rows of an evaluation
 * @param isQuick whether this is the quick run, by which the expectation is chosen
 * @param figures beginning of the names of the SVG files
 * @param points file of an interrupted run, which continues; empty: none
 */
record EmergenceArguments(
        List<Integer> depths,
        int seeds,
        List<Long> tokens,
        RowCounts rows,
        boolean isQuick,
        String figures,
        Optional<Path> points) {
    static final String USAGE = "usage: bench/quality/emergence [--quick] [--depths 2,4] [--seeds N] [--tokens 250k,1M]"
            + " [--points FILE]";

    private static final List<Integer> DEPTHS = List.of(2, 4, 6, 8);
    private static final List<Integer> QUICK_DEPTHS = List.of(2, 4);
    private static final int SEEDS = 3;
    private static final int QUICK_SEEDS = 2;
    private static final List<Long> TOKENS = List.of(250_000L, 500_000L, 1_000_000L);
    private static final List<Long> QUICK_TOKENS = List.of(100_000L, 400_000L);

    EmergenceArguments {
        depths = List.copyOf(depths);
        tokens = List.copyOf(tokens);
        requireAscending("--depths", depths.stream().map(Integer::longValue).toList());
        requireAscending("--tokens", tokens);
        if (seeds < 1) {
            throw new IllegalArgumentException("--seeds must be at least 1, was " + seeds);
        }
    }

    private static void requireAscending(String option, List<Long> values) {
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) <= (i == 0 ? 0 : values.get(i - 1))) {
                throw new IllegalArgumentException(option + " must be positive and ascending, was " + values);
            }
        }
    }

    /**
     * Parses the arguments.
     *
     * @throws IllegalArgumentException for an unknown option or an invalid value
     * @throws IndexOutOfBoundsException if the value of the last option is missing
     */
    static EmergenceArguments parse(List<String> given) {
        boolean quick = given.contains("--quick");
        List<Integer> depths = quick ? QUICK_DEPTHS : DEPTHS;
        List<Long> tokens = quick ? QUICK_TOKENS : TOKENS;
        OptionalInt seeds = OptionalInt.empty();
        Optional<Path> points = Optional.empty();
        List<String> name = new ArrayList<>(List.of("quality-emergence"));
        for (int i = 0; i < given.size(); i++) {
            String option = given.get(i);
            if (option.equals("--quick")) {
                name.add("quick");
            } else {
                String value = given.get(++i);
                if (!option.equals("--points")) {
                    name.add(option.replace("--", ""));
                    name.add(value.replace(",", "-"));
                }
                switch (option) {
                    case "--depths" -> depths = list(value, Integer::valueOf);
                    case "--tokens" -> tokens = list(value, EmergenceArguments::count);
                    case "--points" -> points = Optional.of(Path.of(value));
                    case "--seeds" -> seeds = OptionalInt.of(Integer.parseInt(value));
                    default -> throw new IllegalArgumentException("unknown argument " + option);
                }
            }
        }
        return new EmergenceArguments(
                depths,
                seeds.orElse(quick ? QUICK_SEEDS : SEEDS),
                tokens,
                quick ? RowCounts.QUICK : RowCounts.ALL,
                quick,
                String.join("-", name),
                points);
    }

    private static <T> List<T> list(String values, Function<String, T> parse) {
        return Arrays.stream(values.split(",", -1)).map(parse).toList();
    }

    private static long count(String text) {
        char unit = text.charAt(text.length() - 1);
        long factor = unit == 'k' ? 1_000 : unit == 'M' ? 1_000_000 : 1;
        return Long.parseLong(factor == 1 ? text : text.substring(0, text.length() - 1)) * factor;
    }
}
