package io.rootstock.registry.gate;

import io.rootstock.evaluation.v1.Gate;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.SuiteTask;
import io.rootstock.names.SuiteReference;
import io.rootstock.registry.evaluation.PromptFormats;
import io.rootstock.registry.evaluation.Suites;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Collectors;

/** Task and metric of a gate. */
final class GateTask {
    private static final int MAX_SHOTS = 100;

    private GateTask() {}

    /**
     * Returns the gate with the names of the suite's revision and the metric.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT naming the field, NOT_FOUND if the suite does not exist
     */
    static Gate resolved(Connection connection, Gate gate) throws SQLException {
        if (gate.getLimit() < 0) {
            throw Errors.invalidArgument("gate.limit", "must be at least 0, was " + gate.getLimit());
        }
        if (gate.getShots() < 0 || gate.getShots() > MAX_SHOTS) {
            throw Errors.invalidArgument("gate.shots", "must be 0 to " + MAX_SHOTS + ", was " + gate.getShots());
        }
        PromptFormats.requireKnown(gate.getPromptFormat(), "gate.prompt_format");
        SuiteRevision suite = Suites.revision(
                connection, RequestNames.parse(gate.getSuiteRevision(), "gate.suite_revision", SuiteReference::parse));
        SuiteTask task = suite.getTasksList().stream()
                .filter(each -> each.getName().equals(gate.getTask()))
                .findFirst()
                .orElseThrow(() -> Errors.invalidArgument(
                        "gate.task",
                        "'" + gate.getTask() + "' is not a task of " + suite.getName() + "; its tasks: "
                                + suite.getTasksList().stream()
                                        .map(SuiteTask::getName)
                                        .collect(Collectors.joining(", "))));
        String metric = gate.getMetric().isEmpty() ? task.getMetrics(0) : gate.getMetric();
        if (!task.getMetricsList().contains(metric)) {
            throw Errors.invalidArgument(
                    "gate.metric",
                    "'" + metric + "' is not a metric of " + task.getName() + "; its metrics: "
                            + String.join(", ", task.getMetricsList()));
        }
        return gate.toBuilder()
                .setSuiteRevision(suite.getName())
                .setMetric(metric)
                .build();
    }
}
