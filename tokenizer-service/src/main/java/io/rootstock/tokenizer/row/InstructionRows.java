package io.rootstock.tokenizer.row;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.chat.Turn;
import io.rootstock.corpus.source.ParallelReader;
import io.rootstock.corpus.source.RowFields;
import io.rootstock.corpus.source.RowFields.RowRefusedException;
import io.rootstock.tokenizer.v1.FieldNames;
import io.rootstock.toolcalls.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads instruction rows of the shapes Alpaca, OpenAI messages, ShareGPT and line-aligned files. */
final class InstructionRows {
    static final String USER = "user";

    /** Optional system prompt of a row. */
    static final String SYSTEM = "system";

    /** Optional earlier turns of an Alpaca row: {@code [[prompt, answer], ...]}. */
    static final String HISTORY = "history";

    private final Shape shape;
    private final FieldNames fields;
    private final String sourceInstruction;

    InstructionRows(RowForm form, String sourceInstruction) {
        this.shape = form.shape();
        this.fields = form.fields();
        this.sourceInstruction = sourceInstruction;
    }

    /** @throws RowRefusedException if the row has no prompt or nothing to learn */
    RowConversation read(JsonNode row) {
        return switch (shape) {
            case MESSAGES, SHAREGPT -> {
                RowConversation conversation = conversation(row);
                requireAnswered(conversation, messagesField());
                yield conversation;
            }
            case LINE_ALIGNED -> new RowConversation(aligned(row), List.of());
            case ALPACA -> {
                List<ChatMessage> messages = prompt(row);
                messages.add(message(Turn.ASSISTANT, RowFields.required(row, FieldRole.OUTPUT.field(fields))));
                yield new RowConversation(messages, ToolDefinitions.of(row));
            }
            case TEXT, TEXT_LABEL, PREFERENCE_TEXTS, PREFERENCE_MESSAGES ->
                throw new IllegalStateException("not a shape of instruction rows: " + shape);
        };
    }

    /** Returns prompt and answer, of which the answer may be missing. */
    RowReader.Question question(JsonNode row) {
        return switch (shape) {
            case MESSAGES, SHAREGPT -> {
                RowConversation conversation = conversation(row);
                if (conversation.usesTools()) {
                    throw new RowRefusedException("has tools, which predictions cannot use yet; remove the row");
                }
                yield beforeAnswer(conversation.turns());
            }
            case LINE_ALIGNED -> beforeAnswer(new RowConversation(aligned(row), List.of()).turns());
            case ALPACA ->
                new RowReader.Question(
                        new RowConversation(prompt(row), List.of()).turns(),
                        RowFields.optional(row, FieldRole.OUTPUT.field(fields)).filter(text -> !text.isBlank()));
            case TEXT, TEXT_LABEL, PREFERENCE_TEXTS, PREFERENCE_MESSAGES ->
                throw new IllegalStateException("not a shape of instruction rows: " + shape);
        };
    }

    /** Messages of an Alpaca row before the answer. */
    private List<ChatMessage> prompt(JsonNode row) {
        String instruction = RowFields.required(row, FieldRole.INSTRUCTION.field(fields));
        List<ChatMessage> messages = earlier(row);
        messages.add(message(USER, withInput(instruction, row)));
        return messages;
    }

    /** The system prompt and the earlier turns of a row. */
    List<ChatMessage> earlier(JsonNode row) {
        List<ChatMessage> messages = new ArrayList<>();
        system(row).ifPresent(text -> messages.add(message(SYSTEM, text)));
        JsonNode history = row.path(HISTORY);
        boolean none = history.isMissingNode()
                || history.isNull()
                || (history.isTextual() && history.asText().isBlank());
        if (!none && !history.isArray()) {
            throw new RowRefusedException(
                    "has a field 'history' that is not a list; write [[prompt, answer], ...], or rename it");
        }
        for (JsonNode turn : history) {
            if (turn.size() != 2 || !turn.path(0).isTextual() || !turn.path(1).isTextual()) {
                throw new RowRefusedException(
                        "has a field 'history' with a turn that is not [prompt, answer]; correct it, or rename the field");
            }
            messages.add(message(USER, JsonTexts.text(turn.path(0))));
            messages.add(message(Turn.ASSISTANT, JsonTexts.text(turn.path(1))));
        }
        return messages;
    }

    private static Optional<String> system(JsonNode row) {
        return RowFields.optional(row, SYSTEM).filter(text -> !text.isBlank());
    }

    private RowConversation conversation(JsonNode row) {
        String field = messagesField();
        if (!row.hasNonNull(field)) {
            // Refuses with the fields of the row.
            String _ = RowFields.required(row, field);
        }
        MessageForm form = shape == Shape.SHAREGPT ? MessageForm.SHAREGPT : MessageForm.OPENAI;
        List<ChatMessage> messages = new ArrayList<>();
        messages.addAll(new MessageReader().read(row.get(field), field, form));
        system(row).ifPresent(text -> addSystem(text, messages, field));
        return new RowConversation(messages, ToolDefinitions.of(row));
    }

    private static void addSystem(String text, List<ChatMessage> messages, String field) {
        boolean has = !messages.isEmpty() && messages.getFirst().role().equals(SYSTEM);
        if (!has) {
            messages.addFirst(message(SYSTEM, text));
        } else if (!messages.getFirst().content().strip().equals(text.strip())) {
            throw new RowRefusedException(
                    "has a field 'system' and another system message in field '" + field + "'; keep one of them");
        }
    }

    private String messagesField() {
        String given = fields.getMessages();
        return !given.isEmpty() ? given : shape == Shape.SHAREGPT ? RowForms.CONVERSATIONS : RowForms.MESSAGES;
    }

    private List<ChatMessage> aligned(JsonNode row) {
        return List.of(
                message(
                        USER,
                        join(sourceInstruction, row.path(ParallelReader.INPUT).asText())),
                message(Turn.ASSISTANT, row.path(ParallelReader.OUTPUT).asText()));
    }

    /** An instruction with the input of the row. */
    String withInput(String instruction, JsonNode row) {
        return join(
                instruction,
                RowFields.optional(row, FieldRole.INPUT.field(fields)).orElse(""));
    }

    /** @throws RowRefusedException if no answer has text or calls */
    static void requireAnswered(RowConversation conversation, String field) {
        if (!conversation.isAnswered()) {
            throw new RowRefusedException("field '" + field
                    + "' has no message of role assistant with content, so there is nothing to learn");
        }
    }

    static ChatMessage message(String role, String content) {
        return new ChatMessage(role, content, List.of(), "");
    }

    private RowReader.Question beforeAnswer(List<Turn> turns) {
        boolean answered = !turns.isEmpty() && turns.getLast().role().equals(Turn.ASSISTANT);
        List<Turn> prompt = answered ? turns.subList(0, turns.size() - 1) : turns;
        if (prompt.isEmpty()) {
            throw new RowRefusedException("field '" + messagesField() + "' has no message before the answer");
        }
        return new RowReader.Question(
                prompt, answered ? Optional.of(turns.getLast().content()) : Optional.empty());
    }

    /** An instruction with its input, separated by a blank line. */
    private static String join(String instruction, String input) {
        return instruction.isBlank() ? input : input.isBlank() ? instruction : instruction + "\n\n" + input;
    }
}
