package io.rootstock.cli.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.PromptFormat;
import io.rootstock.evaluation.v1.ResolvedEvaluation;
import io.rootstock.job.v1.JobState;
import io.rootstock.trainer.v1.Artifact;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class EvaluationRequestsTest {
    private static final Evaluation PLAN = Evaluation.newBuilder()
            .setSpec(EvaluationSpec.newBuilder()
                    .setVersion("models/m@latest")
                    .addAllTasks(List.of("a", "b"))
                    .setLimit(10)
                    .setSeed(1234))
            .setResolved(ResolvedEvaluation.newBuilder()
                    .setVersion("models/m/versions/2")
                    .setSuiteRevision("suites/s/revisions/1")
                    .setArtifact(Artifact.newBuilder().setDigest("sha256:00")))
            .build();

    @Test
    void anEarlierEvaluationIsReusedForEqualSettings() {
        assertThat(isEqual(spec -> spec)).isTrue();
        assertThat(isEqual(spec -> spec.setVersion("models/m:2"))).isTrue();
        assertThat(isEqual(EvaluationSpec.Builder::clearSeed))
                .as("the default seed")
                .isTrue();
        assertThat(isEqual(spec -> spec.setPromptFormat(PromptFormat.PROMPT_FORMAT_PLAIN)))
                .as("the default format")
                .isTrue();
        assertThat(isEqual(spec -> spec.setCheckContamination(true))).isTrue();
        assertThat(isEqual(spec -> spec.clearTasks().addTasks("b").addTasks("a")))
                .isTrue();
    }

    @Test
    void anEarlierEvaluationWithOtherSettingsIsNotReused() {
        assertThat(isEqual(spec -> spec.setLimit(11))).isFalse();
        assertThat(isEqual(spec -> spec.setShots(0))).isFalse();
        assertThat(isEqual(spec -> spec.setSeed(1))).isFalse();
        assertThat(isEqual(spec -> spec.setPromptFormat(PromptFormat.PROMPT_FORMAT_CHAT)))
                .isFalse();
        assertThat(isEqual(EvaluationSpec.Builder::clearTasks)).isFalse();
        assertThat(EvaluationRequests.isEqual(PLAN, PLAN)).as("not succeeded").isFalse();
        Evaluation.Builder otherFile = succeeded();
        otherFile.getResolvedBuilder().getArtifactBuilder().setDigest("sha256:01");
        assertThat(EvaluationRequests.isEqual(otherFile.build(), PLAN)).isFalse();
        Evaluation.Builder otherRevision = succeeded();
        otherRevision.getResolvedBuilder().setSuiteRevision("suites/s/revisions/2");
        assertThat(EvaluationRequests.isEqual(otherRevision.build(), PLAN)).isFalse();
        Evaluation.Builder otherVersion = succeeded();
        otherVersion.getResolvedBuilder().setVersion("models/m/versions/3");
        assertThat(EvaluationRequests.isEqual(otherVersion.build(), PLAN)).isFalse();
    }

    private static Evaluation.Builder succeeded() {
        return PLAN.toBuilder().setState(JobState.JOB_STATE_SUCCEEDED);
    }

    private static boolean isEqual(UnaryOperator<EvaluationSpec.Builder> change) {
        Evaluation candidate =
                succeeded().setSpec(change.apply(PLAN.getSpec().toBuilder())).build();
        return EvaluationRequests.isEqual(candidate, PLAN);
    }
}
