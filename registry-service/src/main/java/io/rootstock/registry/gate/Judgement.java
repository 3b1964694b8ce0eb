package io.rootstock.registry.gate;

import io.rootstock.evaluation.comparison.MetricDifference;
import io.rootstock.evaluation.comparison.TaskDifference;
import io.rootstock.evaluation.gate.GateOutcome;
import io.rootstock.evaluation.statistic.Interval;
import io.rootstock.evaluation.v1.Contamination;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.Gate;
import io.rootstock.evaluation.v1.GateResult;
import io.rootstock.evaluation.v1.MetricComparison;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.TaskComparison;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.evaluation.v1.TrainingData;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Results of gates. */
final class Judgement {
    private Judgement() {}

    static GateResult decided(Gate gate, Evidence.Decided evidence) {
        return result(gate, new GateOutcome(evidence.passed(), evidence.reason()), List.of());
    }

    static GateResult single(Gate gate, Evaluation evaluation) {
        MetricResult value = evaluation.getResultsList().stream()
                .filter(task -> task.getTask().equals(gate.getTask()))
                .flatMap(task -> task.getMetricsList().stream())
                .filter(metric -> metric.getMetric().equals(gate.getMetric()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(evaluation.getName() + " lacks " + gate.getMetric()));
        return result(
                gate,
                GateRules.threshold(gate)
                        .judge(
                                value.getMetric(),
                                value.getValue(),
                                new Interval(value.getLower(), value.getUpper()),
                                value.getHigherIsBetter()),
                List.of(evaluation.getName()));
    }

    static GateResult checked(Gate gate, Evaluation evaluation) {
        Contamination found = evaluation.getResultsList().stream()
                .filter(task -> task.getTask().equals(gate.getTask()))
                .findFirst()
                .map(TaskResult::getContamination)
                .orElseThrow(() -> new IllegalStateException(evaluation.getName() + " lacks " + gate.getTask()));
        return result(
                gate,
                GateRules.contamination(gate)
                        .judge(
                                found.getCheckedRows(),
                                found.getFlaggedRows(),
                                found.getUncheckedRows(),
                                unsearched(found, Judgement::isOurs),
                                unsearched(found, data -> !isOurs(data))),
                List.of(evaluation.getName()));
    }

    /** Whether the data was prepared in this installation. */
    private static boolean isOurs(TrainingData data) {
        return !data.getDatasetDigest().isEmpty() && !data.getImported();
    }

    private static List<String> unsearched(Contamination found, Predicate<TrainingData> selected) {
        return found.getUnsearchedList().stream()
                .filter(each -> selected.test(each.getData()))
                .map(each -> (each.getData().getDataset().isEmpty()
                                ? each.getData().getVersion()
                                : each.getData().getDataset() + " of "
                                        + each.getData().getVersion())
                        + " (" + each.getReason() + ")")
                .toList();
    }

    static GateResult pair(Gate gate, Evidence.Pair pair, ComparisonCache.Compared comparison) {
        List<String> evaluations = List.of(pair.second().getName(), pair.first().getName());
        Optional<TaskComparison> task = comparison.tasks().stream()
                .filter(each -> each.getTask().equals(gate.getTask()))
                .findFirst();
        String refusal = task.map(TaskComparison::getNotComparable).orElse(comparison.refusal());
        if (task.isEmpty() || !refusal.isEmpty()) {
            return result(gate, new GateOutcome(false, refusal), evaluations);
        }
        return result(gate, outcome(gate, task.get()), evaluations);
    }

    private static GateOutcome outcome(Gate gate, TaskComparison task) {
        return switch (gate.getRuleCase()) {
            case BETTER_THAN_CURRENT -> GateRules.better(gate).judge(difference(gate, task));
            case NOT_WORSE_THAN_CURRENT -> GateRules.notWorse(gate).judge(difference(gate, task));
            case QUANTIZATION_AGREES ->
                GateRules.agreement(gate)
                        .judge(new TaskDifference(
                                task.getTask(),
                                Math.toIntExact(task.getRows()),
                                Math.toIntExact(task.getWins()),
                                Math.toIntExact(task.getLosses()),
                                List.of()));
            case THRESHOLD, CONTAMINATION, RULE_NOT_SET ->
                throw new IllegalStateException(gate.getName() + " does not compare evaluations");
        };
    }

    private static MetricDifference difference(Gate gate, TaskComparison task) {
        MetricComparison metric = task.getMetricsList().stream()
                .filter(each -> each.getMetric().equals(gate.getMetric()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(task.getTask() + " lacks " + gate.getMetric()));
        return new MetricDifference(
                metric.getMetric(),
                metric.getFirst(),
                metric.getSecond(),
                new Interval(metric.getLower(), metric.getUpper()),
                metric.getPValue(),
                metric.getAdjustedPValue(),
                metric.getDetectableDifference(),
                metric.getHigherIsBetter());
    }

    private static GateResult result(Gate gate, GateOutcome outcome, List<String> evaluations) {
        return GateResult.newBuilder()
                .setGate(gate)
                .setPassed(outcome.passed())
                .setReason(outcome.reason())
                .addAllEvaluations(evaluations)
                .build();
    }
}
