package io.rootstock.registry.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Duration;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.rootstock.access.v1.Role;
import io.rootstock.client.CallReason;
import io.rootstock.client.TokenCredentials;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.AuditEvent;
import io.rootstock.registry.v1.CancelUploadRequest;
import io.rootstock.registry.v1.CancelUploadResponse;
import io.rootstock.registry.v1.CreateAccessTokenRequest;
import io.rootstock.registry.v1.CreateAccessTokenResponse;
import io.rootstock.registry.v1.CreatePrincipalRequest;
import io.rootstock.registry.v1.CreateUploadRequest;
import io.rootstock.registry.v1.CreateUploadResponse;
import io.rootstock.registry.v1.DeletePrincipalRequest;
import io.rootstock.registry.v1.FileHeader;
import io.rootstock.registry.v1.FilePurpose;
import io.rootstock.registry.v1.FileServiceGrpc;
import io.rootstock.registry.v1.GetCallerRequest;
import io.rootstock.registry.v1.GetLineageRequest;
import io.rootstock.registry.v1.GetModelRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Grant;
import io.rootstock.registry.v1.LineageNode;
import io.rootstock.registry.v1.ListAccessTokensRequest;
import io.rootstock.registry.v1.ListAuditEventsRequest;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ListPrincipalsRequest;
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.Principal;
import io.rootstock.registry.v1.RevokeAccessTokenRequest;
import io.rootstock.registry.v1.RotateAccessTokenRequest;
import io.rootstock.registry.v1.RotateAccessTokenResponse;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.UpdateGrantsRequest;
import io.rootstock.registry.v1.UpdateModelRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.WatchAliasesRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityServiceTest {
    private static final String INSTALLATION = "the-token-of-the-installation";

    @TempDir
    Path scratch;

    private RegistryHarness registry;

    @BeforeEach
    void start() throws IOException {
        registry = RegistryHarness.withToken(scratch, Files.writeString(scratch.resolve("token"), INSTALLATION));
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private static <S extends AbstractStub<S>> S as(String token, S stub) {
        Metadata headers = new Metadata();
        headers.put(TokenCredentials.AUTHORIZATION, "Bearer " + token);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private <S extends AbstractStub<S>> S asAdmin(S stub) {
        return as(INSTALLATION, stub);
    }

    private void create(String name, Grant... grants) {
        asAdmin(registry.identity())
                .createPrincipal(CreatePrincipalRequest.newBuilder()
                        .setPrincipal(Principal.newBuilder().setName(name).addAllGrants(List.of(grants)))
                        .build());
    }

    private CreateAccessTokenResponse token(String principal) {
        return asAdmin(registry.identity())
                .createAccessToken(CreateAccessTokenRequest.newBuilder()
                        .setPrincipal(principal)
                        .build());
    }

    private static Grant grant(Role role, String prefix) {
        return Grant.newBuilder().setRole(role).setPrefix(prefix).build();
    }

    private static Status.Code refusal(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run)
                .getStatus()
                .getCode();
    }

    private Version registered(String model) {
        return registered(model, "");
    }

    private Version registered(String model, String parent) {
        return asAdmin(registry.models())
                .createVersion(io.rootstock.registry.v1.CreateVersionRequest.newBuilder()
                        .setModel("models/" + model)
                        .setVersion(Version.newBuilder()
                                .setKind(io.rootstock.registry.v1.VersionKind.VERSION_KIND_BASE)
                                .setParent(parent)
                                .addArtifacts(registry.directory(model))
                                .addArtifacts(registry.file(
                                        io.rootstock.trainer.v1.ArtifactKind.ARTIFACT_KIND_GGUF_F32, "gguf " + model)))
                        .build())
                .getVersion();
    }

    @Test
    void callersWithoutAValidTokenAreRefused() {
        GetCallerRequest request = GetCallerRequest.getDefaultInstance();

        assertThat(refusal(() -> registry.identity().getCaller(request))).isEqualTo(Status.Code.UNAUTHENTICATED);
        for (String token : List.of("x", "rst_", "rst_" + "A".repeat(43), "a.b.c", INSTALLATION + "x")) {
            assertThat(refusal(() -> as(token, registry.identity()).getCaller(request)))
                    .as(token)
                    .isEqualTo(Status.Code.UNAUTHENTICATED);
        }
        assertThat(asAdmin(registry.identity()).getCaller(request).getName()).isEqualTo("serviceAccounts/rootstock");
    }

    @Test
    void aTokenHasTheGrantsOfItsPrincipal() {
        create("users/alice", grant(Role.ROLE_TRAINER, "models/support-"));
        String secret = token("users/alice").getSecret();

        var caller = as(secret, registry.identity()).getCaller(GetCallerRequest.getDefaultInstance());

        assertThat(caller.getName()).isEqualTo("users/alice");
        assertThat(caller.getGrantsList()).containsExactly(grant(Role.ROLE_TRAINER, "models/support-"));
        assertThat(caller.hasExpireTime()).isTrue();
    }

    @Test
    void aTrainerOfAPrefixActsThereOnly() {
        Version support = registered("support-de");
        registered("sales");
        create("users/alice", grant(Role.ROLE_TRAINER, "models/support-"));
        String secret = token("users/alice").getSecret();
        var models = as(secret, registry.models());

        assertThat(models.getVersion(GetVersionRequest.newBuilder()
                                .setName("support-de:1")
                                .build())
                        .getVersion()
                        .getName())
                .isEqualTo(support.getName());
        assertThat(models.updateModel(UpdateModelRequest.newBuilder()
                                .setName("models/support-de")
                                .setDescription("ours")
                                .build())
                        .getModel()
                        .getDescription())
                .isEqualTo("ours");
        for (String name : List.of("models/sales", "models/none")) {
            assertThat(refusal(() -> models.getModel(
                            GetModelRequest.newBuilder().setName(name).build())))
                    .as(name)
                    .isEqualTo(Status.Code.PERMISSION_DENIED);
        }
        assertThat(refusal(() -> models.setAlias(SetAliasRequest.newBuilder()
                        .setName("models/support-de/aliases/production")
                        .setVersion(support.getName())
                        .build())))
                .isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    @Test
    void listsAndWatchesShowWhatTheCallerMaySee() {
        registered("sales");
        Version support = registered("support");
        for (String model : List.of("sales", "support")) {
            asAdmin(registry.models())
                    .setAlias(SetAliasRequest.newBuilder()
                            .setName("models/" + model + "/aliases/production")
                            .setVersion("models/" + model + "/versions/1")
                            .build());
        }
        create("users/alice", grant(Role.ROLE_VIEWER, "models/support/"));
        var models = as(token("users/alice").getSecret(), registry.models());

        assertThat(models.listModels(ListModelsRequest.getDefaultInstance()).getModelsList())
                .extracting(Model::getName)
                .containsExactly("models/support");
        assertThat(asAdmin(registry.models())
                        .listModels(ListModelsRequest.getDefaultInstance())
                        .getModelsCount())
                .isEqualTo(2);
        var watch = models.watchAliases(WatchAliasesRequest.getDefaultInstance());
        assertThat(watch.next().getVersion().getName()).isEqualTo(support.getName());
        assertThat(watch.next().getSynchronized()).isTrue();
    }

    @Test
    void lineageNamesVersionsThatTheCallerMayNotSeeWithoutTheirContents() {
        Version base = registered("base");
        Version support = registered("support", base.getName());
        create("users/alice", grant(Role.ROLE_VIEWER, "models/support/"));

        LineageNode root = as(token("users/alice").getSecret(), registry.models())
                .getLineage(GetLineageRequest.newBuilder()
                        .setName(support.getName())
                        .build())
                .getRoot();

        assertThat(root.getVersion())
                .isEqualTo(Version.newBuilder().setName(base.getName()).build());
        assertThat(root.getChildren(0).getVersion()).isEqualTo(support);
    }

    @Test
    void changedGrantsAndRevokedTokensCountWithinASecond() {
        create("serviceAccounts/ci");
        CreateAccessTokenResponse token = token("serviceAccounts/ci");
        registered("base");
        GetModelRequest request =
                GetModelRequest.newBuilder().setName("models/base").build();
        assertThat(refusal(() -> as(token.getSecret(), registry.models()).getModel(request)))
                .isEqualTo(Status.Code.PERMISSION_DENIED);

        asAdmin(registry.identity())
                .updateGrants(UpdateGrantsRequest.newBuilder()
                        .setName("serviceAccounts/ci")
                        .addAdded(grant(Role.ROLE_VIEWER, ""))
                        .build());
        RegistryHarness.eventually(() -> {
            try {
                return as(token.getSecret(), registry.models())
                        .getModel(request)
                        .hasModel();
            } catch (StatusRuntimeException e) {
                return false;
            }
        });

        asAdmin(registry.identity())
                .revokeAccessToken(RevokeAccessTokenRequest.newBuilder()
                        .setName(token.getAccessToken().getName())
                        .build());
        RegistryHarness.eventually(() -> {
            try {
                return !as(token.getSecret(), registry.models())
                        .getModel(request)
                        .hasModel();
            } catch (StatusRuntimeException e) {
                return e.getStatus().getCode() == Status.Code.UNAUTHENTICATED;
            }
        });
    }

    @Test
    void bothTokensAreValidDuringTheOverlapOfARotation() {
        create("users/alice");
        CreateAccessTokenResponse old = token("users/alice");

        RotateAccessTokenResponse rotated = as(old.getSecret(), registry.identity())
                .rotateAccessToken(RotateAccessTokenRequest.newBuilder()
                        .setName(old.getAccessToken().getName())
                        .setOverlap(Duration.newBuilder().setSeconds(600))
                        .build());

        assertThat(rotated.getSecret()).isNotEqualTo(old.getSecret());
        for (String secret : List.of(old.getSecret(), rotated.getSecret())) {
            assertThat(as(secret, registry.identity())
                            .getCaller(GetCallerRequest.getDefaultInstance())
                            .getName())
                    .isEqualTo("users/alice");
        }
        var tokens = as(rotated.getSecret(), registry.identity())
                .listAccessTokens(ListAccessTokensRequest.newBuilder()
                        .setPrincipal("users/alice")
                        .build())
                .getAccessTokensList();
        assertThat(tokens).hasSize(2);
        long left = tokens.get(1).getExpireTime().getSeconds() - System.currentTimeMillis() / 1000;
        assertThat(left).isBetween(500L, 600L);
    }

    @Test
    void usersManageTheirOwnTokensOnly() {
        create("users/alice");
        create("users/bob");
        CreateAccessTokenResponse alice = token("users/alice");
        CreateAccessTokenResponse bob = token("users/bob");
        var identity = as(alice.getSecret(), registry.identity());

        assertThat(identity.createAccessToken(CreateAccessTokenRequest.newBuilder()
                                .setPrincipal("users/alice")
                                .build())
                        .getSecret())
                .startsWith("rst_");
        assertThat(refusal(() -> identity.createAccessToken(CreateAccessTokenRequest.newBuilder()
                        .setPrincipal("users/bob")
                        .build())))
                .isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(refusal(() -> identity.revokeAccessToken(RevokeAccessTokenRequest.newBuilder()
                        .setName(bob.getAccessToken().getName())
                        .build())))
                .isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(refusal(() -> identity.updateGrants(UpdateGrantsRequest.newBuilder()
                        .setName("users/alice")
                        .addAdded(grant(Role.ROLE_ADMIN, ""))
                        .build())))
                .isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(refusal(() -> identity.listPrincipals(ListPrincipalsRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    @Test
    void deletingAPrincipalEndsItsTokens() {
        create("users/alice", grant(Role.ROLE_VIEWER, ""));
        String secret = token("users/alice").getSecret();

        asAdmin(registry.identity())
                .deletePrincipal(DeletePrincipalRequest.newBuilder()
                        .setName("users/alice")
                        .build());

        assertThat(refusal(() -> as(secret, registry.identity()).getCaller(GetCallerRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void invalidPrincipalsAndGrantsAreRefused() {
        for (String name : List.of("alice", "users/", "users/a b", "users/../x", "robots/x", "users/local")) {
            assertThat(refusal(() -> create(name))).as(name).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
        for (String prefix : List.of("support-", "jobs/", "models", "models/a/b")) {
            assertThat(refusal(() -> create("users/alice", grant(Role.ROLE_VIEWER, prefix))))
                    .as(prefix)
                    .isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
        assertThat(refusal(() -> create("users/alice", Grant.getDefaultInstance())))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        create("users/alice");
        assertThat(refusal(() -> create("users/alice"))).isEqualTo(Status.Code.ALREADY_EXISTS);
        create("groups/research");
        assertThat(refusal(() -> token("groups/research"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal(() -> token("users/nobody"))).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(refusal(() -> asAdmin(registry.identity())
                        .createAccessToken(CreateAccessTokenRequest.newBuilder()
                                .setPrincipal("users/alice")
                                .setLifetime(Duration.newBuilder().setSeconds(366L * 86400))
                                .build())))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void filesBelongToTheirCreatorsAndHaveALimitForEach() {
        create("users/alice", grant(Role.ROLE_TRAINER, "models/"));
        create("users/bob", grant(Role.ROLE_TRAINER, "models/"));
        String alice = token("users/alice").getSecret();
        String bob = token("users/bob").getSecret();
        String file = upload(alice, 600).getUpload().getName();

        assertThat(refusal(() -> upload(alice, 600))).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(upload(bob, 600).hasUpload()).isTrue();
        assertThat(refusal(() -> cancel(bob, file))).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(cancel(alice, file).hasUpload()).isTrue();
        assertThat(upload(alice, 600).hasUpload()).isTrue();
    }

    private CreateUploadResponse upload(String token, long bytes) {
        return as(token, FileServiceGrpc.newBlockingStub(registry.channel()))
                .createUpload(CreateUploadRequest.newBuilder()
                        .setHeader(FileHeader.newBuilder()
                                .setFileName("rows.jsonl")
                                .setPurpose(FilePurpose.FILE_PURPOSE_FINE_TUNE)
                                .setBytes(bytes))
                        .build());
    }

    private CancelUploadResponse cancel(String token, String name) {
        return as(token, FileServiceGrpc.newBlockingStub(registry.channel()))
                .cancelUpload(CancelUploadRequest.newBuilder().setName(name).build());
    }

    @Test
    void theDatabaseHoldsNoSecrets() throws SQLException {
        create("users/alice");
        String secret = token("users/alice").getSecret();

        try (Connection connection = registry.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select a::text from registry.access_token a union all"
                        + " select e::text from registry.audit_event e union all"
                        + " select encode(r::text::bytea, 'escape') from registry.request r")) {
            while (rows.next()) {
                assertThat(rows.getString(1)).doesNotContain(secret.substring(4));
            }
        }
    }

    @Test
    void writesAreAuditedWithWhatWasBefore() {
        registered("base");
        create("users/alice", grant(Role.ROLE_TRAINER, "models/base/"));
        String secret = token("users/alice").getSecret();
        Metadata reason = new Metadata();
        reason.put(CallReason.HEADER, "ticket 7".getBytes(StandardCharsets.UTF_8));

        as(secret, registry.models())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(reason))
                .updateModel(UpdateModelRequest.newBuilder()
                        .setName("models/base")
                        .setDescription("new")
                        .build());
        assertThat(refusal(() -> as(secret, registry.models())
                        .updateModel(UpdateModelRequest.newBuilder()
                                .setName("models/other")
                                .build())))
                .isEqualTo(Status.Code.PERMISSION_DENIED);

        List<AuditEvent> events = asAdmin(registry.identity())
                .listAuditEvents(ListAuditEventsRequest.newBuilder()
                        .setPrincipal("users/alice")
                        .build())
                .getEventsList();
        assertThat(events).hasSize(2);
        assertThat(events.get(0).getStatus()).isEqualTo("PERMISSION_DENIED");
        assertThat(events.get(0).getResourcesList()).containsExactly("models/other");
        AuditEvent update = events.get(1);
        assertThat(update.getMethod()).isEqualTo("rootstock.registry.v1.ModelService/UpdateModel");
        assertThat(update.getPeer()).isEqualTo("127.0.0.1");
        assertThat(update.getReason()).isEqualTo("ticket 7");
        assertThat(update.getStatus()).isEqualTo("OK");
        assertThat(update.getBefore()).contains("models/base").doesNotContain("\"description\":\"new\"");
        assertThat(update.getAfter()).contains("\"description\":\"new\"");

        assertThat(asAdmin(registry.identity())
                        .listAuditEvents(ListAuditEventsRequest.newBuilder()
                                .setResource("models/base")
                                .build())
                        .getEventsList())
                .extracting(AuditEvent::getMethod)
                .containsExactly(
                        "rootstock.registry.v1.ModelService/UpdateModel",
                        "rootstock.registry.v1.ModelService/CreateVersion");
    }
}
