package io.rootstock.cli.command.suite;

import io.rootstock.cli.display.Table;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.SuiteTask;
import java.util.Map;

/** Tasks of a revision as a table. */
final class TaskTable {
    private TaskTable() {}

    static Table of(SuiteRevision revision) {
        Table table = new Table("task", "type", "metrics", "shots");
        for (SuiteTask task : revision.getTasksList()) {
            table.row(task.getName(), task.getOutputType(), String.join(", ", task.getMetricsList()), task.getShots());
        }
        return table;
    }

    /**
     * Returns the tasks with their rows.
     *
     * @param rows number of rows by task
     */
    static Table of(SuiteRevision revision, Map<String, Integer> rows) {
        Table table = new Table("task", "type", "metrics", "shots", "rows");
        for (SuiteTask task : revision.getTasksList()) {
            table.row(
                    task.getName(),
                    task.getOutputType(),
                    String.join(", ", task.getMetricsList()),
                    task.getShots(),
                    rows.containsKey(task.getName()) ? rows.get(task.getName()) : "-");
        }
        return table;
    }
}
