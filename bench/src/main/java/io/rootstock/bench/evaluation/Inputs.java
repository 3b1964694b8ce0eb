package io.rootstock.bench.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Arrays of a case in JSON. */
final class Inputs {
    private Inputs() {}

    static <T> List<T> list(JsonNode array, Function<JsonNode, T> read) {
        List<T> values = new ArrayList<>();
        array.forEach(node -> values.add(read.apply(node)));
        return values;
    }

    static List<String> texts(JsonNode array) {
        return list(array, JsonNode::textValue);
    }

    static int[] integers(JsonNode array) {
        return list(array, JsonNode::intValue).stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }

    static double[] numbers(JsonNode array) {
        return list(array, JsonNode::doubleValue).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    static boolean[] flags(JsonNode array) {
        boolean[] flags = new boolean[array.size()];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = array.get(i).booleanValue();
        }
        return flags;
    }
}
