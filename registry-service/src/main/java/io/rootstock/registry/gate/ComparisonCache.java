package io.rootstock.registry.gate;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.evaluation.v1.CompareEvaluationsRequest;
import io.rootstock.evaluation.v1.TaskComparison;
import io.rootstock.registry.evaluation.Comparisons;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Comparisons of evaluations, which never change. Safe for several threads. */
final class ComparisonCache {
    private static final int MAX_ENTRIES = 256;

    private final Comparisons comparisons;
    private final Map<CompareEvaluationsRequest, Compared> entries = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CompareEvaluationsRequest, Compared> eldest) {
            return size() > MAX_ENTRIES;
        }
    };

    /**
     * A comparison.
     *
     * @param refusal why the evaluations cannot be compared; empty if they can
     */
    record Compared(List<TaskComparison> tasks, String refusal) {
        Compared {
            tasks = List.copyOf(tasks);
        }
    }

    ComparisonCache(Comparisons comparisons) {
        this.comparisons = comparisons;
    }

    /** Compares the evaluations unless that is done; reads their rows. */
    void compare(Evidence.Pair pair) {
        CompareEvaluationsRequest request = request(pair);
        if (find(pair).isPresent()) {
            return;
        }
        Compared compared;
        try {
            compared = new Compared(comparisons.compare(request), "");
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.FAILED_PRECONDITION) {
                throw e;
            }
            compared = new Compared(List.of(), e.getStatus().getDescription());
        }
        synchronized (entries) {
            entries.put(request, compared);
        }
    }

    /** Returns a comparison that is done. */
    Optional<Compared> find(Evidence.Pair pair) {
        synchronized (entries) {
            return Optional.ofNullable(entries.get(request(pair)));
        }
    }

    private static CompareEvaluationsRequest request(Evidence.Pair pair) {
        return CompareEvaluationsRequest.newBuilder()
                .setFirst(pair.first().getName())
                .setSecond(pair.second().getName())
                .build();
    }
}
