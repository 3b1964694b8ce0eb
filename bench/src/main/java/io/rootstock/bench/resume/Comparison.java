package io.rootstock.bench.resume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Differences between two runs of one specification: at every step with a checkpoint in both, the digests of weights,
 * moments and best weights, and the state without the time spent; every evaluation; and every artifact.
 *
 * @param steps number of compared steps
 * @param differences descriptions of the differences
 */
record Comparison(int steps, List<String> differences) {
    private static final ObjectMapper JSON = new ObjectMapper();

    Comparison {
        differences = List.copyOf(differences);
    }

    static Comparison of(RunDirectory alone, RunDirectory stopped) throws IOException {
        List<Long> steps = new ArrayList<>(new Checkpoints(alone.checkpoints()).steps());
        steps.retainAll(new Checkpoints(stopped.checkpoints()).steps());
        List<String> differences = new ArrayList<>();
        for (long step : steps) {
            JsonNode first = index(alone, step);
            JsonNode second = index(stopped, step);
            compare("state of step " + step, first.path("state"), second.path("state"), differences);
            first.path("digests")
                    .fieldNames()
                    .forEachRemaining(name -> compare(
                            name + " of step " + step,
                            first.path("digests").path(name),
                            second.path("digests").path(name),
                            differences));
        }
        compare("evaluations", evaluations(alone), evaluations(stopped), differences);
        compare("artifacts", artifacts(alone), artifacts(stopped), differences);
        return new Comparison(steps.size(), differences);
    }

    private static void compare(String what, Object first, Object second, List<String> differences) {
        if (!Objects.equals(first, second)) {
            differences.add(what);
        }
    }

    private static JsonNode index(RunDirectory run, long step) throws IOException {
        JsonNode index = JSON.readTree(run.checkpoints()
                .resolve("step-" + step)
                .resolve("checkpoint.json")
                .toFile());
        ((ObjectNode) index.path("state")).remove("secondsSpent");
        return index;
    }

    /**
     * Returns evaluations by split, step and metrics: a repetition after a kill must be identical, and is counted once.
     */
    private static TreeMap<String, RunEvaluation> evaluations(RunDirectory run) {
        TreeMap<String, RunEvaluation> evaluations = new TreeMap<>();
        for (RunEvaluation evaluation : events(run, RunEvent::hasEvaluation, RunEvent::getEvaluation)) {
            String which = evaluation.getSplit() + " " + evaluation.getStep() + " " + evaluation.getMetricsMap();
            evaluations.put(which, evaluation);
        }
        return evaluations;
    }

    private static List<String> artifacts(RunDirectory run) {
        return events(run, RunEvent::hasArtifacts, RunEvent::getArtifacts).getFirst().getArtifactsList().stream()
                .map(Artifact::getDigest)
                .toList();
    }

    private static <T> List<T> events(RunDirectory run, Predicate<RunEvent> chosen, Function<RunEvent, T> part) {
        return EventLog.readAll(run.events()).stream().filter(chosen).map(part).toList();
    }
}
