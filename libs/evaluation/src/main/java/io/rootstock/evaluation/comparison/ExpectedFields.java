package io.rootstock.evaluation.comparison;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.rootstock.evaluation.task.request.Expected;
import io.rootstock.evaluation.task.score.ClassPrediction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Fields of the gold answer of a row record that metrics need. */
final class ExpectedFields {
    private final List<String> references = new ArrayList<>();
    private final List<String> choices = new ArrayList<>();
    private final List<Integer> gold = new ArrayList<>();
    private OptionalInt positive = OptionalInt.empty();

    /** Reads the object that begins at the current token. */
    void read(JsonParser parser) throws IOException {
        ScoredRow.require(parser.currentToken() == JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "references" -> readTexts(parser, references);
                case "choices" -> readTexts(parser, choices);
                case "gold" -> {
                    while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                        gold.add(parser.getIntValue());
                    }
                    ScoredRow.require(parser.currentToken() == JsonToken.END_ARRAY);
                }
                case "positive" -> positive = OptionalInt.of(parser.getIntValue());
                default -> parser.skipChildren();
            }
        }
    }

    private static void readTexts(JsonParser parser, List<String> texts) throws IOException {
        ScoredRow.require(parser.currentToken() == JsonToken.START_ARRAY);
        while (parser.nextToken() == JsonToken.VALUE_STRING) {
            texts.add(parser.getText());
        }
        ScoredRow.require(parser.currentToken() == JsonToken.END_ARRAY);
    }

    List<String> references() {
        return references;
    }

    /**
     * Returns the predicted class; empty for a row without choices or without their log-probabilities.
     *
     * @param logprobs log-probabilities of the choices; others may follow
     * @throws IllegalArgumentException if an index is out of range
     */
    Optional<ClassPrediction> prediction(List<Double> logprobs) {
        if (choices.isEmpty() || gold.isEmpty() || logprobs.size() < choices.size()) {
            return Optional.empty();
        }
        boolean valid = gold.stream().allMatch(index -> index >= 0 && index < choices.size())
                && (positive.isEmpty() || (positive.getAsInt() >= 0 && positive.getAsInt() < choices.size()));
        if (!valid) {
            throw new IllegalArgumentException(
                    "the gold or positive class is not one of the " + choices.size() + " choices");
        }
        double[] sums = logprobs.stream()
                .limit(choices.size())
                .mapToDouble(Double::doubleValue)
                .toArray();
        return Optional.of(ClassPrediction.of(new Expected.Choice(choices, gold, positive), sums));
    }
}
