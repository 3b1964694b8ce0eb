package io.rootstock.cli.suite;

import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Progress;
import io.rootstock.cli.error.CliException;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.core.CoreRenderer;
import io.rootstock.evaluation.task.core.CoreTask;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.request.TaskRenderer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;

/** Renders the rows of a suite as an evaluator does, so that a malformed row is found before the upload. */
public final class RowCheck {
    /**
     * Rows of a task.
     *
     * @param task name of the task
     * @param rows rows of the evaluated split
     */
    public record TaskRows(String task, int rows) {}

    private final LocalSuite local;
    private final boolean all;
    private final Progress progress;

    /**
     * @param all whether all rows are rendered; else the first row of each task
     * @param progress receives the rendered rows of a task
     */
    public RowCheck(LocalSuite local, boolean all, Progress progress) {
        this.local = local;
        this.all = all;
        this.progress = progress;
    }

    /**
     * Renders the rows, and returns their numbers in the order of the suite.
     *
     * @throws io.rootstock.yaml.InvalidFileException with file, line and remedy of the first malformed row
     */
    public List<TaskRows> run() {
        List<TaskRows> counts = new ArrayList<>();
        try {
            for (Task task : local.suite().tasks()) {
                TaskRenderer renderer = new TaskRenderer(task, local.files(), OptionalInt.empty());
                counts.add(check(task.name(), renderer.size(), renderer.iterator()));
            }
            for (CoreTask task : local.suite().coreTasks()) {
                CoreRenderer renderer = new CoreRenderer(task, local.files(), OptionalInt.empty(), false);
                counts.add(check(task.label(), renderer.size(), renderer.iterator()));
            }
        } catch (UncheckedIOException failure) {
            throw new CliException(
                    "cannot read a row file: " + failure.getCause().getMessage(), "check the file");
        }
        return counts;
    }

    private TaskRows check(String task, int rows, Iterator<RenderedRow> rendered) {
        int checked = 0;
        while (rendered.hasNext() && (all || checked == 0)) {
            RenderedRow _ = rendered.next();
            checked++;
            progress.show(checked, rows, task + "  " + Format.counted(checked, "row") + " of " + rows);
        }
        return new TaskRows(task, rows);
    }
}
