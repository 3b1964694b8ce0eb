package io.rootstock.bench.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Values of a case in the order of its peer.
 *
 * @param texts names, signatures or stems
 */
record Values(List<Double> numbers, List<String> texts) {
    Values {
        numbers = List.copyOf(numbers);
        texts = List.copyOf(texts);
    }

    static Values of(double... numbers) {
        Values.Collector values = new Values.Collector();
        values.addAll(numbers);
        return values.done();
    }

    /** Reads the values of a peer. */
    static Values read(JsonNode line) {
        return new Values(Inputs.list(line.path("numbers"), JsonNode::doubleValue), Inputs.texts(line.path("texts")));
    }

    /** Largest absolute difference of two numbers; infinite if a text, a length or which numbers are NaN differs. */
    double difference(Values other) {
        if (!texts.equals(other.texts) || numbers.size() != other.numbers.size()) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = 0;
        for (int i = 0; i < numbers.size(); i++) {
            double difference = Math.abs(numbers.get(i) - other.numbers.get(i));
            largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return largest;
    }

    /** Collects the values of a case in order. */
    static final class Collector {
        private final List<Double> numbers = new ArrayList<>();
        private final List<String> texts = new ArrayList<>();

        void add(double number) {
            numbers.add(number);
        }

        void addAll(double[] more) {
            for (double number : more) {
                numbers.add(number);
            }
        }

        void add(String text) {
            texts.add(text);
        }

        Values done() {
            return new Values(numbers, texts);
        }
    }
}
