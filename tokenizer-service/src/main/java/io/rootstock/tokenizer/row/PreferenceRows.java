package io.rootstock.tokenizer.row;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.rootstock.chat.Turn;
import io.rootstock.corpus.source.RowFields;
import io.rootstock.corpus.source.RowFields.RowRefusedException;
import io.rootstock.tokenizer.v1.FieldNames;
import io.rootstock.toolcalls.ChatMessage;
import io.rootstock.toolcalls.FunctionTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads preference rows. The answers are texts, conversations that repeat the prompt, or messages that continue a prompt:
 * a text, a list of messages, an object with {@code messages} and {@code tools} (OpenAI), or the conversation of the row
 * (LLaMA-Factory).
 */
final class PreferenceRows {
    private final FieldNames fields;
    private final InstructionRows instructions;

    PreferenceRows(FieldNames fields, InstructionRows instructions) {
        this.fields = fields;
        this.instructions = instructions;
    }

    /** @throws RowRefusedException if an answer or the prompt is missing, or the answers have different prompts */
    RowContent.Preference read(JsonNode row) {
        List<FunctionTool> tools = tools(row);
        RowConversation chosen = new RowConversation(answered(row, FieldRole.CHOSEN), tools);
        RowConversation rejected = new RowConversation(answered(row, FieldRole.REJECTED), tools);
        ChatMessage first = chosen.messages().getFirst();
        if (!first.equals(rejected.messages().getFirst())) {
            throw new RowRefusedException("the chosen and the rejected conversation begin with different messages, so"
                    + " they do not answer one prompt; correct or remove the row");
        }
        return new RowContent.Preference(chosen, rejected);
    }

    /** The conversation that ends with an answer. */
    private List<ChatMessage> answered(JsonNode row, FieldRole role) {
        String field = role.field(fields);
        JsonNode answer = row.path(field);
        MessageReader reader = new MessageReader();
        List<ChatMessage> messages = new ArrayList<>();
        if (!answer.isContainerNode()) {
            messages.addAll(promptMessages(row, reader).orElseGet(() -> question(row)));
            messages.add(InstructionRows.message(Turn.ASSISTANT, RowFields.required(row, field)));
            return messages;
        }
        JsonNode list =
                answer.isArray() ? answer : JsonNodeFactory.instance.arrayNode().add(answer);
        Optional<List<ChatMessage>> prompt = promptMessages(row, reader);
        List<ChatMessage> read =
                reader.read(list, field, MessageForm.ofList(list).orElse(MessageForm.OPENAI));
        if (prompt.isEmpty()) {
            addQuestion(row, read, field, messages);
        } else if (!beginsWith(read, prompt.get())) {
            messages.addAll(prompt.get());
        }
        messages.addAll(read);
        RowConversation conversation = new RowConversation(messages, List.of());
        InstructionRows.requireAnswered(conversation, field);
        if (!messages.getLast().role().equals(Turn.ASSISTANT)) {
            throw new RowRefusedException("field '" + field
                    + "' does not end with a message of role assistant; remove what follows the answer");
        }
        return messages;
    }

    private static boolean beginsWith(List<ChatMessage> messages, List<ChatMessage> prompt) {
        return messages.size() > prompt.size()
                && messages.subList(0, prompt.size()).equals(prompt);
    }

    /** Adds the question before messages that do not repeat it. */
    private void addQuestion(JsonNode row, List<ChatMessage> read, String field, List<ChatMessage> messages) {
        boolean asks = read.stream().anyMatch(message -> message.role().equals(InstructionRows.USER));
        boolean named = row.hasNonNull(questionField(row));
        if (!asks) {
            messages.addAll(question(row));
        } else if (named) {
            String text = RowFields.required(row, questionField(row));
            boolean repeated = Stream.of(text, instructions.withInput(text, row))
                    .anyMatch(prompt -> read.stream()
                            .anyMatch(message -> message.content().strip().equals(prompt.strip())));
            if (!repeated) {
                throw new RowRefusedException("the text of field '" + questionField(row)
                        + "' is not a message of field '" + field + "'; remove one of the prompts");
            }
        }
    }

    /** The question as messages. */
    private List<ChatMessage> question(JsonNode row) {
        String text = RowFields.required(row, questionField(row));
        List<ChatMessage> messages = instructions.earlier(row);
        messages.add(InstructionRows.message(InstructionRows.USER, instructions.withInput(text, row)));
        return messages;
    }

    /** The messages of a prompt that is not a text, or of the row's conversation if it has no prompt. */
    private Optional<List<ChatMessage>> promptMessages(JsonNode row, MessageReader reader) {
        String field = FieldRole.PROMPT.field(fields);
        JsonNode prompt = row.path(field);
        if (prompt.isObject()) {
            String path = field + "." + RowForms.MESSAGES;
            return Optional.of(read(prompt.path(RowForms.MESSAGES), path, reader));
        }
        if (prompt.isArray()) {
            return Optional.of(read(prompt, field, reader));
        }
        boolean continuesConversation = !row.hasNonNull(questionField(row))
                && row.path(FieldRole.CHOSEN.field(fields)).isObject();
        return continuesConversation && row.path(RowForms.CONVERSATIONS).isArray()
                ? Optional.of(read(row.get(RowForms.CONVERSATIONS), RowForms.CONVERSATIONS, reader))
                : Optional.empty();
    }

    private static List<ChatMessage> read(JsonNode list, String field, MessageReader reader) {
        List<ChatMessage> messages =
                reader.read(list, field, MessageForm.ofList(list).orElse(MessageForm.OPENAI));
        if (messages.isEmpty()) {
            throw new RowRefusedException("field '" + field + "' has no messages; fill it or remove the row");
        }
        return messages;
    }

    private List<FunctionTool> tools(JsonNode row) {
        JsonNode prompt = row.path(FieldRole.PROMPT.field(fields));
        List<FunctionTool> ofPrompt = prompt.isObject() ? ToolDefinitions.of(prompt) : List.of();
        return ofPrompt.isEmpty() ? ToolDefinitions.of(row) : ofPrompt;
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
}
