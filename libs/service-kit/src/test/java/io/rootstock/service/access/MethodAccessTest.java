package io.rootstock.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.access.v1.Role;
import io.rootstock.evaluation.v1.EvaluatorServiceGrpc;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.trainer.v1.Mixture;
import io.rootstock.trainer.v1.MixtureSource;
import org.junit.jupiter.api.Test;

class MethodAccessTest {
    @Test
    void readsTheResourcesOfARequestWithTheirRoles() {
        MethodAccess access = MethodAccess.of(JobServiceGrpc.getCreateJobMethod());

        assertThat(access.audited()).isTrue();
        assertThat(access.resources(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setOutputModel("models/a")
                                .setDataset("datasets/b")
                                .setBase("models/c@production"))
                        .build()))
                .containsExactly(
                        new MethodAccess.Named("models/a", Role.ROLE_TRAINER),
                        new MethodAccess.Named("datasets/b", Role.ROLE_VIEWER),
                        new MethodAccess.Named("models/c@production", Role.ROLE_VIEWER));
        assertThat(access.resources(CreateJobRequest.getDefaultInstance())).isEmpty();
    }

    @Test
    void readsTheResourcesOfEveryElementOfARepeatedField() {
        MethodAccess access = MethodAccess.of(JobServiceGrpc.getCreateJobMethod());

        assertThat(access.resources(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setOutputModel("models/a")
                                .setMixture(Mixture.newBuilder()
                                        .addSources(MixtureSource.newBuilder().setDataset("datasets/b"))
                                        .addSources(MixtureSource.newBuilder().setDataset("datasets/c"))))
                        .build()))
                .containsExactly(
                        new MethodAccess.Named("models/a", Role.ROLE_TRAINER),
                        new MethodAccess.Named("datasets/b", Role.ROLE_VIEWER),
                        new MethodAccess.Named("datasets/c", Role.ROLE_VIEWER));
    }

    @Test
    void readsAreNotAudited() {
        assertThat(MethodAccess.of(ModelServiceGrpc.getGetModelMethod()).audited())
                .isFalse();
        assertThat(MethodAccess.of(ModelServiceGrpc.getSetAliasMethod()).audited())
                .isTrue();
    }

    @Test
    void reportsOfServicesAreNotAudited() {
        MethodAccess report = MethodAccess.of(EvaluatorServiceGrpc.getReportEvaluationMethod());
        assertThat(report.writes()).isTrue();
        assertThat(report.audited()).isFalse();
        assertThat(MethodAccess.of(EvaluatorServiceGrpc.getFinishEvaluationMethod())
                        .audited())
                .isTrue();
    }
}
