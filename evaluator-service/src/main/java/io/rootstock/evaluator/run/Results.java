package io.rootstock.evaluator.run;

import io.rootstock.evaluation.result.MetricValue;
import io.rootstock.evaluation.result.TaskSummary;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.evaluator.suite.EvaluatedTask;

/** Results as messages. */
final class Results {
    private Results() {}

    static TaskResult task(EvaluatedTask task, TaskSummary summary) {
        TaskResult.Builder result = TaskResult.newBuilder()
                .setTask(task.name())
                .setRows(summary.rows())
                .setNearTies(summary.nearTies())
                .setShots(task.shots())
                .setClassified(task.isClassified());
        summary.metrics().forEach(value -> result.addMetrics(metric(value)));
        return result.build();
    }

    static MetricResult metric(MetricValue value) {
        MetricResult.Builder result = MetricResult.newBuilder()
                .setMetric(value.metric())
                .setValue(value.value())
                .setStandardError(value.standardError())
                .setLower(value.interval().low())
                .setUpper(value.interval().high())
                .setHigherIsBetter(value.higherIsBetter())
                .setSignature(value.signature());
        value.chance().ifPresent(result::setChance);
        return result.build();
    }
}
