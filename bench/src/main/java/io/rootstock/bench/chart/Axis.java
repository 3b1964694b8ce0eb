package io.rootstock.bench.chart;

import java.util.List;

/** The x axis of a panel. */
public sealed interface Axis {
    /** Text below the axis; empty: none. */
    String label();

    /**
     * A logarithmic axis with a tick at each value.
     *
     * @param values positive, ascending, at least one
     */
    record Logarithmic(String label, List<Double> values) implements Axis {
        public Logarithmic {
            values = List.copyOf(values);
        }
    }

    /** An axis of names; a mark's x is an index. */
    record Categories(String label, List<String> names) implements Axis {
        public Categories {
            names = List.copyOf(names);
        }
    }

    /** Position of a value from 0, the left end, to 1. */
    default double position(double x) {
        return switch (this) {
            case Logarithmic(String _, List<Double> values) -> {
                double low = Math.log(values.getFirst());
                double high = Math.log(values.getLast());
                yield high > low ? (Math.log(x) - low) / (high - low) : 0.5;
            }
            case Categories(String _, List<String> names) -> names.size() > 1 ? x / (names.size() - 1) : 0.5;
        };
    }

    /** Texts of the ticks, from left to right. */
    default List<String> ticks() {
        return switch (this) {
            case Logarithmic(String _, List<Double> values) ->
                values.stream().map(Ticks::count).toList();
            case Categories(String _, List<String> names) -> names;
        };
    }

    default double tickPosition(int tick) {
        return switch (this) {
            case Logarithmic(String _, List<Double> values) -> position(values.get(tick));
            case Categories _ -> position((double) tick);
        };
    }
}
