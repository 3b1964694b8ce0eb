package io.rootstock.evaluation.task.suite;

import io.rootstock.evaluation.task.DataFile;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.core.CoreTask;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A suite: tasks that are evaluated together.
 *
 * @param name name of the suite
 * @param description one line about the suite; may be empty
 * @param tasks tasks in order
 * @param coreTasks CORE tasks in order
 */
public record Suite(String name, String description, List<Task> tasks, List<CoreTask> coreTasks) {
    public Suite {
        tasks = List.copyOf(tasks);
        coreTasks = List.copyOf(coreTasks);
    }

    /** Row files that the suite's tasks read, as the suite names them. */
    public Set<String> rowFiles() {
        Set<String> files = new LinkedHashSet<>();
        for (Task task : tasks) {
            for (String split : List.of(task.evaluatedSplit(), task.fewshotSplit())) {
                files.addAll(task.dataset().splits().get(split).paths());
            }
        }
        coreTasks.stream().map(CoreTask::data).map(DataFile::paths).forEach(files::addAll);
        return files;
    }
}
