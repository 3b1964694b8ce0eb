package io.rootstock.registry.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.rootstock.access.v1.Role;
import io.rootstock.client.TokenCredentials;
import io.rootstock.database.TestDatabase;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.RegistryProcess;
import io.rootstock.registry.v1.CreateAccessTokenRequest;
import io.rootstock.registry.v1.CreatePrincipalRequest;
import io.rootstock.registry.v1.GetCallerRequest;
import io.rootstock.registry.v1.GetCallerResponse;
import io.rootstock.registry.v1.Grant;
import io.rootstock.registry.v1.IdentityServiceGrpc;
import io.rootstock.registry.v1.ListPrincipalsRequest;
import io.rootstock.registry.v1.Principal;
import io.rootstock.registry.v1.UpdateGrantsRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwk.RsaJsonWebKey;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged registry with the tokens of a certified OpenID provider. */
class OpenIdIT {
    private static final String AUDIENCE = "https://registry.example";
    private static final String INSTALLATION = "0123456789abcdef0123456789abcdef";
    private static final RsaJsonWebKey KEY = TestProvider.key("first");

    @TempDir
    private Path home;

    @BeforeAll
    static void install() throws Exception {
        TestProvider.install();
    }

    @BeforeEach
    void writeToken() throws IOException {
        Path token = Files.writeString(home.resolve("token"), INSTALLATION + "\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void usersHaveTheirGrantsAndThoseOfTheirGroups() throws Exception {
        try (TestProvider provider = TestProvider.start(home, 0, KEY);
                RegistryProcess registry = start(provider.issuer())) {
            ManagedChannel channel = registry.channel();
            try {
                Grant trainer = grant(Role.ROLE_TRAINER, "models/support-");
                Grant viewer = grant(Role.ROLE_VIEWER, "datasets/");
                create(channel, "groups/research", trainer);
                create(channel, "groups/others", grant(Role.ROLE_ADMIN, ""));
                create(channel, "users/alice", viewer);
                String token =
                        provider.userToken("alice", AUDIENCE, "{\"groups\": [\"research\", \"/others\", \"new\"]}");
                GetCallerResponse alice = caller(channel, token);
                assertThat(alice.getName()).isEqualTo("users/alice");
                assertThat(alice.getGrantsList()).containsExactlyInAnyOrder(trainer, viewer);
                assertThat(alice.getExpireTime().getSeconds()).isEqualTo(Jwts.expiry(token));
                assertThat(catchThrowableOfType(
                                StatusRuntimeException.class,
                                () -> as(channel, token).listPrincipals(ListPrincipalsRequest.getDefaultInstance())))
                        .hasMessageContaining("PERMISSION_DENIED: users/alice lacks the role admin");
                assertThat(as(channel, provider.userToken("carol", AUDIENCE, "{\"groups\": [\"others\"]}"))
                                .listPrincipals(ListPrincipalsRequest.getDefaultInstance())
                                .getPrincipalsList())
                        .extracting(Principal::getName)
                        .containsExactly("groups/others", "groups/research", "users/alice");
                assertThat(caller(channel, provider.userToken("bob", AUDIENCE, "{}")))
                        .returns("users/bob", GetCallerResponse::getName)
                        .returns(0, GetCallerResponse::getGrantsCount);
                assertThat(caller(channel, provider.clientToken(AUDIENCE)).getName())
                        .isEqualTo("users/pipeline");
                as(channel, INSTALLATION)
                        .updateGrants(UpdateGrantsRequest.newBuilder()
                                .setName("groups/research")
                                .addRemoved(trainer)
                                .build());
                RegistryHarness.eventually(
                        () -> caller(channel, token).getGrantsList().equals(List.of(viewer)));
                assertThat(status(registry.http(), "/artifacts/sha256/00/" + "0".repeat(62), token))
                        .isEqualTo(401);
                assertThat(status(registry.http(), "/q/health/ready", "a.b.c")).isEqualTo(200);
            } finally {
                close(channel);
            }
        }
    }

    @Test
    void invalidTokensAreRefused() throws Exception {
        try (TestProvider provider = TestProvider.start(home, 0, KEY);
                TestProvider other = TestProvider.start(home, 0, TestProvider.key("first"));
                RegistryProcess registry = start(provider.issuer())) {
            ManagedChannel channel = registry.channel();
            try {
                Map<String, Object> valid = Jwts.claims(provider.issuer(), AUDIENCE);
                String token = Jwts.signed(KEY, valid);
                assertThat(caller(channel, token).getName()).isEqualTo("users/alice");
                Map<String, String> tokens = new LinkedHashMap<>();
                tokens.put("expired", signed(valid, "exp", Jwts.expiry(token) - 700));
                tokens.put("without expiry", signed(valid, "exp", null));
                tokens.put("not valid yet", signed(valid, "nbf", Jwts.expiry(token)));
                tokens.put("other audience", provider.userToken("alice", "https://other.example", "{}"));
                tokens.put("without audience", signed(valid, "aud", null));
                tokens.put("other issuer", signed(valid, "iss", other.issuer()));
                tokens.put("other provider", other.userToken("alice", AUDIENCE, "{}"));
                tokens.put("other key", Jwts.signed(TestProvider.key("first"), valid));
                tokens.put("unknown key", Jwts.signed(TestProvider.key("unknown"), valid));
                tokens.put("unsigned", Jwts.unsigned(KEY, valid));
                byte[] key = KEY.getPublicKey().getEncoded();
                tokens.put("HMAC with the public key", Jwts.hmac(KEY, key, valid));
                tokens.put("HMAC with the public key as text", Jwts.hmac(KEY, Jwts.pem(key), valid));
                tokens.put("tampered", Jwts.tampered(token, Jwts.changed(valid, "sub", "admin")));
                tokens.put("opaque", provider.userToken("alice", "", "{}"));
                tokens.put("no JWT", "a.b.c");
                tokens.put("without user", signed(valid, "sub", null));
                for (String user : List.of("", "a b", "a/b", "../admin", "a\nb", "x".repeat(129), "local")) {
                    tokens.put("user '" + user + "'", signed(valid, "sub", user));
                }
                tokens.forEach((name, invalid) -> assertThat(refusal(channel, invalid))
                        .as(name)
                        .returns(Status.Code.UNAUTHENTICATED, Status::getCode)
                        .returns(
                                true,
                                status -> status.getDescription()
                                        .startsWith("the access token is unknown, expired or revoked")));
                assertThat(caller(channel, token).getName()).isEqualTo("users/alice");
                assertThat(registry.output()).doesNotContain(token.substring(token.lastIndexOf('.')), " ERROR ");
            } finally {
                close(channel);
            }
        }
    }

    @Test
    @Tag("fault")
    void theRegistryStartsWithoutTheProviderAndFollowsItsKeys() throws Exception {
        int port;
        String issuer;
        try (TestProvider provider = TestProvider.start(home, 0, KEY)) {
            port = provider.port();
            issuer = provider.issuer();
        }
        try (RegistryProcess registry = start(
                issuer,
                "-Drootstock.registry.openid.name-claim=email",
                "-Drootstock.registry.openid.groups-claim=teams")) {
            ManagedChannel channel = registry.channel();
            try {
                Grant trainer = grant(Role.ROLE_TRAINER, "");
                create(channel, "groups/research", trainer);
                create(channel, "users/bob");
                String secret = as(channel, INSTALLATION)
                        .createAccessToken(CreateAccessTokenRequest.newBuilder()
                                .setPrincipal("users/bob")
                                .build())
                        .getSecret();
                Map<String, Object> alice = Jwts.changed(Jwts.claims(issuer, AUDIENCE), "email", "alice@example.com");
                String first = Jwts.signed(KEY, Jwts.changed(alice, "teams", List.of("research")));
                assertThat(refusal(channel, first))
                        .returns(Status.Code.UNAVAILABLE, Status::getCode)
                        .returns("the OpenID provider cannot be reached; try again", Status::getDescription);
                assertThat(caller(channel, secret).getName()).isEqualTo("users/bob");
                try (TestProvider _ = TestProvider.start(home, port, KEY)) {
                    RegistryHarness.eventually(() -> works(channel, first));
                    assertThat(caller(channel, first))
                            .returns("users/alice@example.com", GetCallerResponse::getName)
                            .returns(List.of(trainer), GetCallerResponse::getGrantsList);
                    assertThat(caller(channel, Jwts.signed(KEY, Jwts.changed(alice, "email_verified", true)))
                                    .getName())
                            .isEqualTo("users/alice@example.com");
                    for (Object unverified : List.of(false, "false", 0)) {
                        assertThat(refusal(channel, Jwts.signed(KEY, Jwts.changed(alice, "email_verified", unverified)))
                                        .getCode())
                                .isEqualTo(Status.Code.UNAUTHENTICATED);
                    }
                    assertThat(refusal(channel, Jwts.signed(KEY, Jwts.changed(alice, "email", null)))
                                    .getCode())
                            .isEqualTo(Status.Code.UNAUTHENTICATED);
                }
                // Known keys need no provider.
                assertThat(caller(channel, Jwts.signed(KEY, Jwts.changed(alice, "jti", "1")))
                                .getName())
                        .isEqualTo("users/alice@example.com");
                RsaJsonWebKey second = TestProvider.key("second");
                assertThat(refusal(channel, Jwts.signed(second, alice)).getCode())
                        .isEqualTo(Status.Code.UNAVAILABLE);
                try (TestProvider _ = TestProvider.start(home, port, second)) {
                    // The keys are read again after an interval.
                    String early = Jwts.signed(second, Jwts.changed(alice, "jti", "early"));
                    RegistryHarness.eventually(() -> works(channel, early));
                    assertThat(codes(channel, second, alice, 16)).containsOnly(Status.Code.OK);
                    assertThat(refusal(channel, Jwts.signed(KEY, Jwts.changed(alice, "jti", "2")))
                                    .getCode())
                            .isEqualTo(Status.Code.UNAUTHENTICATED);
                }
                assertThat(caller(channel, Jwts.signed(second, Jwts.changed(alice, "jti", "3")))
                                .getName())
                        .isEqualTo("users/alice@example.com");
            } finally {
                close(channel);
            }
        }
    }

    @Test
    @Tag("fault")
    void aProviderThatHangsDoesNotHoldUpOtherTokens() throws Exception {
        try (TestProvider provider = TestProvider.start(home, 0, KEY)) {
            provider.freeze();
            try (RegistryProcess registry = start(provider.issuer());
                    ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
                ManagedChannel channel = registry.channel();
                try {
                    create(channel, "users/bob");
                    assertThat(callerWithNewToken(channel)).isEqualTo("users/bob");
                    Map<String, Object> claims = Jwts.claims(provider.issuer(), AUDIENCE);
                    // About 17 tokens wait 4 s for the provider, the others are refused at once. The registry looks up
                    // 32 at a time.
                    Future<List<Status.Code>> hanging = pool.submit(() -> codes(channel, KEY, claims, 24));
                    int found = 0;
                    while (found < 90 && !hanging.isDone()) {
                        assertThat(callerWithNewToken(channel)).isEqualTo("users/bob");
                        found++;
                    }
                    assertThat(found).isGreaterThan(1);
                    assertThat(hanging.get(60, TimeUnit.SECONDS)).containsOnly(Status.Code.UNAVAILABLE);
                    provider.thaw();
                    String token = Jwts.signed(KEY, claims);
                    RegistryHarness.eventually(() -> works(channel, token));
                } finally {
                    close(channel);
                }
            }
        }
    }

    @Test
    void aProviderWithoutAudienceStopsTheStart() throws Exception {
        try (RegistryProcess registry =
                RegistryProcess.launch(home, settings("-Drootstock.registry.openid.url=https://login.example.com"))) {
            assertThat(registry.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(registry.process().exitValue()).isNotZero();
            assertThat(registry.output()).contains("rootstock.registry.openid.audience must be set");
        }
    }

    @Test
    void withoutAProviderItsTokensAreUnknown() throws Exception {
        try (RegistryProcess registry = RegistryProcess.start(home, settings())) {
            ManagedChannel channel = registry.channel();
            try {
                String token = Jwts.signed(KEY, Jwts.claims("https://login.example.com", AUDIENCE));
                assertThat(refusal(channel, token).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
                assertThat(caller(channel, INSTALLATION).getName()).isEqualTo("serviceAccounts/rootstock");
                assertThat(status(registry.http(), "/q/health", token)).isEqualTo(200);
                assertThat(registry.output().lines())
                        .as("Quarkus warns of the separate gRPC server")
                        .noneMatch(line -> (line.contains(" WARN ") || line.contains(" ERROR "))
                                && !line.contains("GrpcServerRecorder"));
            } finally {
                close(channel);
            }
        }
    }

    private RegistryProcess start(String issuer, String... more) throws IOException {
        List<String> settings = new ArrayList<>(settings(more));
        settings.add("-Drootstock.registry.openid.url=" + issuer);
        settings.add("-Drootstock.registry.openid.audience=https://unused.example," + AUDIENCE);
        return RegistryProcess.start(home, settings);
    }

    private List<String> settings(String... more) throws IOException {
        List<String> settings = new ArrayList<>(RegistryProcess.database(home, TestDatabase.create()));
        settings.add("-Drootstock.auth.token-file=" + home.resolve("token"));
        settings.addAll(List.of(more));
        return settings;
    }

    private static IdentityServiceGrpc.IdentityServiceBlockingStub as(ManagedChannel channel, String token) {
        Metadata headers = new Metadata();
        headers.put(TokenCredentials.AUTHORIZATION, TokenCredentials.SCHEME + token);
        return IdentityServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static GetCallerResponse caller(ManagedChannel channel, String token) {
        return as(channel, token).getCaller(GetCallerRequest.getDefaultInstance());
    }

    /** The name of the caller that a token has which no lookup has found before; a user has at most 100. */
    private static String callerWithNewToken(ManagedChannel channel) {
        String token = as(channel, INSTALLATION)
                .createAccessToken(CreateAccessTokenRequest.newBuilder()
                        .setPrincipal("users/bob")
                        .build())
                .getSecret();
        return caller(channel, token).getName();
    }

    private static Status refusal(ManagedChannel channel, String token) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> caller(channel, token))
                .getStatus();
    }

    private static boolean works(ManagedChannel channel, String token) {
        return code(channel, token) == Status.Code.OK;
    }

    private static Status.Code code(ManagedChannel channel, String token) {
        try {
            caller(channel, token);
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    /** Sends different tokens of a user at once; returns the statuses. */
    private static List<Status.Code> codes(
            ManagedChannel channel, RsaJsonWebKey key, Map<String, Object> claims, int count) throws Exception {
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Status.Code>> calls = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String token = Jwts.signed(key, Jwts.changed(claims, "jti", "at once " + i));
                calls.add(() -> code(channel, token));
            }
            List<Status.Code> codes = new ArrayList<>();
            for (Future<Status.Code> call : pool.invokeAll(calls)) {
                codes.add(call.get());
            }
            return codes;
        }
    }

    private static void create(ManagedChannel channel, String name, Grant... grants) {
        as(channel, INSTALLATION)
                .createPrincipal(CreatePrincipalRequest.newBuilder()
                        .setPrincipal(Principal.newBuilder().setName(name).addAllGrants(List.of(grants)))
                        .build());
    }

    private static Grant grant(Role role, String prefix) {
        return Grant.newBuilder().setRole(role).setPrefix(prefix).build();
    }

    private static String signed(Map<String, Object> claims, String claim, Object value) {
        return Jwts.signed(KEY, Jwts.changed(claims, claim, value));
    }

    private static int status(URI address, String path, String token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .header("Authorization", "Bearer " + token)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        }
    }

    private static void close(ManagedChannel channel) throws InterruptedException {
        channel.shutdownNow();
        assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
}
