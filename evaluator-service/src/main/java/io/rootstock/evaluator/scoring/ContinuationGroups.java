package io.rootstock.evaluator.scoring;

import io.rootstock.evaluation.task.request.LoglikelihoodRequest;
import io.rootstock.evaluation.task.request.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Groups the continuations of one context for one call each: the context is then read once. */
final class ContinuationGroups {
    /** UTF-8 bytes of a call. A token has at least one byte, and a call at most 65,536 tokens. */
    static final int MOST_BYTES = 60_000;

    /** Continuations of a call. */
    static final int MOST_CONTINUATIONS = 1_000;

    private ContinuationGroups() {}

    /**
     * A call.
     *
     * @param context prompt
     * @param indices indices of the requests
     * @param continuations their continuations
     */
    record Group(String context, List<Integer> indices, List<String> continuations) {}

    /** Groups the loglikelihood requests of a row; a single continuation may exceed the limit of bytes. */
    static List<Group> of(List<Request> requests) {
        Map<String, Group> open = new LinkedHashMap<>();
        Map<String, Integer> bytes = new LinkedHashMap<>();
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            if (!(requests.get(i) instanceof LoglikelihoodRequest(String context, String continuation))) {
                continue;
            }
            // The continuation can change the context's last tokens, so they may count for each one.
            int more = continuation.getBytes(StandardCharsets.UTF_8).length + 16;
            Group group = open.get(context);
            if (group == null
                    || group.indices().size() == MOST_CONTINUATIONS
                    || bytes.get(context) + more > MOST_BYTES) {
                group = new Group(context, new ArrayList<>(), new ArrayList<>());
                groups.add(group);
                open.put(context, group);
                bytes.put(context, context.getBytes(StandardCharsets.UTF_8).length);
            }
            group.indices().add(i);
            group.continuations().add(continuation);
            bytes.merge(context, more, Integer::sum);
        }
        return groups;
    }
}
