package io.rootstock.tokenizer.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.chat.ChatTemplateException;
import io.rootstock.chat.Turn;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.tokenizer.bpe.SpecialTokenPolicy;
import io.rootstock.tokenizer.bpe.Tokenizer;
import io.rootstock.tokenizer.source.Row;
import io.rootstock.tokenizer.source.RowFields;
import io.rootstock.tokenizer.source.RowFields.RowRefusedException;
import io.rootstock.tokenizer.v1.FieldNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Encodes a row to tokens by the rules of its dataset's kind. */
final class RowEncoder {
    private final DatasetKind kind;
    private final Tokenizer tokenizer;
    private final FieldNames fields;
    private final int maxTokens;
    private final ConversationEncoder conversations;

    RowEncoder(DatasetKind kind, Tokenizer tokenizer, FieldNames fields, int maxTokens) {
        this.kind = kind;
        this.tokenizer = tokenizer;
        this.fields = fields;
        this.maxTokens = maxTokens;
        this.conversations = new ConversationEncoder(tokenizer);
    }

    /** @throws RowRefusedException if the row is invalid; the message states the reason and the remedy */
    Example encode(JsonNode row) {
        return switch (kind) {
            case PRETRAINING -> document(row);
            case INSTRUCTION -> instruction(row);
            case CLASSIFICATION -> labelled(row);
            case PREFERENCE -> preference(row);
        };
    }

    private Example document(JsonNode row) {
        // Rows of text files have only this field; the request's field name applies to other formats.
        boolean isTextFile = row.size() == 1 && row.has(Row.TEXT);
        String text = RowFields.required(row, isTextFile ? Row.TEXT : name(fields.getText(), Row.TEXT));
        return new Example(sequence(text, Integer.MAX_VALUE), null, null, bytes(text), characters(text));
    }

    private Example labelled(JsonNode row) {
        String text = RowFields.required(row, name(fields.getText(), "text"));
        String label = RowFields.required(row, name(fields.getLabel(), "label"));
        return new Example(sequence(text, maxTokens), null, label, bytes(text), characters(text));
    }

    private Example instruction(JsonNode row) {
        return conversation(turns(row));
    }

    /** Concatenates the two rows. */
    private Example preference(JsonNode row) {
        Example chosen = conversation(answered(row, name(fields.getChosen(), "chosen")));
        Example rejected = conversation(answered(row, name(fields.getRejected(), "rejected")));
        if (Arrays.equals(chosen.tokens(), rejected.tokens())) {
            throw new RowRefusedException("the chosen and the rejected answer are the same; remove the row");
        }
        int border = chosen.tokens().length;
        int[] tokens = Arrays.copyOf(chosen.tokens(), border + rejected.tokens().length);
        byte[] parts = Arrays.copyOf(chosen.answer(), tokens.length);
        System.arraycopy(rejected.tokens(), 0, tokens, border, rejected.tokens().length);
        for (int i = border; i < tokens.length; i++) {
            parts[i] = (byte) (2 + rejected.answer()[i - border]);
        }
        return new Example(
                tokens, parts, null, chosen.bytes() + rejected.bytes(), chosen.characters() + rejected.characters());
    }

    private List<Turn> answered(JsonNode row, String field) {
        if (row.path(field).isArray()) {
            return conversation(row, field);
        }
        String prompt = RowFields.required(row, name(fields.getPrompt(), "prompt"));
        return List.of(new Turn("user", prompt), new Turn(Turn.ASSISTANT, RowFields.required(row, field)));
    }

    private Example conversation(List<Turn> turns) {
        ConversationEncoder.Encoded encoded;
        try {
            encoded = conversations.encode(turns);
        } catch (ChatTemplateException refused) {
            throw new RowRefusedException(refused.getMessage());
        }
        int[] tokens = encoded.tokens();
        byte[] answer = encoded.answer();
        if (tokens.length > maxTokens) {
            throw new RowRefusedException("the example has " + tokens.length + " tokens, max_tokens is " + maxTokens
                    + "; shorten it or raise max_tokens");
        }
        String answers = String.join(
                "",
                turns.stream()
                        .filter(turn -> turn.role().equals(Turn.ASSISTANT))
                        .map(Turn::content)
                        .toList());
        return new Example(tokens, answer, null, bytes(answers), characters(answers));
    }

    private List<Turn> turns(JsonNode row) {
        String messages = name(fields.getMessages(), "messages");
        if (row.hasNonNull(messages)) {
            return conversation(row, messages);
        }
        String instruction = RowFields.required(row, name(fields.getInstruction(), "instruction"));
        String input = RowFields.optional(row, name(fields.getInput(), "input")).orElse("");
        String output = RowFields.required(row, name(fields.getOutput(), "output"));
        return List.of(
                new Turn("user", input.isBlank() ? instruction : instruction + "\n\n" + input),
                new Turn(Turn.ASSISTANT, output));
    }

    private static List<Turn> conversation(JsonNode row, String field) {
        List<Turn> turns = new ArrayList<>();
        for (var message : row.get(field)) {
            if (!message.path("role").isTextual() || !message.path("content").isTextual()) {
                throw new RowRefusedException(
                        "message " + (turns.size() + 1) + " of field '" + field + "' needs texts 'role' and 'content'");
            }
            try {
                turns.add(new Turn(
                        RowFields.required(message, "role"),
                        RowFields.optional(message, "content").orElse("")));
            } catch (IllegalArgumentException badRole) {
                throw new RowRefusedException("message " + (turns.size() + 1) + ": " + badRole.getMessage());
            }
        }
        if (turns.stream()
                .noneMatch(turn ->
                        turn.role().equals(Turn.ASSISTANT) && !turn.content().isBlank())) {
            throw new RowRefusedException("field '" + field
                    + "' has no message of role assistant with content, so there is nothing to learn");
        }
        return turns;
    }

    /** Returns {@code [BOS] text EOS}, with the text truncated to the maximum length. */
    private int[] sequence(String text, int maximum) {
        return tokenizer.rule().sequence(tokenizer.encode(text, SpecialTokenPolicy.AS_TEXT), maximum);
    }

    private static String name(String given, String standard) {
        return given.isEmpty() ? standard : given;
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static long characters(String text) {
        return text.codePointCount(0, text.length());
    }
}
