package io.rootstock.tokenizer.dataset;

import io.rootstock.chat.ChatTemplateException;
import io.rootstock.corpus.source.RowFields.RowRefusedException;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.service.Errors;
import io.rootstock.tokenizer.row.RowContent;
import io.rootstock.tokenizer.row.RowConversation;
import io.rootstock.tokenizer.split.Example;
import io.rootstock.toolcalls.InvalidToolUseException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Encodes the contents of rows to tokens. */
final class RowEncoder {
    private final Tokenizer tokenizer;
    private final int maxTokens;
    private final boolean truncate;
    /** Created for the first conversation: other rows need no chat template. */
    private ConversationEncoder conversations;

    private long truncatedRows;

    /** @param truncate whether a row above {@code maxTokens} is truncated; else it is rejected */
    RowEncoder(Tokenizer tokenizer, int maxTokens, boolean truncate) {
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
        this.truncate = truncate;
    }

    /**
     * Encodes the content of a row.
     *
     * @throws RowRefusedException if the row is too long or its conversation invalid; the message states the reason and
     *     the remedy
     * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION if the row is a conversation, and the tokenizer's chat
     *     template is invalid
     */
    Example encode(RowContent row) {
        return switch (row) {
            case RowContent.Document(String text) -> document(text);
            case RowContent.Labelled(String text, String label) -> labelled(text, label);
            case RowContent.Instruction(RowConversation conversation) -> conversation(conversation);
            case RowContent.Preference(RowConversation chosen, RowConversation rejected) ->
                preference(chosen, rejected);
        };
    }

    /** Number of rows that were truncated. */
    long truncatedRows() {
        return truncatedRows;
    }

    private Example document(String text) {
        return new Example(tokenizer.rule().document(encode(text)), null, null, bytes(text), characters(text));
    }

    private Example labelled(String text, String label) {
        int[] tokens = encode(text);
        int length = tokens.length + tokenizer.rule().overhead();
        int[] sequence = tokenizer.rule().classified(tokens, maxTokens);
        if (length <= maxTokens) {
            return new Example(sequence, null, label, bytes(text), characters(text));
        }
        requireTruncation(length);
        truncatedRows++;
        return counted(sequence, null, label);
    }

    /** Concatenates the two rows. */
    private Example preference(RowConversation better, RowConversation other) {
        long truncatedBefore = truncatedRows;
        Example chosen = conversation(better);
        Example rejected = conversation(other);
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

    private Example conversation(RowConversation row) {
        ConversationEncoder.Encoded encoded;
        try {
            encoded = conversations().encode(row);
        } catch (ChatTemplateException | InvalidToolUseException refused) {
            throw new RowRefusedException(refused.getMessage());
        }
        int[] tokens = encoded.tokens();
        byte[] answer = encoded.answer();
        if (tokens.length > maxTokens) {
            requireTruncation(tokens.length);
            return truncatedConversation(tokens, answer);
        }
        if (row.usesTools()) {
            // The template writes the calls, so that their text is known from the tokens only.
            return counted(tokens, answer, null);
        }
        String answers = row.answers();
        return new Example(tokens, answer, null, bytes(answers), characters(answers));
    }

    private ConversationEncoder conversations() {
        if (conversations == null) {
            try {
                conversations = new ConversationEncoder(tokenizer);
            } catch (ChatTemplateException e) {
                throw Errors.failedPrecondition(
                        "INVALID_CHAT_TEMPLATE",
                        "the tokenizer cannot render conversations: " + e.getMessage()
                                + "; import it with another chat template");
            }
        }
        return conversations;
    }

    private Example truncatedConversation(int[] tokens, byte[] answer) {
        Example row = counted(Arrays.copyOf(tokens, maxTokens), Arrays.copyOf(answer, maxTokens), null);
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
    private Example counted(int[] tokens, byte[] answer, String label) {
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
