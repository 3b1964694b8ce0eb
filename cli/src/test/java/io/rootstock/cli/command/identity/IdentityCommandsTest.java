package io.rootstock.cli.command.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.access.v1.Role;
import io.rootstock.cli.Rootstock;
import io.rootstock.client.CallReason;
import io.rootstock.client.TokenCredentials;
import io.rootstock.registry.v1.AccessToken;
import io.rootstock.registry.v1.AuditEvent;
import io.rootstock.registry.v1.CreateAccessTokenRequest;
import io.rootstock.registry.v1.CreateAccessTokenResponse;
import io.rootstock.registry.v1.CreatePrincipalRequest;
import io.rootstock.registry.v1.CreatePrincipalResponse;
import io.rootstock.registry.v1.DeletePrincipalRequest;
import io.rootstock.registry.v1.DeletePrincipalResponse;
import io.rootstock.registry.v1.GetCallerRequest;
import io.rootstock.registry.v1.GetCallerResponse;
import io.rootstock.registry.v1.Grant;
import io.rootstock.registry.v1.IdentityServiceGrpc;
import io.rootstock.registry.v1.ListAccessTokensRequest;
import io.rootstock.registry.v1.ListAccessTokensResponse;
import io.rootstock.registry.v1.ListAuditEventsRequest;
import io.rootstock.registry.v1.ListAuditEventsResponse;
import io.rootstock.registry.v1.ListPrincipalsRequest;
import io.rootstock.registry.v1.ListPrincipalsResponse;
import io.rootstock.registry.v1.Principal;
import io.rootstock.registry.v1.RevokeAccessTokenRequest;
import io.rootstock.registry.v1.RevokeAccessTokenResponse;
import io.rootstock.registry.v1.RotateAccessTokenRequest;
import io.rootstock.registry.v1.RotateAccessTokenResponse;
import io.rootstock.registry.v1.UpdateGrantsRequest;
import io.rootstock.registry.v1.UpdateGrantsResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs commands against a service that records the requests. */
class IdentityCommandsTest {
    private final List<Object> requests = new ArrayList<>();
    private final List<Metadata> headers = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Server server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Identities())
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, R> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, R> call, Metadata received, ServerCallHandler<Q, R> next) {
                        headers.add(received);
                        return next.startCall(call, received);
                    }
                })
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void whoamiSendsTheTokenOfTheFile() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "rst_0123456789abcdef\n");
        assertThat(run("whoami", "--token-file", file.toString())).isZero();
        assertThat(headers.getFirst().get(TokenCredentials.AUTHORIZATION)).isEqualTo("Bearer rst_0123456789abcdef");
        assertThat(out.toString()).contains("users/alice", "trainer:models/support-\n", "viewer\n", "expires");
        assertThat(run("whoami", "--token-file", folder.resolve("none").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("cannot read the token file", "hint: set --token-file");
    }

    @Test
    void principalsAreCreatedWithGrantsAndAReason() {
        assertThat(run(
                        "users",
                        "create",
                        "alice",
                        "--grant",
                        "trainer:models/support-",
                        "--grant",
                        "Viewer",
                        "--description",
                        "support team",
                        "--reason",
                        "neue Kollegin für Qualität"))
                .isZero();
        assertThat(requests)
                .containsExactly(CreatePrincipalRequest.newBuilder()
                        .setPrincipal(Principal.newBuilder()
                                .setName("users/alice")
                                .setDescription("support team")
                                .addGrants(grant(Role.ROLE_TRAINER, "models/support-"))
                                .addGrants(grant(Role.ROLE_VIEWER, "")))
                        .build());
        assertThat(new String(headers.getFirst().get(CallReason.HEADER), StandardCharsets.UTF_8))
                .isEqualTo("neue Kollegin für Qualität");
        assertThat(err.toString()).contains("hint: rootstock access-tokens create --for users/alice");
        assertThat(run("users", "create", "ci", "--service-account")).isZero();
        assertThat(run("users", "create", "research", "--group")).isZero();
        assertThat(requests)
                .extracting(request ->
                        ((CreatePrincipalRequest) request).getPrincipal().getName())
                .containsExactly("users/alice", "serviceAccounts/ci", "groups/research");
        assertThat(headers.get(1).get(CallReason.HEADER)).isNull();
    }

    @Test
    void invalidGrantsAndNamesAreUsageErrors() {
        assertThat(run("users", "create", "alice", "--grant", "boss:models/")).isEqualTo(2);
        assertThat(err.toString()).contains("--grant", "must be viewer, trainer, promoter or admin", "'boss:models/'");
        assertThat(run("users", "create", "ci", "--group", "--service-account")).isEqualTo(2);
        assertThat(run("users", "grant", "alice")).isEqualTo(2);
        assertThat(err.toString()).contains("GRANT");
        assertThat(requests).isEmpty();
    }

    @Test
    void grantsAreAddedAndRemoved() {
        assertThat(run("users", "grant", "alice", "promoter:models/support/", "viewer"))
                .isZero();
        assertThat(run("users", "revoke", "groups/research", "admin")).isZero();
        assertThat(requests)
                .containsExactly(
                        UpdateGrantsRequest.newBuilder()
                                .setName("users/alice")
                                .addAdded(grant(Role.ROLE_PROMOTER, "models/support/"))
                                .addAdded(grant(Role.ROLE_VIEWER, ""))
                                .build(),
                        UpdateGrantsRequest.newBuilder()
                                .setName("groups/research")
                                .addRemoved(grant(Role.ROLE_ADMIN, ""))
                                .build());
    }

    @Test
    void usersAreListedAndDeleted() {
        assertThat(run("users", "list")).isZero();
        assertThat(out.toString()).contains("users/alice", "trainer:models/support-, viewer");
        assertThat(run("users", "delete", "alice", "--yes")).isZero();
        assertThat(out.toString()).contains("deleted users/alice");
        assertThat(requests.getLast())
                .isEqualTo(DeletePrincipalRequest.newBuilder()
                        .setName("users/alice")
                        .build());
    }

    @Test
    void aTokenIsPrintedOnce() {
        assertThat(run("access-tokens", "create", "--for", "bob", "--lifetime", "30d", "--description", "laptop"))
                .isZero();
        CreateAccessTokenRequest request = (CreateAccessTokenRequest) requests.getFirst();
        assertThat(request.getPrincipal()).isEqualTo("users/bob");
        assertThat(request.getLifetime().getSeconds()).isEqualTo(30 * 86_400);
        assertThat(request.getDescription()).isEqualTo("laptop");
        assertThat(out.toString()).contains("created accessTokens/t1 of users/bob", "token   rst_secret1");
        assertThat(err.toString()).doesNotContain("rst_secret");
        assertThat(run("access-tokens", "create")).isZero();
        assertThat(((CreateAccessTokenRequest) requests.getLast()).getPrincipal())
                .isEqualTo("users/alice");
        assertThat(run("access-tokens", "create", "--lifetime", "soon")).isEqualTo(2);
        assertThat(err.toString()).contains("--lifetime", "'soon'");
    }

    @Test
    void aTokenIsWrittenToAFileOfItsOwner() throws Exception {
        Path file = folder.resolve("alice.token");
        assertThat(run("access-tokens", "create", "--for", "alice", "--output-file", file.toString(), "--json"))
                .isZero();
        assertThat(file).content().isEqualTo("rst_secret1\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(out.toString()).contains("accessTokens/t1").doesNotContain("rst_secret");

        assertThat(run("access-tokens", "create", "--for", "alice", "--output-file", file.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("--output-file: " + file + " already exists");
        assertThat(run("access-tokens", "rotate", "t1", "--overlap", "2h", "--output-file", file.toString()))
                .isZero();
        assertThat(file).content().isEqualTo("rst_secret2\n");
        RotateAccessTokenRequest rotated = (RotateAccessTokenRequest) requests.getLast();
        assertThat(rotated.getName()).isEqualTo("accessTokens/t1");
        assertThat(rotated.getOverlap().getSeconds()).isEqualTo(7200);

        Path notes = Files.writeString(folder.resolve("notes.txt"), "mine");
        assertThat(run("access-tokens", "rotate", "t1", "--output-file", notes.toString()))
                .isEqualTo(1);
        assertThat(run(
                        "access-tokens",
                        "create",
                        "--output-file",
                        folder.resolve("no/file").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("holds no access token", "the directory does not exist");
        assertThat(notes).content().isEqualTo("mine");
        assertThat(requests)
                .filteredOn(CreateAccessTokenRequest.class::isInstance)
                .hasSize(1);
        assertThat(requests)
                .filteredOn(RotateAccessTokenRequest.class::isInstance)
                .hasSize(1);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(file, notes);
        }
    }

    @Test
    void tokensAreListedAndRevoked() {
        assertThat(run("access-tokens", "list")).isZero();
        assertThat(out.toString()).contains("t1", "laptop");
        assertThat(((ListAccessTokensRequest) requests.getLast()).getPrincipal())
                .isEqualTo("users/alice");
        assertThat(run("access-tokens", "revoke", "accessTokens/t1")).isZero();
        assertThat(((RevokeAccessTokenRequest) requests.getLast()).getName()).isEqualTo("accessTokens/t1");
        assertThat(run("access-tokens", "revoke", "t2")).isEqualTo(3);
        assertThat(err.toString())
                .contains("error: users/alice lacks the role admin", "hint: see your roles with: rootstock whoami");
    }

    @Test
    void auditEventsAreFiltered() {
        assertThat(run(
                        "audit",
                        "list",
                        "--principal",
                        "bob",
                        "--resource",
                        "models/support",
                        "--since",
                        "2026-01-31T12:00:00Z",
                        "--limit",
                        "1"))
                .isZero();
        assertThat(requests)
                .containsExactly(ListAuditEventsRequest.newBuilder()
                        .setPrincipal("users/bob")
                        .setResource("models/support")
                        .setSince(Timestamp.newBuilder().setSeconds(1_769_860_800))
                        .setPageSize(1)
                        .build());
        assertThat(out.toString()).contains("users/bob", "SetAlias", "models/support", "PERMISSION_DENIED", "urgent");
        assertThat(err.toString()).contains("hint: more results: --since 2026-01-31T12:00:00Z --page-token next");
        assertThat(run("audit", "list", "--since", "yesterday")).isEqualTo(2);
        assertThat(run("audit", "list", "--limit", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--since", "'yesterday'", "--limit must be 1 to 1000, was 0");
    }

    private static Grant grant(Role role, String prefix) {
        return Grant.newBuilder().setRole(role).setPrefix(prefix).build();
    }

    private int run(String... arguments) {
        String[] all = Stream.concat(
                        Stream.of(arguments), Stream.of("--registry-endpoint", "127.0.0.1:" + server.getPort()))
                .toArray(String[]::new);
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all);
    }

    private final class Identities extends IdentityServiceGrpc.IdentityServiceImplBase {
        private final Principal alice = Principal.newBuilder()
                .setName("users/alice")
                .addGrants(grant(Role.ROLE_TRAINER, "models/support-"))
                .addGrants(grant(Role.ROLE_VIEWER, ""))
                .build();

        private final AccessToken token = AccessToken.newBuilder()
                .setName("accessTokens/t1")
                .setPrincipal("users/alice")
                .setDescription("laptop")
                .build();

        @Override
        public void getCaller(GetCallerRequest request, StreamObserver<GetCallerResponse> observer) {
            observer.onNext(GetCallerResponse.newBuilder()
                    .setName(alice.getName())
                    .addAllGrants(alice.getGrantsList())
                    .setExpireTime(Timestamp.newBuilder().setSeconds(1_769_860_800))
                    .build());
            observer.onCompleted();
        }

        @Override
        public void createPrincipal(CreatePrincipalRequest request, StreamObserver<CreatePrincipalResponse> observer) {
            answer(
                    request,
                    observer,
                    CreatePrincipalResponse.newBuilder()
                            .setPrincipal(request.getPrincipal())
                            .build());
        }

        @Override
        public void listPrincipals(ListPrincipalsRequest request, StreamObserver<ListPrincipalsResponse> observer) {
            answer(
                    request,
                    observer,
                    ListPrincipalsResponse.newBuilder().addPrincipals(alice).build());
        }

        @Override
        public void deletePrincipal(DeletePrincipalRequest request, StreamObserver<DeletePrincipalResponse> observer) {
            answer(request, observer, DeletePrincipalResponse.getDefaultInstance());
        }

        @Override
        public void updateGrants(UpdateGrantsRequest request, StreamObserver<UpdateGrantsResponse> observer) {
            answer(
                    request,
                    observer,
                    UpdateGrantsResponse.newBuilder().setPrincipal(alice).build());
        }

        @Override
        public void createAccessToken(
                CreateAccessTokenRequest request, StreamObserver<CreateAccessTokenResponse> observer) {
            answer(
                    request,
                    observer,
                    CreateAccessTokenResponse.newBuilder()
                            .setAccessToken(token.toBuilder().setPrincipal(request.getPrincipal()))
                            .setSecret("rst_secret1")
                            .build());
        }

        @Override
        public void listAccessTokens(
                ListAccessTokensRequest request, StreamObserver<ListAccessTokensResponse> observer) {
            answer(
                    request,
                    observer,
                    ListAccessTokensResponse.newBuilder().addAccessTokens(token).build());
        }

        @Override
        public void rotateAccessToken(
                RotateAccessTokenRequest request, StreamObserver<RotateAccessTokenResponse> observer) {
            answer(
                    request,
                    observer,
                    RotateAccessTokenResponse.newBuilder()
                            .setAccessToken(token)
                            .setSecret("rst_secret2")
                            .build());
        }

        @Override
        public void revokeAccessToken(
                RevokeAccessTokenRequest request, StreamObserver<RevokeAccessTokenResponse> observer) {
            if (request.getName().endsWith("t2")) {
                observer.onError(Status.PERMISSION_DENIED
                        .withDescription("users/alice lacks the role admin")
                        .asRuntimeException());
                return;
            }
            answer(request, observer, RevokeAccessTokenResponse.getDefaultInstance());
        }

        @Override
        public void listAuditEvents(ListAuditEventsRequest request, StreamObserver<ListAuditEventsResponse> observer) {
            answer(
                    request,
                    observer,
                    ListAuditEventsResponse.newBuilder()
                            .addEvents(AuditEvent.newBuilder()
                                    .setPrincipal("users/bob")
                                    .setMethod("rootstock.registry.v1.ModelService/SetAlias")
                                    .addResources("models/support/aliases/production")
                                    .setReason("urgent")
                                    .setStatus("PERMISSION_DENIED"))
                            .setNextPageToken("next")
                            .build());
        }

        private <Q, T> void answer(Q request, StreamObserver<T> observer, T message) {
            requests.add(request);
            observer.onNext(message);
            observer.onCompleted();
        }
    }
}
