package io.rootstock.bench.emergence;

import io.rootstock.bench.Lifecycle;
import io.rootstock.cli.evaluation.EvaluationRows;
import io.rootstock.cli.suite.LocalSuite;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowRecords;
import io.rootstock.evaluation.task.suite.BuiltInSuites;
import io.rootstock.evaluation.task.suite.FolderFiles;
import io.rootstock.evaluation.v1.CreateEvaluationRequest;
import io.rootstock.evaluation.v1.CreateSuiteRevisionRequest;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.GetEvaluationRequest;
import io.rootstock.evaluation.v1.ReadEvaluationRowsRequest;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.WatchJobRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Evaluates versions on the built-in suite {@code emergence}. */
final class Evaluations {
    private static final String SUITE = "emergence";

    private final Lifecycle life;
    private final String revision;

    private Evaluations(Lifecycle life, String revision) {
        this.life = life;
        this.revision = revision;
    }

    /**
     * Stores the suite.
     *
     * @param rows folder with the row files
     */
    static Evaluations create(Lifecycle life, Path rows) {
        LocalSuite suite = LocalSuite.read(BuiltInSuites.files(SUITE, new FolderFiles(rows)));
        List<SuiteFile> files = suite.contents();
        suite.upload(life.clients(), files, _ -> {});
        return new Evaluations(
                life,
                life.clients()
                        .suites()
                        .createSuiteRevision(CreateSuiteRevisionRequest.newBuilder()
                                .setSuite("suites/" + SUITE)
                                .setDescription(suite.suite().description())
                                .addAllFiles(files)
                                .build())
                        .getRevision()
                        .getName());
    }

    /**
     * Evaluates a version on all rows.
     *
     * @throws IllegalStateException if the evaluation does not succeed
     */
    Evaluated evaluate(String version) {
        String name = life.clients()
                .evaluations()
                .createEvaluation(CreateEvaluationRequest.newBuilder()
                        .setSpec(EvaluationSpec.newBuilder().setVersion(version).setSuite(revision))
                        .build())
                .getEvaluation()
                .getName();
        life.clients()
                .jobs()
                .watchJob(WatchJobRequest.newBuilder()
                        .setName(name.replace("evaluations/", "jobs/"))
                        .build())
                .forEachRemaining(_ -> {});
        Evaluation evaluation = life.clients()
                .evaluations()
                .getEvaluation(GetEvaluationRequest.newBuilder().setName(name).build())
                .getEvaluation();
        if (evaluation.getState() != JobState.JOB_STATE_SUCCEEDED) {
            throw new IllegalStateException(
                    name + " of " + version + " ended " + evaluation.getState() + ": " + evaluation.getMessage());
        }
        Map<String, List<RowRecord>> records = new LinkedHashMap<>();
        new EvaluationRows(
                        life.clients(),
                        ReadEvaluationRowsRequest.newBuilder().setName(name).build())
                .forEachRemaining(line -> {
                    RowRecord record = RowRecords.fromJson(line, name, 0);
                    records.computeIfAbsent(record.task(), _ -> new ArrayList<>())
                            .add(record);
                });
        return new Evaluated(
                evaluation.getResultsList().stream()
                        .collect(Collectors.toMap(TaskResult::getTask, Function.identity())),
                records);
    }
}
