package io.rootstock.tokenizer.row;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.FieldNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the shapes that fit the fields of a row.
 *
 * @param kind kind of the rows, if it is stated; else shapes of all kinds
 * @param names fields that the request names
 * @param label label of all rows of the source; empty: rows have a label
 * @param answered whether rows need a label or an answer
 */
record RowForms(Optional<DatasetKind> kind, FieldNames names, String label, boolean answered) {
    static final String MESSAGES = "messages";
    static final String CONVERSATIONS = "conversations";

    /** Names of the text of labelled rows where no row has the standard names. */
    private static final List<String> TEXTS = List.of("sentence", "review", "content", "message", "utterance", "query");

    /** Names of the label of labelled rows. */
    private static final List<String> LABELS = List.of("category", "class", "intent", "sentiment", "target");

    /** Names of instruction, input and output in other datasets: TRL, and databricks-dolly-15k. */
    private static final List<FieldNames> INSTRUCTIONS = List.of(
            instruction("prompt", "", "completion"),
            instruction("prompt", "", "response"),
            instruction("instruction", "context", "response"));

    /** Returns the forms that fit the row: none, one, or several if the row is ambiguous. */
    List<RowForm> fitting(JsonNode row) {
        List<RowForm> forms = new ArrayList<>();
        if (isWanted(DatasetKind.DATASET_KIND_PREFERENCE)) {
            forms.addAll(preference(row));
            if (!forms.isEmpty()) {
                // Two answers are the point of a row, also beside its messages.
                return forms;
            }
        }
        if (isWanted(DatasetKind.DATASET_KIND_INSTRUCTION)) {
            forms.addAll(conversations(row));
            forms.addAll(alpaca(row));
        }
        if (isWanted(DatasetKind.DATASET_KIND_CLASSIFICATION)) {
            forms.addAll(labelled(row));
        }
        boolean labelled = forms.stream().anyMatch(form -> form.shape() == Shape.TEXT_LABEL);
        if (isWanted(DatasetKind.DATASET_KIND_PRETRAINING) && !labelled && has(row, FieldRole.TEXT)) {
            forms.add(new RowForm(Shape.TEXT, names));
        }
        return forms;
    }

    /** Returns the shape of instruction rows that fit none, by the names of their fields. */
    Shape ofUnfitRow(List<String> rowFields) {
        boolean named = !names.getMessages().isEmpty();
        if (rowFields.contains(named ? names.getMessages() : MESSAGES)) {
            return Shape.MESSAGES;
        }
        return !named && rowFields.contains(CONVERSATIONS) ? Shape.SHAREGPT : Shape.ALPACA;
    }

    private boolean isWanted(DatasetKind wanted) {
        return kind.isEmpty() || kind.get() == wanted;
    }

    private List<RowForm> preference(JsonNode row) {
        String chosen = FieldRole.CHOSEN.field(names);
        String rejected = FieldRole.REJECTED.field(names);
        if (isText(row, chosen) && isText(row, rejected)) {
            return List.of(new RowForm(Shape.PREFERENCE_TEXTS, names));
        }
        boolean messages = MessageForm.ofList(row.path(chosen)).isPresent()
                && MessageForm.ofList(row.path(rejected)).isPresent();
        return messages ? List.of(new RowForm(Shape.PREFERENCE_MESSAGES, names)) : List.of();
    }

    /** Lists of messages; none if the request names other fields of instruction rows. */
    private List<RowForm> conversations(JsonNode row) {
        String named = names.getMessages();
        if (named.isEmpty() && !(names.getInstruction() + names.getOutput()).isEmpty()) {
            return List.of();
        }
        List<RowForm> forms = new ArrayList<>();
        for (String field : named.isEmpty() ? List.of(MESSAGES, CONVERSATIONS) : List.of(named)) {
            if (row.path(field).isArray()) {
                MessageForm.ofList(row.path(field))
                        .ifPresent(form -> forms.add(new RowForm(
                                form == MessageForm.SHAREGPT ? Shape.SHAREGPT : Shape.MESSAGES,
                                names.toBuilder().setMessages(field).build())));
            }
        }
        return List.copyOf(forms);
    }

    private List<RowForm> alpaca(JsonNode row) {
        boolean named = !(names.getInstruction() + names.getInput() + names.getOutput()).isEmpty();
        if (!names.getMessages().isEmpty() && !named) {
            return List.of();
        }
        if (has(row, FieldRole.INSTRUCTION) && (!answered || has(row, FieldRole.OUTPUT))) {
            return List.of(new RowForm(Shape.ALPACA, names));
        }
        return named
                ? List.of()
                : INSTRUCTIONS.stream()
                        .filter(other -> isText(row, other.getInstruction())
                                && (isText(row, other.getOutput()) || (!answered && !row.has(other.getOutput()))))
                        .limit(1)
                        .map(other -> new RowForm(Shape.ALPACA, other))
                        .toList();
    }

    private List<RowForm> labelled(JsonNode row) {
        boolean needsLabel = label.isEmpty() && answered;
        List<String> texts = candidates(row, FieldRole.TEXT, TEXTS);
        List<String> labels = needsLabel ? candidates(row, FieldRole.LABEL, LABELS) : List.of(names.getLabel());
        return texts.stream()
                .flatMap(text -> labels.stream()
                        .map(found -> new RowForm(
                                Shape.TEXT_LABEL,
                                names.toBuilder().setText(text).setLabel(found).build())))
                .toList();
    }

    /** Fields of a role in a row: the named one, which is empty for the standard one, or the others that are known. */
    private List<String> candidates(JsonNode row, FieldRole role, List<String> others) {
        if (isText(row, role.field(names))) {
            return List.of(role.given(names));
        }
        return role.given(names).isEmpty()
                ? others.stream().filter(other -> isText(row, other)).toList()
                : List.of();
    }

    private boolean has(JsonNode row, FieldRole role) {
        return isText(row, role.field(names));
    }

    private static boolean isText(JsonNode row, String field) {
        return row.path(field).isValueNode() && !row.path(field).isNull();
    }

    private static FieldNames instruction(String instruction, String input, String output) {
        return FieldNames.newBuilder()
                .setInstruction(instruction)
                .setInput(input)
                .setOutput(output)
                .build();
    }

    /** Fields of a form that a row of it has, for the report. */
    static List<String> fields(RowForm form, JsonNode row) {
        FieldNames names = form.fields();
        Stream<String> fields = switch (form.shape()) {
            case TEXT -> Stream.of(FieldRole.TEXT.field(names));
            case TEXT_LABEL -> Stream.of(FieldRole.TEXT.field(names), FieldRole.LABEL.field(names));
            case ALPACA ->
                Stream.concat(
                        Stream.of(FieldRole.INSTRUCTION, FieldRole.INPUT, FieldRole.OUTPUT)
                                .map(role -> role.field(names)),
                        Stream.of(InstructionRows.SYSTEM, InstructionRows.HISTORY, "tools", "functions"));
            case MESSAGES, SHAREGPT -> Stream.of(names.getMessages(), InstructionRows.SYSTEM, "tools", "functions");
            case LINE_ALIGNED -> Stream.of();
            case PREFERENCE_TEXTS, PREFERENCE_MESSAGES ->
                Stream.concat(
                        Stream.of(
                                        FieldRole.PROMPT,
                                        FieldRole.INSTRUCTION,
                                        FieldRole.INPUT,
                                        FieldRole.CHOSEN,
                                        FieldRole.REJECTED)
                                .map(role -> role.field(names)),
                        Stream.concat(
                                Stream.of(CONVERSATIONS)
                                        .filter(_ -> row.path(FieldRole.CHOSEN.field(names))
                                                .isObject()),
                                Stream.of(InstructionRows.SYSTEM, InstructionRows.HISTORY, "tools", "functions")));
        };
        return fields.filter(row::hasNonNull).distinct().toList();
    }
}
