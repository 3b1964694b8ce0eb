package io.rootstock.registry.evaluation;

import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.evaluation.task.DataFile;
import io.rootstock.evaluation.task.MetricSetting;
import io.rootstock.evaluation.task.SuiteFiles;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.core.CoreTask;
import io.rootstock.evaluation.task.suite.Suite;
import io.rootstock.evaluation.task.suite.SuiteReader;
import io.rootstock.evaluation.v1.CreateSuiteRevisionRequest;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.SuiteTask;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestTexts;
import io.rootstock.yaml.InvalidFileException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Checks a revision that a client creates: its fields, its files in the artifact store, and its task files. */
final class SuiteCheck {
    private static final int MAX_FILES = 1000;
    private static final int MAX_DESCRIPTION_LENGTH = 4096;
    private static final int MAX_PATH_LENGTH = 500;

    private final ArtifactStore store;
    private final Map<String, Integer> indexes = new HashMap<>();

    private SuiteCheck(ArtifactStore store) {
        this.store = store;
    }

    /**
     * Returns the revision without its name and time.
     *
     * @throws StatusRuntimeException INVALID_ARGUMENT names the invalid field; of a task file also file, line and remedy
     */
    static SuiteRevision checked(CreateSuiteRevisionRequest request, ArtifactStore store) {
        return new SuiteCheck(store).revision(request);
    }

    private SuiteRevision revision(CreateSuiteRevisionRequest request) {
        if (request.getDescription().length() > MAX_DESCRIPTION_LENGTH) {
            throw Errors.invalidArgument(
                    "description",
                    "must be at most " + MAX_DESCRIPTION_LENGTH + " characters, has "
                            + request.getDescription().length());
        }
        RequestTexts.requireVisible(request.getDescription(), "description");
        if (request.getFilesCount() < 1 || request.getFilesCount() > MAX_FILES) {
            throw Errors.invalidArgument(
                    "files", "must be 1 to " + MAX_FILES + " files, were " + request.getFilesCount());
        }
        List<SuiteFile> files = new ArrayList<>();
        for (int i = 0; i < request.getFilesCount(); i++) {
            files.add(file(request.getFiles(i), i));
        }
        if (!indexes.containsKey(SuiteReader.FILE)) {
            throw Errors.invalidArgument("files", "must contain " + SuiteReader.FILE + ", which lists the task files");
        }
        Suite suite = suite(files);
        requireRowFiles(suite);
        return SuiteRevision.newBuilder()
                .setDescription(request.getDescription())
                .addAllFiles(files.stream()
                        .sorted(Comparator.comparing(SuiteFile::getPath))
                        .toList())
                .addAllTasks(suite.tasks().stream().map(SuiteCheck::task).toList())
                .addAllTasks(suite.coreTasks().stream().map(SuiteCheck::task).toList())
                .build();
    }

    private SuiteFile file(SuiteFile file, int index) {
        String field = "files[" + index + "]";
        requirePath(file.getPath(), field + ".path");
        Integer first = indexes.putIfAbsent(file.getPath(), index);
        if (first != null) {
            throw Errors.invalidArgument(field + ".path", "is the path of files[" + first + "] too: " + file.getPath());
        }
        return file.toBuilder()
                .setBytes(StoredContent.renewed(store, file.getDigest(), file.getBytes(), field))
                .build();
    }

    private static void requirePath(String path, String field) {
        boolean valid = !path.isEmpty() && path.length() <= MAX_PATH_LENGTH && path.indexOf('\\') < 0;
        for (String part : path.split("/", -1)) {
            valid &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
        }
        if (!valid || path.chars().anyMatch(Character::isISOControl)) {
            throw Errors.invalidArgument(
                    field,
                    "must be a relative path inside the suite with '/', without '..', at most " + MAX_PATH_LENGTH
                            + " characters, was '" + path + "'");
        }
    }

    private Suite suite(List<SuiteFile> files) {
        try {
            return SuiteReader.read(new TaskFiles(store, files));
        } catch (InvalidFileException e) {
            throw invalid(e.file(), e.line(), e.reason(), e.hint());
        } catch (UncheckedIOException e) {
            throw Errors.unavailable("ARTIFACT_UNREADABLE", "files: " + e.getMessage());
        }
    }

    private void requireRowFiles(Suite suite) {
        for (Task task : suite.tasks()) {
            for (String split : List.of(task.evaluatedSplit(), task.fewshotSplit())) {
                requireRowFiles(task.dataset().splits().get(split));
            }
        }
        suite.coreTasks().stream().map(CoreTask::data).forEach(this::requireRowFiles);
    }

    private void requireRowFiles(DataFile data) {
        for (String path : data.paths()) {
            if (!indexes.containsKey(path)) {
                throw invalid(
                        data.source(),
                        data.line(),
                        "row file '" + path + "' is not in the suite",
                        "add the file, or correct its name");
            }
        }
    }

    private StatusRuntimeException invalid(String file, long line, String reason, String remedy) {
        Integer index = indexes.get(file);
        return Errors.invalidArgument(
                index == null ? "files" : "files[" + index + "]",
                file + (line > 0 ? ":" + line : "") + ": " + reason + "; " + remedy);
    }

    private static SuiteTask task(Task task) {
        return task(
                task.name(),
                task.outputType().key(),
                task.metrics(),
                task.fewShots().count());
    }

    private static SuiteTask task(CoreTask task) {
        return task(task.label(), task.kind().key(), task.metrics(), task.shots());
    }

    private static SuiteTask task(String name, String type, List<MetricSetting> metrics, int shots) {
        return SuiteTask.newBuilder()
                .setName(name)
                .setOutputType(type)
                .addAllMetrics(
                        metrics.stream().map(setting -> setting.metric().key()).toList())
                .setShots(shots)
                .build();
    }

    /**
     * Task files of a suite in the artifact store: YAML files and the table of CORE's baselines. Row files exist, and are not
     * opened here.
     */
    private static final class TaskFiles implements SuiteFiles {
        /** Bytes of a file; larger ones are not read. */
        private static final int MAX_BYTES = 1 << 20;

        private final ArtifactStore store;
        private final Map<String, SuiteFile> files;

        /** Creates it with files of distinct paths and of the stated sizes. */
        TaskFiles(ArtifactStore store, List<SuiteFile> files) {
            this.store = store;
            this.files = files.stream().collect(Collectors.toMap(SuiteFile::getPath, Function.identity()));
        }

        @Override
        public boolean has(String path) {
            return files.containsKey(path);
        }

        @Override
        public InputStream open(String path) {
            SuiteFile file = files.get(path);
            if (file.getBytes() > MAX_BYTES) {
                throw new InvalidFileException(
                        path,
                        0,
                        "the file has " + file.getBytes() + " bytes, more than " + MAX_BYTES,
                        "move rows to a row file of the suite");
            }
            if (path.endsWith(".gz")) {
                throw new InvalidFileException(path, 0, "the file is compressed", "store it uncompressed");
            }
            return new ByteArrayInputStream(
                    StoredContent.read(path, () -> store.readAll(Digest.parse(file.getDigest()))));
        }
    }
}
