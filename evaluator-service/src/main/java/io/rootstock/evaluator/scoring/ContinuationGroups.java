package io.rootstock.evaluator.scoring;

import io.rootstock.evaluation.task.request.ChatGenerateRequest;
import io.rootstock.evaluation.task.request.ChatLoglikelihoodRequest;
import io.rootstock.evaluation.task.request.ChatMessage;
import io.rootstock.evaluation.task.request.ClassifyRequest;
import io.rootstock.evaluation.task.request.GenerateRequest;
import io.rootstock.evaluation.task.request.LoglikelihoodRequest;
import io.rootstock.evaluation.task.request.Request;
import io.rootstock.evaluation.task.request.RollingRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Groups the continuations of one context for one call each: the context is then read once. */
final class ContinuationGroups {
    /** UTF-8 bytes of a call. A token has at least one byte, and a call at most 65,536 tokens. */
    static final int MAX_BYTES = 60_000;

    /** Continuations of a call. */
    static final int MAX_CONTINUATIONS = 1_000;

    private ContinuationGroups() {}

    /**
     * A call.
     *
     * @param context prompt: a text, or messages
     * @param indices indices of the requests
     * @param continuations their continuations
     */
    record Group(Context context, List<Integer> indices, List<String> continuations) {}

    sealed interface Context {
        record OfText(String text) implements Context {}

        record OfMessages(List<ChatMessage> messages) implements Context {}

        private int bytes() {
            return switch (this) {
                case OfText(String text) -> utf8Length(text);
                case OfMessages(List<ChatMessage> messages) ->
                    messages.stream()
                            .mapToInt(message -> utf8Length(message.content()))
                            .sum();
            };
        }
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Groups the requests of a row for log-probabilities of continuations; a single continuation may exceed the limit of bytes. */
    static List<Group> of(List<Request> requests) {
        Map<Context, Group> open = new LinkedHashMap<>();
        Map<Context, Integer> bytes = new LinkedHashMap<>();
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            Context context;
            String continuation;
            switch (requests.get(i)) {
                case LoglikelihoodRequest request -> {
                    context = new Context.OfText(request.context());
                    continuation = request.continuation();
                }
                case ChatLoglikelihoodRequest request -> {
                    context = new Context.OfMessages(request.messages());
                    continuation = request.continuation();
                }
                case RollingRequest _, GenerateRequest _, ChatGenerateRequest _, ClassifyRequest _ -> {
                    continue;
                }
            }
            // The continuation can change the context's last tokens, so they may count for each one.
            int more = utf8Length(continuation) + 16;
            Group group = open.get(context);
            if (group == null || group.indices().size() == MAX_CONTINUATIONS || bytes.get(context) + more > MAX_BYTES) {
                group = new Group(context, new ArrayList<>(), new ArrayList<>());
                groups.add(group);
                open.put(context, group);
                bytes.put(context, context.bytes());
            }
            group.indices().add(i);
            group.continuations().add(continuation);
            bytes.merge(context, more, Integer::sum);
        }
        return groups;
    }
}
