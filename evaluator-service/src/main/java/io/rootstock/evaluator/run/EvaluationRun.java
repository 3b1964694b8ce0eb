package io.rootstock.evaluator.run;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.Digest;
import io.rootstock.evaluation.contamination.ContaminatedRow;
import io.rootstock.evaluation.result.TaskSummary;
import io.rootstock.evaluation.task.request.PromptFormat;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowRecords;
import io.rootstock.evaluation.task.suite.FolderFiles;
import io.rootstock.evaluation.v1.ClaimEvaluationResponse;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.EvaluationSuccess;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.evaluator.cache.RowCache;
import io.rootstock.evaluator.cache.TaskCache;
import io.rootstock.evaluator.contamination.ContaminationCheck;
import io.rootstock.evaluator.contamination.SearchListener;
import io.rootstock.evaluator.contamination.TaskContamination;
import io.rootstock.evaluator.engine.Engine;
import io.rootstock.evaluator.lease.Lease;
import io.rootstock.evaluator.lease.RegistryClient;
import io.rootstock.evaluator.scoring.Classes;
import io.rootstock.evaluator.scoring.RowRequests;
import io.rootstock.evaluator.suite.EvaluatedTask;
import io.rootstock.evaluator.suite.SelectedTasks;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactContent;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.GgufFile;
import io.rootstock.yaml.InvalidFileException;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The work of one claim: from the suite's files to the stored row records. */
final class EvaluationRun {
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Rows in flight per slot: the next rows are tokenized while others are decoded. */
    private static final int ROWS_PER_SLOT = 2;
    /** Interval of lease checks while rows are rendered. */
    private static final int LEASE_CHECK_ROWS = 256;

    private final EvaluationRunner.Resources resources;
    private final ClaimEvaluationResponse claim;
    private final Evaluation evaluation;
    private final Lease lease;
    private final Context.CancellableContext scope;
    private final AtomicReference<Progress> progress;

    EvaluationRun(
            EvaluationRunner.Resources resources,
            ClaimEvaluationResponse claim,
            Lease lease,
            Context.CancellableContext scope,
            AtomicReference<Progress> progress) {
        this.resources = resources;
        this.claim = claim;
        this.evaluation = claim.getEvaluation();
        this.lease = lease;
        this.scope = scope;
        this.progress = progress;
    }

    /**
     * Scores all rows.
     *
     * @throws RuntimeException of any kind once the lease has ended; check the lease first
     */
    EvaluationSuccess run() throws IOException, InterruptedException {
        Workspace workspace = resources.workspace();
        SelectedTasks.writeFiles(claim.getSuiteRevision(), resources.store(), workspace.suite(), lease::requireHeld);
        Optional<Classes> classes =
                classes(resources.registry(), evaluation.getResolved().getVersion(), lease);
        PromptFormat format = format(evaluation.getSpec(), classes);
        List<EvaluatedTask> tasks = SelectedTasks.of(new FolderFiles(workspace.suite()), evaluation.getSpec(), format);
        long total = checkedRows(tasks, classes);
        progress.set(new Progress(total, System::nanoTime));
        Map<String, TaskContamination> contaminations =
                evaluation.getSpec().getCheckContamination() ? contaminations(tasks) : Map.of();
        String build;
        List<TaskResult> results;
        try (Engine engine = new Engine(resources.command(), options(), resources.channels())) {
            try {
                results = score(tasks, contaminations, engine, classes);
            } finally {
                resources.metrics().restarted(engine.restarts());
            }
            build = engine.build();
        }
        lease.requireHeld();
        Digest digest = resources.store().putFile(workspace.rows());
        EvaluationSuccess success = EvaluationSuccess.newBuilder()
                .addAllResults(results)
                .setRows(ArtifactContent.newBuilder().setDigest(digest.value()).setBytes(Files.size(workspace.rows())))
                .setEngine(build)
                .build();
        Files.delete(workspace.rows());
        return success;
    }

    /** Renders every row, so that a malformed one fails before the model is loaded; returns their number. */
    private long checkedRows(List<EvaluatedTask> tasks, Optional<Classes> classes) {
        long rows = 0;
        for (EvaluatedTask task : tasks) {
            try {
                for (Iterator<RenderedRow> each = task.rows(); each.hasNext(); ) {
                    RenderedRow row = each.next();
                    classes.ifPresent(known -> known.require(row));
                    if (rows++ % LEASE_CHECK_ROWS == 0) {
                        lease.requireHeld();
                    }
                }
            } catch (InvalidFileException e) {
                throw new FailedEvaluationException("task " + task.name() + ": " + e.getMessage());
            }
        }
        if (rows == 0) {
            throw new FailedEvaluationException("the selected tasks have no rows\nhint: select tasks with rows");
        }
        return rows;
    }

    private Map<String, TaskContamination> contaminations(List<EvaluatedTask> tasks) throws IOException {
        SearchListener listener = new SearchListener() {
            @Override
            public void begin(long totalBytes) {
                progress.get().beginSearch(totalBytes);
            }

            @Override
            public void read(String dataset, long bytes) {
                lease.requireHeld();
                if (bytes > 0) {
                    progress.get().searched(dataset, bytes);
                }
            }
        };
        return new ContaminationCheck(resources.store(), resources.workspace().contamination(), listener)
                .run(tasks, claim.getTrainingDataList());
    }

    private Engine.Options options() {
        return new Engine.Options(
                resources.workspace().inference(),
                evaluation.getResolved().getVersion(),
                variant(evaluation.getResolved().getArtifact().getKind()),
                resources.settings().startTimeout(),
                resources.settings().requestTimeout());
    }

    /** Name of a quantization in the inference service's settings; empty for an adapter on a shared base. */
    static Optional<String> variant(ArtifactKind kind) {
        Optional<String> file = GgufFile.of(kind).map(GgufFile::name);
        if (file.isEmpty() && kind != ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER) {
            throw new FailedEvaluationException(
                    "artifacts of kind " + kind + " cannot be evaluated\nhint: evaluate a GGUF file of the version");
        }
        return file;
    }

    private List<TaskResult> score(
            List<EvaluatedTask> tasks,
            Map<String, TaskContamination> contaminations,
            Engine engine,
            Optional<Classes> classes)
            throws IOException, InterruptedException {
        Artifact artifact = evaluation.getResolved().getArtifact();
        RowRequests requests = new RowRequests(
                engine,
                evaluation.getResolved().getVersion(),
                artifact.getDigest(),
                resources.settings().priority(),
                classes);
        requests.requireDigest();
        List<TaskResult> results = new ArrayList<>();
        try (RowsFile file = new RowsFile(resources.workspace().rows())) {
            for (EvaluatedTask task : tasks) {
                lease.requireHeld();
                TaskResult result = score(
                        task,
                        Optional.ofNullable(contaminations.get(task.name())),
                        requests,
                        key(artifact, engine, task),
                        file);
                lease.taskFinished(result);
                results.add(result);
            }
        }
        return results;
    }

    /** Responses of an adapter depend on the base, those of a classifier on its head: files that the version names. */
    private RowCache.Key key(Artifact artifact, Engine engine, EvaluatedTask task) {
        boolean several = artifact.getKind() == ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER || task.isClassified();
        return new RowCache.Key(
                several ? evaluation.getResolved().getVersion() : "",
                artifact.getDigest(),
                engine.build(),
                task.name());
    }

    private TaskResult score(
            EvaluatedTask task,
            Optional<TaskContamination> contamination,
            RowRequests requests,
            RowCache.Key key,
            RowsFile file)
            throws IOException, InterruptedException {
        progress.get().begin(task.name());
        TaskSummary summary = task.summary();
        TaskSummary unflagged = task.summary();
        try (TaskCache cache = resources.cache().open(key)) {
            new TaskRows(task, requests, cache, resources.metrics(), evaluation.getName())
                    .score(ROWS_PER_SLOT * resources.settings().slots(), scope, row -> {
                        add(task, summary, row);
                        Optional<ContaminatedRow> found = contamination.flatMap(each -> each.of(row.row()));
                        if (contamination.isPresent() && found.isEmpty()) {
                            add(task, unflagged, row);
                        }
                        file.add(row, found);
                        progress.get().scored(summary);
                    });
        }
        return contamination
                .map(each -> Results.task(task, summary, each, unflagged))
                .orElseGet(() -> Results.task(task, summary));
    }

    private static void add(EvaluatedTask task, TaskSummary summary, RowRecord row) {
        try {
            summary.add(row);
        } catch (IllegalArgumentException e) {
            throw new InvalidFileException(
                    row.file(), row.line(), "task " + task.name() + ": " + e.getMessage(), "shorten the row");
        }
    }

    /** Row records of an evaluation as JSON lines. An existing file is replaced. */
    private static final class RowsFile implements AutoCloseable {
        private final Writer writer;

        RowsFile(Path file) throws IOException {
            writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
        }

        /** Adds a row, with its place in the training data if it was found there. */
        void add(RowRecord row, Optional<ContaminatedRow> found) throws IOException {
            writer.write(RowRecords.toJson(row, found));
            writer.write('\n');
        }

        @Override
        public void close() throws IOException {
            writer.close();
        }
    }

    /**
     * Returns the classes of a version; empty if it is not a classifier. Waits while the registry is unavailable and the
     * lease is held.
     *
     * @throws FailedEvaluationException if the registry refuses the version
     */
    private static Optional<Classes> classes(RegistryClient registry, String name, Lease lease)
            throws InterruptedException {
        while (true) {
            lease.requireHeld();
            try {
                Version version = registry.version(name);
                return version.getKind() == VersionKind.VERSION_KIND_CLASSIFIER
                        ? Optional.of(new Classes(name, version.getLabelsList()))
                        : Optional.empty();
            } catch (StatusRuntimeException e) {
                Status.Code code = e.getStatus().getCode();
                if (code != Status.Code.UNAVAILABLE && code != Status.Code.DEADLINE_EXCEEDED) {
                    throw new FailedEvaluationException(name + " cannot be read from the registry: " + code + " "
                            + e.getStatus().getDescription());
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    /** Returns the form of the requests. */
    private static PromptFormat format(EvaluationSpec spec, Optional<Classes> classes) {
        if (classes.isPresent()) {
            return PromptFormat.CLASSIFIER;
        }
        return switch (spec.getPromptFormat()) {
            case PROMPT_FORMAT_CHAT -> PromptFormat.CHAT;
            case PROMPT_FORMAT_UNSPECIFIED, PROMPT_FORMAT_PLAIN -> PromptFormat.PLAIN;
            case UNRECOGNIZED ->
                throw new FailedEvaluationException("the prompt format " + spec.getPromptFormatValue()
                        + " is unknown\nhint: start an evaluator of the registry's release");
        };
    }
}
