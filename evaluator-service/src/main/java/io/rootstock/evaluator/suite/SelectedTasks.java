package io.rootstock.evaluator.suite;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.evaluation.task.SuiteFiles;
import io.rootstock.evaluation.task.core.CoreTask;
import io.rootstock.evaluation.task.request.PromptFormat;
import io.rootstock.evaluation.task.request.TaskRenderer;
import io.rootstock.evaluation.task.suite.Suite;
import io.rootstock.evaluation.task.suite.SuiteReader;
import io.rootstock.evaluation.task.yaml.SuitePaths;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.files.FileTree;
import io.rootstock.yaml.InvalidFileException;
import io.rootstock.yaml.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** The tasks of a suite that an evaluation selects. */
public final class SelectedTasks {
    private SelectedTasks() {}

    /**
     * Reads a suite and returns the selected tasks, in the order of the suite.
     *
     * @param format form of the requests
     * @throws InvalidFileException if the suite is invalid, does not have a selected task, or a task does not have the format
     */
    public static List<EvaluatedTask> of(SuiteFiles files, EvaluationSpec spec, PromptFormat format) {
        Suite suite = SuiteReader.read(files);
        EvaluatedTask.Selection selection = new EvaluatedTask.Selection(
                spec.getLimit(),
                spec.hasShots() ? OptionalInt.of(spec.getShots()) : OptionalInt.empty(),
                spec.hasSeed() ? spec.getSeed() : TaskRenderer.SEED,
                format);
        Set<String> missing = new HashSet<>(spec.getTasksList());
        List<EvaluatedTask> selected = new ArrayList<>();
        suite.tasks().stream()
                .filter(task -> selects(spec, task.name(), missing))
                .map(task -> new EvaluatedTask.OfFile(task, files, selection))
                .forEach(selected::add);
        for (CoreTask task : suite.coreTasks()) {
            if (selects(spec, task.label(), missing)) {
                selected.add(new EvaluatedTask.OfCore(task, files, selection));
            }
        }
        if (!missing.isEmpty()) {
            throw new InvalidFileException(
                    SuiteReader.FILE,
                    0,
                    "the suite does not have the tasks " + String.join(", ", missing),
                    "choose from the suite's tasks");
        }
        return selected;
    }

    private static boolean selects(EvaluationSpec spec, String name, Set<String> missing) {
        missing.remove(name);
        return spec.getTasksCount() == 0 || spec.getTasksList().contains(name);
    }

    /**
     * Replaces the folder by the files of a revision.
     *
     * @param requireWanted called before each file; throws if the suite is not needed any more
     * @throws io.rootstock.artifacts.ArtifactException if a file is missing or damaged
     * @throws io.rootstock.yaml.InvalidFileException if a path is not inside the suite
     */
    public static void writeFiles(SuiteRevision revision, ArtifactStore store, Path folder, Runnable requireWanted)
            throws IOException {
        FileTree.createEmpty(folder);
        for (SuiteFile file : revision.getFilesList()) {
            requireWanted.run();
            String path = SuitePaths.resolve("", new YamlText(file.getPath(), SuiteReader.FILE, 0));
            Path target = folder.resolve(path);
            Files.createDirectories(target.getParent());
            FileTree.linkOrCopy(store.verified(Digest.parse(file.getDigest())), target);
        }
    }
}
