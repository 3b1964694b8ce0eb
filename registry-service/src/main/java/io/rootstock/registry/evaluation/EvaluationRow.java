package io.rootstock.registry.evaluation;

import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.ResolvedEvaluation;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.job.v1.JobState;
import io.rootstock.names.SuiteRevisionName;
import io.rootstock.names.VersionName;
import io.rootstock.registry.job.JobRow;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactContent;
import java.util.List;
import java.util.Optional;

/**
 * A row of {@code evaluation} with that of its job.
 *
 * @param progress newest progress; empty before the first report
 * @param progressDue whether the next progress is stored as an event
 * @param results results of finished tasks, in the order of the suite
 * @param rows row records; empty unless it has succeeded
 * @param expiredLeases leases that have expired since it was queued
 */
record EvaluationRow(
        JobRow job,
        EvaluationSpec spec,
        VersionName version,
        SuiteRevisionName suiteRevision,
        Artifact artifact,
        Optional<EvaluationProgress> progress,
        boolean progressDue,
        List<TaskResult> results,
        Optional<ArtifactContent> rows,
        String engine,
        int expiredLeases) {

    String id() {
        return job.id();
    }

    JobState state() {
        return job.state();
    }

    /** The resource name. */
    String name() {
        return Evaluations.name(id());
    }

    /** Selects the evaluation's tasks of those of its suite, in their order. */
    List<String> tasks(List<String> ofSuite) {
        return spec.getTasksCount() == 0
                ? ofSuite
                : ofSuite.stream().filter(spec.getTasksList()::contains).toList();
    }

    /** Returns the evaluation's message. */
    Evaluation toProto() {
        Evaluation.Builder evaluation = Evaluation.newBuilder()
                .setName(name())
                .setSpec(spec)
                .setResolved(ResolvedEvaluation.newBuilder()
                        .setVersion(version.toString())
                        .setSuiteRevision(suiteRevision.toString())
                        .setArtifact(artifact))
                .setState(job.state())
                .setMessage(job.message())
                .addAllResults(results)
                .setEngine(engine)
                .setCreateTime(job.createTime())
                .setUpdateTime(job.updateTime())
                .setEtag(job.etag());
        progress.ifPresent(evaluation::setProgress);
        rows.ifPresent(evaluation::setRows);
        return evaluation.build();
    }
}
