package io.rootstock.cli.prediction;

import io.rootstock.tokenizer.v1.SourceRow;
import java.util.OptionalDouble;

/** Result of a row. */
public sealed interface Prediction {
    /** Row that was sent. */
    SourceRow row();

    /**
     * The model's answer.
     *
     * @param text label, or generated text
     * @param probability probability of the label; empty for a generated text
     * @param tokens generated tokens
     */
    record Answered(SourceRow row, String text, OptionalDouble probability, int tokens) implements Prediction {}

    /**
     * The model rejected the row.
     *
     * @param reason error of the service
     */
    record Rejected(SourceRow row, String reason) implements Prediction {}
}
