package io.rootstock.registry.evaluation;

import static io.rootstock.registry.evaluation.EvaluationFixture.FILES;
import static io.rootstock.registry.evaluation.EvaluationFixture.refusal;
import static io.rootstock.registry.evaluation.EvaluationFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.rootstock.access.v1.Role;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.StoredArtifact;
import io.rootstock.client.TokenCredentials;
import io.rootstock.evaluation.v1.CompareEvaluationsRequest;
import io.rootstock.evaluation.v1.CreateEvaluationRequest;
import io.rootstock.evaluation.v1.DeleteSuiteRequest;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationServiceGrpc;
import io.rootstock.evaluation.v1.EvaluatorServiceGrpc;
import io.rootstock.evaluation.v1.GetEvaluationRequest;
import io.rootstock.evaluation.v1.ListEvaluationsRequest;
import io.rootstock.evaluation.v1.ReadEvaluationRowsRequest;
import io.rootstock.evaluation.v1.ReportEvaluationRequest;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.CreateAccessTokenRequest;
import io.rootstock.registry.v1.CreatePrincipalRequest;
import io.rootstock.registry.v1.DeleteModelRequest;
import io.rootstock.registry.v1.DeleteVersionRequest;
import io.rootstock.registry.v1.Grant;
import io.rootstock.registry.v1.Principal;
import io.rootstock.storage.v1.PruneRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** References of evaluations: versions, suites, artifacts, and the models by which they are visible. */
class EvaluationReferencesTest {
    private static final String INSTALLATION_TOKEN = "the-token-of-the-installation";

    @TempDir
    private Path scratch;

    @Test
    void garbageCollectionKeepsSuitesAndRowsUntilTheyAreDeleted() throws IOException {
        try (RegistryHarness registry = new RegistryHarness(scratch)) {
            EvaluationFixture fixture = new EvaluationFixture(registry).withSuite();
            Evaluation evaluation = fixture.scored(1, 0);
            SuiteFile unused = fixture.file("unused.jsonl", "{}");
            age(registry);
            // An uploaded file is protected by the grace period until a revision has it.
            SuiteFile uploaded = fixture.file("uploaded.jsonl", "{\"a\": 1}");
            prune(registry);
            Digest rows = Digest.parse(evaluation.getRows().getDigest());
            assertThat(registry.store().contains(rows)).isTrue();
            assertThat(registry.store().contains(Digest.parse(uploaded.getDigest())))
                    .isTrue();
            assertThat(registry.store().contains(Digest.parse(unused.getDigest())))
                    .isFalse();
            List<Digest> files = fixture.suite(FILES).getFilesList().stream()
                    .map(file -> Digest.parse(file.getDigest()))
                    .toList();
            assertThat(files).hasSize(5).allMatch(registry.store()::contains);

            fixture.delete(evaluation.getName());
            var _ = fixture.suites.deleteSuite(
                    DeleteSuiteRequest.newBuilder().setName("suites/tiny").build());
            age(registry);
            prune(registry);
            assertThat(registry.store().contains(rows)).isFalse();
            assertThat(files).noneMatch(registry.store()::contains);
        }
    }

    @Test
    void aVersionIsKeptWhileItIsEvaluatedAndDeletedWithItsEndedEvaluations() {
        try (RegistryHarness registry = new RegistryHarness(scratch)) {
            EvaluationFixture fixture = new EvaluationFixture(registry).withSuite();
            Evaluation ended = fixture.scored(1, 0);
            Evaluation queued = fixture.create(spec());
            String id = queued.getName().substring("evaluations/".length());
            DeleteVersionRequest version = DeleteVersionRequest.newBuilder()
                    .setName("models/base/versions/1")
                    .build();
            DeleteModelRequest model = DeleteModelRequest.newBuilder()
                    .setName("models/base")
                    .setForce(true)
                    .build();
            String reason = "jobs/" + id + " evaluates it and is QUEUED (rootstock jobs cancel " + id
                    + ", then rootstock jobs delete " + id + ")";
            assertThat(refusal(
                            Status.Code.FAILED_PRECONDITION,
                            () -> registry.models().deleteVersion(version)))
                    .contains(reason);
            assertThat(refusal(
                            Status.Code.FAILED_PRECONDITION,
                            () -> registry.models().deleteModel(model)))
                    .contains(reason);
            var _ = fixture.cancel(queued.getName());
            var _ = registry.models().deleteVersion(version);
            for (Evaluation each : List.of(ended, queued)) {
                assertThat(refusal(Status.Code.NOT_FOUND, () -> fixture.get(each.getName())))
                        .contains(each.getName());
            }
            fixture.register("base");
            Evaluation next = fixture.scored(1, 0);
            var _ = registry.models().deleteModel(model);
            assertThat(refusal(Status.Code.NOT_FOUND, () -> fixture.get(next.getName())))
                    .contains(next.getName());
        }
    }

    @Test
    void anEvaluationIsVisibleToThoseWhoMaySeeItsModel() throws IOException {
        Path token = Files.writeString(scratch.resolve("token"), INSTALLATION_TOKEN);
        try (RegistryHarness registry = RegistryHarness.withToken(scratch, token)) {
            EvaluationFixture fixture = EvaluationFixture.withToken(registry, INSTALLATION_TOKEN);
            fixture.withSuite();
            fixture.register("secret");
            Evaluation open = fixture.scored(1, 0);
            Evaluation secret = fixture.create(spec().setVersion("secret"));
            String reader = token(registry, "ann", Role.ROLE_TRAINER, "models/base");
            EvaluationServiceGrpc.EvaluationServiceBlockingStub ann =
                    with(EvaluationServiceGrpc.newBlockingStub(registry.channel()), reader);
            assertThat(ann.listEvaluations(ListEvaluationsRequest.getDefaultInstance())
                            .getEvaluationsList())
                    .extracting(Evaluation::getName)
                    .containsExactly(open.getName());
            assertThat(ann.getEvaluation(GetEvaluationRequest.newBuilder()
                                    .setName(open.getName())
                                    .build())
                            .getEvaluation())
                    .isEqualTo(open);
            for (String name : List.of(secret.getName(), "evaluations/absent")) {
                assertThat(refusal(
                                Status.Code.PERMISSION_DENIED,
                                () -> ann.getEvaluation(GetEvaluationRequest.newBuilder()
                                        .setName(name)
                                        .build())))
                        .contains("lacks the role viewer for " + name);
                assertThat(refusal(
                                Status.Code.PERMISSION_DENIED,
                                () -> ann.compareEvaluations(CompareEvaluationsRequest.newBuilder()
                                        .setFirst(open.getName())
                                        .setSecond(name)
                                        .build())))
                        .contains(name);
                assertThat(refusal(
                                Status.Code.PERMISSION_DENIED,
                                () -> ann.readEvaluationRows(ReadEvaluationRowsRequest.newBuilder()
                                                .setName(open.getName())
                                                .setFlippedAgainst(name)
                                                .build())
                                        .next()))
                        .contains(name);
            }
            assertThat(refusal(
                            Status.Code.PERMISSION_DENIED,
                            () -> ann.createEvaluation(CreateEvaluationRequest.newBuilder()
                                    .setSpec(spec().setVersion("secret"))
                                    .build())))
                    .contains("lacks the role trainer for secret");
            assertThat(refusal(
                            Status.Code.PERMISSION_DENIED,
                            () -> with(EvaluatorServiceGrpc.newBlockingStub(registry.channel()), reader)
                                    .reportEvaluation(ReportEvaluationRequest.newBuilder()
                                            .setName(open.getName())
                                            .build())))
                    .contains("lacks the role admin");
        }
    }

    private static String token(RegistryHarness registry, String user, Role role, String prefix) {
        var identity = with(registry.identity(), INSTALLATION_TOKEN);
        var _ = identity.createPrincipal(CreatePrincipalRequest.newBuilder()
                .setPrincipal(Principal.newBuilder()
                        .setName("users/" + user)
                        .addGrants(Grant.newBuilder().setRole(role).setPrefix(prefix)))
                .build());
        return identity.createAccessToken(CreateAccessTokenRequest.newBuilder()
                        .setPrincipal("users/" + user)
                        .build())
                .getSecret();
    }

    private static <S extends AbstractStub<S>> S with(S stub, String token) {
        Metadata headers = new Metadata();
        headers.put(TokenCredentials.AUTHORIZATION, "Bearer " + token);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static void prune(RegistryHarness registry) {
        var _ = registry.storage()
                .prune(PruneRequest.newBuilder()
                        .setApply(true)
                        .setGrace(Duration.newBuilder().setSeconds(3600))
                        .build());
    }

    /** Sets the times of all artifacts to five hours ago. */
    private void age(RegistryHarness registry) throws IOException {
        List<StoredArtifact> all = new ArrayList<>();
        registry.store().list(all::add);
        for (StoredArtifact artifact : all) {
            String hex = artifact.digest().hex();
            Files.setLastModifiedTime(
                    scratch.resolve("artifacts/sha256")
                            .resolve(hex.substring(0, 2))
                            .resolve(hex.substring(2)),
                    FileTime.from(Instant.now().minusSeconds(5 * 3600)));
        }
    }
}
