package io.rootstock.inference.completion;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.ChatTemplateException;
import io.rootstock.chat.Segment;
import io.rootstock.inference.session.Session;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.Tools;
import io.rootstock.service.Errors;
import io.rootstock.toolcalls.InvalidToolUseException;
import io.rootstock.toolcalls.ToolUse;
import java.util.List;
import java.util.Map;

/** Renders conversations without tools, as {@code Chat} does, for requests that do not generate an answer. */
public final class RenderedChat {
    private RenderedChat() {}

    /**
     * Renders a conversation up to the header of the answer.
     *
     * @param field field of the messages, for errors
     * @param instead alternative for models without a chat template
     * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION without a chat template; INVALID_ARGUMENT if a message is
     *     invalid, or the template refuses the conversation
     */
    public static List<Segment> of(Session session, List<Message> messages, String field, String instead) {
        ChatTemplate template = template(session, instead);
        try {
            ToolUse none = ToolUse.of(ToolMessages.options(Tools.getDefaultInstance()), template);
            return template.render(none.conversation(ToolMessages.messages(messages), Map.of()));
        } catch (InvalidToolUseException e) {
            throw Errors.invalidArgument(e.field().replaceFirst("^messages", field), e.reason());
        } catch (ChatTemplateException e) {
            throw Errors.invalidArgument(field, e.getMessage());
        }
    }

    static ChatTemplate template(Session session, String instead) {
        return session.model()
                .template()
                .orElseThrow(() -> Errors.failedPrecondition(
                        "NO_CHAT_TEMPLATE", session.version() + " has no chat template; use " + instead));
    }
}
