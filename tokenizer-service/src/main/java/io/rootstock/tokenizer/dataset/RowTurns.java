package io.rootstock.tokenizer.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.chat.Turn;
import io.rootstock.corpus.source.ParallelReader;
import io.rootstock.corpus.source.Row;
import io.rootstock.corpus.source.RowFields;
import io.rootstock.corpus.source.RowFields.RowRefusedException;
import io.rootstock.tokenizer.v1.FieldNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the conversation of a row.
 *
 * <p>Forms: {@code instruction}, {@code input}, {@code output} (Alpaca); {@code messages} of {@code {role, content}}
 * (OpenAI); {@code conversations} of {@code {from, value}} (ShareGPT); and for preferences a question with the answers
 * {@code chosen} and {@code rejected}, or these as two conversations. The conversations continue a prompt that is an
 * object with {@code messages} (OpenAI) or a list of messages; they repeat a prompt that is a text. Tools and their calls
 * are rejected, because a dataset does not store them.
 */
final class RowTurns {
    /** Standard field of ShareGPT rows. */
    private static final String CONVERSATIONS = "conversations";

    private static final String OPENAI_MESSAGES = "messages";

    private static final String USER = "user";
    private static final List<String> TOOLS = List.of("tools", "functions");
    private static final List<String> CALLS = List.of("tool_calls", "function_call");

    private final FieldNames fields;

    RowTurns(FieldNames fields) {
        this.fields = fields;
    }

    /** @throws RowRefusedException if the row has neither a conversation nor an instruction with an output */
    List<Turn> instruction(JsonNode row) {
        Optional<String> messages = messagesField(row);
        if (messages.isPresent()) {
            return conversation(row, messages.get());
        }
        String instruction = RowFields.required(row, FieldRole.INSTRUCTION.field(fields));
        return pair(withInput(instruction, row), RowFields.required(row, FieldRole.OUTPUT.field(fields)));
    }

    /**
     * Returns the conversation that ends with the answer of one role.
     *
     * @param answer CHOSEN or REJECTED
     */
    List<Turn> answered(JsonNode row, FieldRole answer) {
        String field = answer.field(fields);
        if (row.path(field).isArray()) {
            List<Turn> turns = new ArrayList<>(prompt(row));
            turns.addAll(conversation(row, field));
            return turns;
        }
        return pair(withInput(RowFields.required(row, questionField(row)), row), RowFields.required(row, field));
    }

    /**
     * A prompt and the answer to it.
     *
     * @param prompt messages before the answer, at least one
     * @param answer the answer, if the row has one
     */
    record Question(List<Turn> prompt, Optional<String> answer) {}

    /**
     * Returns the prompt of an instruction row, whose answer may be missing. A line of a text file is a prompt.
     *
     * @throws RowRefusedException if the row has no prompt
     */
    Question question(JsonNode row) {
        if (RowLabels.isLine(row)) {
            return new Question(List.of(new Turn(USER, RowFields.required(row, Row.TEXT))), Optional.empty());
        }
        Optional<String> messages = messagesField(row);
        if (messages.isPresent()) {
            List<Turn> turns = messages(row.get(messages.get()), messages.get());
            boolean answered = !turns.isEmpty() && turns.getLast().role().equals(Turn.ASSISTANT);
            List<Turn> prompt = answered ? turns.subList(0, turns.size() - 1) : turns;
            if (prompt.isEmpty()) {
                throw new RowRefusedException("field '" + messages.get() + "' has no message before the answer");
            }
            return new Question(prompt, answered ? Optional.of(turns.getLast().content()) : Optional.empty());
        }
        String instruction = withInput(RowFields.required(row, FieldRole.INSTRUCTION.field(fields)), row);
        return new Question(
                List.of(new Turn(USER, instruction)),
                RowFields.optional(row, FieldRole.OUTPUT.field(fields)).filter(text -> !text.isBlank()));
    }

    /** Returns the conversation of a pair of line-aligned files: the instruction with the input, and the output. */
    static List<Turn> aligned(JsonNode row, String instruction) {
        return pair(
                join(instruction, row.get(ParallelReader.INPUT).asText()),
                row.get(ParallelReader.OUTPUT).asText());
    }

    /** A question with its answer. */
    private static List<Turn> pair(String question, String answer) {
        return List.of(new Turn(USER, question), new Turn(Turn.ASSISTANT, answer));
    }

    /** An instruction with its input, separated by a blank line. */
    private static String join(String instruction, String input) {
        return instruction.isBlank() ? input : input.isBlank() ? instruction : instruction + "\n\n" + input;
    }

    private String withInput(String instruction, JsonNode row) {
        return join(
                instruction,
                RowFields.optional(row, FieldRole.INPUT.field(fields)).orElse(""));
    }

    /** Field with the question of a preference row: prompt or instruction, whichever the row or the request names. */
    private String questionField(JsonNode row) {
        String prompt = FieldRole.PROMPT.field(fields);
        String instruction = FieldRole.INSTRUCTION.field(fields);
        if (!FieldRole.PROMPT.given(fields).isEmpty()) {
            return prompt;
        }
        if (!FieldRole.INSTRUCTION.given(fields).isEmpty()) {
            return instruction;
        }
        if (row.hasNonNull(prompt) && row.hasNonNull(instruction)) {
            throw new RowRefusedException("has both fields '" + prompt + "' and '" + instruction
                    + "'; name the one that is the question, as the field of the role prompt");
        }
        return row.has(instruction) ? instruction : prompt;
    }

    /** Field with the messages of a row, if it has one. */
    private Optional<String> messagesField(JsonNode row) {
        String messages = FieldRole.MESSAGES.field(fields);
        Optional<String> field = row.hasNonNull(messages)
                ? Optional.of(messages)
                : FieldRole.MESSAGES.given(fields).isEmpty() && row.hasNonNull(CONVERSATIONS)
                        ? Optional.of(CONVERSATIONS)
                        : Optional.empty();
        if (field.isPresent()) {
            requireNone(row, TOOLS, "the row");
        }
        return field;
    }

    /** Messages of a prompt; none if it is a text. */
    private List<Turn> prompt(JsonNode row) {
        String field = FieldRole.PROMPT.field(fields);
        JsonNode prompt = row.path(field);
        if (prompt.isObject()) {
            requireNone(prompt, TOOLS, "field '" + field + "'");
            return messages(prompt.path(OPENAI_MESSAGES), field + "." + OPENAI_MESSAGES);
        }
        return prompt.isArray() ? messages(prompt, field) : List.of();
    }

    private static void requireNone(JsonNode object, List<String> names, String where) {
        for (String name : names) {
            JsonNode value = object.path(name);
            if (value.isContainerNode() && !value.isEmpty()) {
                throw new RowRefusedException(
                        where + " has '" + name + "', which training rows cannot have yet; remove it or the row");
            }
        }
    }

    private static List<Turn> messages(JsonNode messages, String field) {
        if (!messages.isArray()) {
            throw new RowRefusedException("has a field '" + field + "' that is not a list of messages");
        }
        List<Turn> turns = new ArrayList<>();
        for (JsonNode message : messages) {
            try {
                turns.add(turn(message, field, turns.size() + 1));
            } catch (IllegalArgumentException badRole) {
                throw new RowRefusedException("message " + (turns.size() + 1) + ": " + badRole.getMessage());
            }
        }
        return turns;
    }

    private static List<Turn> conversation(JsonNode row, String field) {
        List<Turn> turns = messages(row.get(field), field);
        if (turns.stream()
                .noneMatch(turn ->
                        turn.role().equals(Turn.ASSISTANT) && !turn.content().isBlank())) {
            throw new RowRefusedException("field '" + field
                    + "' has no message of role assistant with content, so there is nothing to learn");
        }
        return turns;
    }

    private static Turn turn(JsonNode message, String field, int number) {
        requireNone(message, CALLS, "message " + number + " of field '" + field + "'");
        if (message.path("weight").isNumber() && message.get("weight").doubleValue() != 1) {
            throw new RowRefusedException("message " + number + " of field '" + field
                    + "' has a weight other than 1, which training rows cannot have yet; remove it or the message");
        }
        if (message.path("role").isTextual() && message.path("content").isTextual()) {
            return new Turn(
                    RowFields.required(message, "role"),
                    RowFields.optional(message, "content").orElse(""));
        }
        if (message.path("from").isTextual() && message.path("value").isTextual()) {
            return new Turn(
                    shareGptRole(message.get("from").asText(), number),
                    RowFields.optional(message, "value").orElse(""));
        }
        throw new RowRefusedException("message " + number + " of field '" + field
                + "' needs texts 'role' and 'content', or 'from' and 'value'");
    }

    private static String shareGptRole(String from, int number) {
        return switch (from.toLowerCase(Locale.ROOT)) {
            case "human", "user" -> USER;
            case "gpt", "assistant", "chatgpt", "bing", "bard", "model" -> Turn.ASSISTANT;
            case "system" -> "system";
            default ->
                throw new RowRefusedException("message " + number + " is from '" + from
                        + "'; known senders: human, user, gpt, assistant, system");
        };
    }
}
