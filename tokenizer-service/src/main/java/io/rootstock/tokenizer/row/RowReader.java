package io.rootstock.tokenizer.row;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.chat.Turn;
import io.rootstock.corpus.source.Row;
import io.rootstock.corpus.source.RowFields;
import io.rootstock.corpus.source.RowFields.RowRefusedException;
import io.rootstock.tokenizer.v1.FieldNames;
import java.util.List;
import java.util.Optional;

/** Reads the rows of one source, which have one shape. Immutable. */
public final class RowReader {
    private final RowForm form;
    private final String label;
    private final RowLabels labels;
    private final InstructionRows instructions;
    private final PreferenceRows preferences;

    /**
     * @param form shape and fields of the rows
     * @param label label of all rows; empty: each row has its own
     * @param instruction instruction of all rows of line-aligned files; empty: the input is the instruction
     */
    public RowReader(RowForm form, String label, String instruction) {
        this.form = form;
        this.label = label;
        this.labels = new RowLabels(form.fields());
        this.instructions = new InstructionRows(form, instruction);
        this.preferences = new PreferenceRows(form.fields(), instructions);
    }

    /**
     * Reads a row.
     *
     * @throws RowRefusedException if the row does not fit the shape or is invalid; the message states reason and remedy
     */
    public RowContent read(JsonNode row) {
        try {
            return content(row);
        } catch (RowRefusedException refusal) {
            throw otherShape(row)
                    .map(other -> new RowRefusedException("is of the shape " + other.title()
                            + ", but its file is of the shape " + form.shape().title()
                            + "; move it to a file of its own"))
                    .orElse(refusal);
        }
    }

    /**
     * A prompt and the answer to it.
     *
     * @param prompt messages before the answer, at least one
     * @param answer the answer, if the row has one
     */
    public record Question(List<Turn> prompt, Optional<String> answer) {}

    /**
     * Returns the prompt of an instruction row, whose answer may be missing. A line of a text file is a prompt.
     *
     * @throws RowRefusedException if the row has no prompt, or has tools
     */
    public Question question(JsonNode row) {
        if (RowLabels.isLine(row)) {
            return new Question(
                    List.of(new Turn(InstructionRows.USER, RowFields.required(row, Row.TEXT))), Optional.empty());
        }
        return instructions.question(row);
    }

    private RowContent content(JsonNode row) {
        return switch (form.shape()) {
            case TEXT -> new RowContent.Document(labels.text(row));
            case TEXT_LABEL -> new RowContent.Labelled(labels.text(row), labels.required(row, label));
            case ALPACA, MESSAGES, SHAREGPT, LINE_ALIGNED -> new RowContent.Instruction(instructions.read(row));
            case PREFERENCE_TEXTS, PREFERENCE_MESSAGES -> preferences.read(row);
        };
    }

    private Optional<Shape> otherShape(JsonNode row) {
        List<RowForm> fitting = new RowForms(
                        Optional.of(form.shape().kind()), FieldNames.getDefaultInstance(), label, true)
                .fitting(row);
        return fitting.size() == 1 && fitting.getFirst().shape() != form.shape()
                ? Optional.of(fitting.getFirst().shape())
                : Optional.empty();
    }
}
