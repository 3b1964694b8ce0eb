package io.rootstock.inference.generate;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.ChatTemplateException;
import io.rootstock.chat.Turn;
import io.rootstock.inference.generate.ModelAccess.Session;
import io.rootstock.inference.v1.Message;
import io.rootstock.service.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes a prompt of a conversation: its turns are checked, then rendered with the model's own template. */
final class Conversations {
    private static final Set<String> ROLES = Set.of("system", "user", "assistant");

    private Conversations() {}

    static List<Turn> turns(List<Message> messages) {
        if (messages.isEmpty()) {
            throw Errors.invalidArgument("messages", "must hold at least one message");
        }
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            if (!ROLES.contains(message.getRole())) {
                throw Errors.invalidArgument(
                        "messages[" + i + "].role",
                        "must be system, user or assistant, was '" + message.getRole() + "'");
            }
            turns.add(new Turn(message.getRole(), message.getContent()));
        }
        return turns;
    }

    static int[] tokens(Session session, List<Turn> turns) {
        ChatTemplate template = session.model()
                .template()
                .orElseThrow(() -> Errors.failedPrecondition(
                        "NO_CHAT_TEMPLATE", session.version() + " has no chat template; use Generate"));
        try {
            return session.model().chatTokens(template, turns);
        } catch (ChatTemplateException e) {
            throw Errors.invalidArgument("messages", e.getMessage());
        }
    }
}
