package io.rootstock.corpus.spark;

import io.rootstock.corpus.engine.Receipt;
import io.rootstock.corpus.engine.Stage;
import io.rootstock.corpus.engine.TaskExecution;
import io.rootstock.corpus.engine.WorkUnit;
import java.nio.file.Path;
import org.apache.spark.api.java.function.Function;

/**
 * Runs the task of a stage for a unit.
 *
 * @param workspace path of the workspace on executors
 */
record UnitRun(String workspace, Stage stage) implements Function<WorkUnit, Receipt> {
    private static final long serialVersionUID = 1L;

    @Override
    public Receipt call(WorkUnit unit) throws TaskFailedException {
        return SparkTask.run(
                stage.name(),
                unit.index(),
                unit.name(),
                () -> TaskExecution.unit(Path.of(workspace), stage, unit, SparkTask::isKilled));
    }
}
