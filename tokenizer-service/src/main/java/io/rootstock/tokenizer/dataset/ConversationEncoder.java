package io.rootstock.tokenizer.dataset;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.ChatTemplateException;
import io.rootstock.chat.Conversation;
import io.rootstock.chat.Fragment;
import io.rootstock.chat.FragmentSplitter;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.TokenizedText;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.tokenizer.row.RowConversation;
import io.rootstock.toolcalls.ToolMode;
import io.rootstock.toolcalls.ToolOptions;
import io.rootstock.toolcalls.ToolUse;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.stream.IntStream;

/** Tokenizes conversations as the inference service does, and marks the tokens of the answers. */
final class ConversationEncoder {
    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final FragmentSplitter splitter;

    ConversationEncoder(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.template = ChatTemplate.parse(
                tokenizer.chatTemplate(),
                tokenizer.rule().bosText(),
                tokenizer.rule().eos().text());
        this.splitter = new FragmentSplitter(tokenizer.specialTokens().stream()
                .filter(SpecialToken::control)
                .map(SpecialToken::text)
                .toList());
    }

    /**
     * A tokenized conversation.
     *
     * @param tokens token ids [n]
     * @param answer loss mask [n], 1 for tokens of answers
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; millions of them
    record Encoded(int[] tokens, byte[] answer) {}

    /**
     * Renders and tokenizes a conversation. A token is part of an answer if one of its characters is, as in the
     * assistant masks of transformers: a token that spans the end of the prompt and the beginning of the answer counts
     * in the loss.
     *
     * @throws ChatTemplateException if the template rejects the conversation
     * @throws io.rootstock.toolcalls.InvalidToolUseException if the tools, calls or results are invalid
     */
    Encoded encode(RowConversation row) {
        if (!row.usesTools()) {
            return encode(Conversation.of(row.turns(), false));
        }
        ToolUse tools = ToolUse.of(new ToolOptions(row.tools(), ToolMode.AUTO, ""), template);
        Conversation prompt = tools.conversation(row.messages(), Map.of());
        return encode(new Conversation(prompt.turns(), prompt.tools(), false, prompt.variables()));
    }

    private Encoded encode(Conversation conversation) {
        IntStream.Builder tokens = IntStream.builder();
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        boolean first = true;
        for (Fragment fragment : splitter.split(template.render(conversation))) {
            switch (fragment) {
                case Fragment.Token token -> {
                    tokens.add(tokenizer.specialTokenId(token.text()).orElseThrow());
                    answer.write(mark(token.answer()));
                }
                case Fragment.Text text -> encode(tokenizer.composed() ? text.composed() : text, first, tokens, answer);
            }
            first = false;
        }
        return new Encoded(tokens.build().toArray(), answer.toByteArray());
    }

    private void encode(Fragment.Text text, boolean first, IntStream.Builder tokens, ByteArrayOutputStream answer) {
        TokenizedText tokenized = tokenizer.encodeWithOffsets(text.text(), first);
        for (int i = 0; i < tokenized.tokens().length; i++) {
            tokens.add(tokenized.tokens()[i]);
            answer.write(mark(text.answer(tokenized.starts()[i], tokenized.ends()[i])));
        }
    }

    private static int mark(boolean answer) {
        return answer ? 1 : 0;
    }
}
