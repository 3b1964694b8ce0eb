package io.rootstock.tokenizer.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.chat.ChatTemplateException;
import io.rootstock.chat.Turn;
import io.rootstock.corpus.source.RowFields.RowRefusedException;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.FieldNames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Encodes a row to tokens by the rules of its dataset's kind. */
final class RowEncoder {
    private final DatasetKind kind;
    private final Tokenizer tokenizer;
    private final int maxTokens;
    private final boolean truncate;
    private final ConversationEncoder conversations;
    private final RowTurns turns;
    private final RowLabels labels;
    private long truncatedRows;

    /** @param truncate whether a row above {@code maxTokens} is truncated; else it is rejected */
    RowEncoder(DatasetKind kind, Tokenizer tokenizer, FieldNames fields, int maxTokens, boolean truncate) {
        this.kind = kind;
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
        this.truncate = truncate;
        this.conversations = new ConversationEncoder(tokenizer);
        this.turns = new RowTurns(fields);
        this.labels = new RowLabels(fields);
    }

    /**
     * Encodes a row of a source.
     *
     * @throws RowRefusedException if the row is invalid; the message states the reason and the remedy
     */
    Example encode(JsonNode row, DatasetSource source) {
        return switch (kind) {
            case PRETRAINING -> document(row);
            case INSTRUCTION ->
                conversation(
                        source.getOutputDigest().isEmpty()
                                ? turns.instruction(row)
                                : RowTurns.aligned(row, source.getInstruction()));
            case CLASSIFICATION -> labelled(row, source.getLabel());
            case PREFERENCE -> preference(row);
        };
    }

    /** Number of rows that were truncated. */
    long truncatedRows() {
        return truncatedRows;
    }

    private Example document(JsonNode row) {
        String text = labels.text(row);
        return new Example(tokenizer.rule().document(encode(text)), null, null, bytes(text), characters(text));
    }

    private Example labelled(JsonNode row, String labelOfSource) {
        String text = labels.text(row);
        String label = labels.required(row, labelOfSource);
        int[] tokens = encode(text);
        int length = tokens.length + tokenizer.rule().overhead();
        int[] sequence = tokenizer.rule().classified(tokens, maxTokens);
        if (length <= maxTokens) {
            return new Example(sequence, null, label, bytes(text), characters(text));
        }
        requireTruncation(length);
        truncatedRows++;
        return truncated(sequence, null, label);
    }

    /** Concatenates the two rows. */
    private Example preference(JsonNode row) {
        long truncatedBefore = truncatedRows;
        Example chosen = conversation(turns.answered(row, FieldRole.CHOSEN));
        Example rejected = conversation(turns.answered(row, FieldRole.REJECTED));
        boolean truncated = truncatedRows > truncatedBefore;
        truncatedRows = truncatedBefore;
        if (Arrays.equals(chosen.tokens(), rejected.tokens())) {
            throw new RowRefusedException(
                    truncated
                            ? "the chosen and the rejected answer are the same after truncation to max_tokens "
                                    + maxTokens + "; raise it or remove the row"
                            : "the chosen and the rejected answer are the same; remove the row");
        }
        int border = chosen.tokens().length;
        int[] tokens = Arrays.copyOf(chosen.tokens(), border + rejected.tokens().length);
        byte[] parts = Arrays.copyOf(chosen.answer(), tokens.length);
        System.arraycopy(rejected.tokens(), 0, tokens, border, rejected.tokens().length);
        for (int i = border; i < tokens.length; i++) {
            parts[i] = (byte) (2 + rejected.answer()[i - border]);
        }
        truncatedRows += truncated ? 1 : 0;
        return new Example(
                tokens, parts, null, chosen.bytes() + rejected.bytes(), chosen.characters() + rejected.characters());
    }

    private Example conversation(List<Turn> messages) {
        ConversationEncoder.Encoded encoded;
        try {
            encoded = conversations.encode(messages);
        } catch (ChatTemplateException refused) {
            throw new RowRefusedException(refused.getMessage());
        }
        int[] tokens = encoded.tokens();
        byte[] answer = encoded.answer();
        if (tokens.length > maxTokens) {
            requireTruncation(tokens.length);
            return truncatedConversation(tokens, answer);
        }
        String answers = String.join(
                "",
                messages.stream()
                        .filter(turn -> turn.role().equals(Turn.ASSISTANT))
                        .map(Turn::content)
                        .toList());
        return new Example(tokens, answer, null, bytes(answers), characters(answers));
    }

    private Example truncatedConversation(int[] tokens, byte[] answer) {
        Example row = truncated(Arrays.copyOf(tokens, maxTokens), Arrays.copyOf(answer, maxTokens), null);
        if (row.bytes() == 0) {
            throw new RowRefusedException("the answer begins after max_tokens " + maxTokens
                    + ", so that truncation leaves nothing to learn; shorten the prompt or raise max_tokens");
        }
        truncatedRows++;
        return row;
    }

    private void requireTruncation(int length) {
        if (!truncate) {
            throw new RowRefusedException("the example has " + length + " tokens, max_tokens is " + maxTokens
                    + "; shorten it, raise max_tokens, or truncate long rows");
        }
    }

    /** Counts the text of tokens whose text is not known. */
    private Example truncated(int[] tokens, byte[] answer, String label) {
        long bytes = 0;
        long characters = 0;
        for (int i = 0; i < tokens.length; i++) {
            if ((answer == null || answer[i] == 1) && !tokenizer.isSpecial(tokens[i])) {
                byte[] text = tokenizer.bytes(tokens[i]);
                bytes += text.length;
                for (byte value : text) {
                    characters += (value & 0xC0) == 0x80 ? 0 : 1;
                }
            }
        }
        return new Example(tokens, answer, label, bytes, characters);
    }

    private int[] encode(String text) {
        return tokenizer.encode(text, SpecialTokenPolicy.AS_TEXT);
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static long characters(String text) {
        return text.codePointCount(0, text.length());
    }
}
