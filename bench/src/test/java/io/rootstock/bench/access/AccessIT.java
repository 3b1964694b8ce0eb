package io.rootstock.bench.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.cli.Rootstock;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import io.rootstock.client.TokenCredentials;
import io.rootstock.client.TokenFile;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The services with a token file, used by an administrator, a trainer and a viewer through the command line. */
@Timeout(300)
@Tag("matrix")
class AccessIT {
    private static final Duration REVOCATION = Duration.ofSeconds(45);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static Installation installation;
    private static Path admin;

    @BeforeAll
    static void start() throws IOException {
        for (Service service : Service.values()) {
            assumeThat(service.jar(ProjectRoot.find())).exists();
        }
        admin = Files.writeString(folder.resolve("installation.token"), "token-of-the-installation\n");
        installation = installation(
                folder.resolve("home"),
                Map.of(
                        Installation.TOKEN_FILE,
                        admin.toString(),
                        "rootstock.trainer.nice",
                        "0",
                        "rootstock.catalogue.user-space",
                        "1M"));
        List<Service> _ = installation.start();
    }

    @AfterAll
    static void stop() {
        if (installation != null) {
            installation.close();
        }
    }

    /** What a command printed. */
    private record Result(int code, String out, String err) {
        Result succeeded() {
            assertThat(code).as(out + err).isZero();
            return this;
        }

        void denied(String text) {
            assertThat(code).as(out + err).isEqualTo(3);
            assertThat(err).contains(text);
        }
    }

    @Test
    void allServicesRefuseCallersWithoutAToken() {
        // The first service that prune calls is the trainer.
        for (List<String> command : List.of(
                List.of("models", "list"), List.of("dataset", "list"), List.of("prune"), List.of("serving", "load"))) {
            Result refused = run(null, command.toArray(String[]::new));
            refused.denied("this service wants an access token");
            assertThat(refused.err()).contains("hint: set --token-file FILE, ROOTSTOCK_TOKEN");
        }
        run(tokenFile("wrong", "rst_of-an-unknown-user"), "models", "list")
                .denied("the access token is unknown, expired or revoked");
    }

    @Test
    void rolesDecideAboutPrefixes() throws Exception {
        run(
                        admin,
                        "users",
                        "create",
                        "tina",
                        "--grant",
                        "trainer:models/support-",
                        "--grant",
                        "trainer:datasets/support-",
                        "--grant",
                        "viewer:tokenizers/",
                        "--reason",
                        "für den Kundendienst")
                .succeeded();
        run(admin, "users", "create", "vera", "--grant", "viewer:models/support-")
                .succeeded();
        Path tina = createToken("tina");
        Path vera = createToken("vera");
        Path text = Files.write(
                folder.resolve("text.jsonl"),
                IntStream.range(0, 3000)
                        .mapToObj(i -> "{\"text\": \"The house with the number " + i % 97 + " is red.\"}")
                        .toList());

        run(admin, "tokenizer", "train", "letters", "--file", text.toString(), "--vocabulary", "384")
                .succeeded();
        prepare(tina, "support-x", text).succeeded();
        prepare(tina, "sales-x", text).denied("users/tina lacks the role trainer for datasets/sales-x");
        run(
                        tina,
                        "pretrain",
                        "--model",
                        "support-base",
                        "--dataset",
                        "support-x",
                        "--depth",
                        "1",
                        "--dimension",
                        "64",
                        "--heads",
                        "2",
                        "--context-length",
                        "128",
                        "--tokens",
                        "20k",
                        "--no-quantizations",
                        "--yes")
                .succeeded();
        run(tina, "models", "promote", "support-base:1", "--reason", "try it")
                .denied("users/tina lacks the role promoter for models/support-base");
        run(tina, "users", "grant", "tina", "admin").denied("users/tina lacks the role admin");
        run(tina, "audit", "list").denied("users/tina lacks the role admin");
        run(admin, "users", "grant", "tina", "admin:models/support-").succeeded();
        run(tina, "users", "grant", "tina", "admin").denied("users/tina lacks the role admin");
        run(admin, "users", "revoke", "tina", "admin:models/support-").succeeded();
        copyVersion("support-base", "sales-base");
        run(admin, "models", "promote", "support-base:1", "--wait").succeeded();
        run(admin, "models", "promote", "sales-base:1", "--wait").succeeded();

        assertThat(JSON.readTree(get("/v1/models", vera).body()).findValuesAsText("id"))
                .isNotEmpty()
                .allMatch(id -> id.contains("support-base"));
        assertThat(complete("support-base", vera).statusCode()).isEqualTo(200);
        assertThat(complete("sales-base", vera).statusCode()).isEqualTo(404);
        assertThat(complete("sales-base", admin).statusCode()).isEqualTo(200);
        assertThat(get("/v1/models", null).statusCode()).isEqualTo(401);
        run(vera, "generate", "support-base", "The house", "--max-tokens", "4").succeeded();
        prepare(vera, "support-y", text).denied("users/vera lacks the role trainer");

        List<JsonNode> events = auditEvents();
        assertThat(events)
                .anySatisfy(event -> {
                    assertThat(event.path("principal").asText()).isEqualTo("users/tina");
                    assertThat(event.path("method").asText()).isEqualTo("rootstock.registry.v1.ModelService/SetAlias");
                    assertThat(event.path("status").asText()).isEqualTo("PERMISSION_DENIED");
                    assertThat(event.path("reason").asText()).isEqualTo("try it");
                    assertThat(event.path("peer").asText()).isEqualTo("127.0.0.1");
                })
                .anySatisfy(event -> {
                    assertThat(event.path("principal").asText()).isEqualTo("serviceAccounts/rootstock");
                    assertThat(event.path("method").asText()).endsWith("IdentityService/CreatePrincipal");
                    assertThat(event.path("status").asText()).isEqualTo("OK");
                    assertThat(event.path("reason").asText()).isEqualTo("für den Kundendienst");
                })
                .anySatisfy(event -> {
                    assertThat(event.path("principal").asText()).isEqualTo("users/tina");
                    assertThat(event.path("method").asText()).endsWith("JobService/CreateJob");
                    assertThat(event.path("status").asText()).isEqualTo("OK");
                });
        assertThat(Files.readString(installation.home().resolve("audit/rootstock-tokenizer.jsonl")))
                .contains("users/tina", "DatasetService/PrepareDataset", "datasets/sales-x", "PERMISSION_DENIED");
    }

    @Test
    void eachUserHasALimitedSpace() throws Exception {
        run(admin, "users", "create", "quinn", "--grant", "trainer:tokenizers/").succeeded();
        Path quinn = createToken("quinn");
        Path large = Files.writeString(folder.resolve("large.txt"), "The house is red.\n".repeat(100_000));
        Result refused = run(quinn, "tokenizer", "train", "large", "--file", large.toString(), "--vocabulary", "384");
        assertThat(refused.code()).isNotZero();
        assertThat(refused.err())
                .contains("the uploaded files and datasets of users/quinn would have", "the limit is 1048576");
        run(admin, "tokenizer", "train", "large", "--file", large.toString(), "--vocabulary", "384")
                .succeeded();
    }

    @Test
    void tokensOverlapWhenRotatedAndEndWhenRevoked() throws Exception {
        run(admin, "users", "create", "ci", "--service-account", "--grant", "viewer")
                .succeeded();
        Path old = createToken("serviceAccounts/ci");
        assertThat(get("/v1/models", old).statusCode()).isEqualTo(200);
        String id = run(old, "access-tokens", "list", "--json").succeeded().out();
        String name = JSON.readTree(id).path("name").asText();
        Path rotated = folder.resolve("rotated.token");
        run(old, "access-tokens", "rotate", name, "--overlap", "1h", "--output-file", rotated.toString())
                .succeeded();
        for (Path token : List.of(old, rotated)) {
            assertThat(run(token, "whoami").succeeded().out()).contains("serviceAccounts/ci", "viewer");
            assertThat(get("/v1/models", token).statusCode()).isEqualTo(200);
        }
        assertThat(whoamiWithVariable(rotated)).contains("serviceAccounts/ci");

        run(rotated, "access-tokens", "revoke", name, "--reason", "laptop lost").succeeded();
        long end = System.nanoTime() + REVOCATION.toNanos();
        while (get("/v1/models", old).statusCode() != 401) {
            assertThat(System.nanoTime()).as("still valid").isLessThan(end);
            Thread.sleep(500);
        }
        run(old, "whoami").denied("the access token is unknown, expired or revoked");
        run(rotated, "whoami").succeeded();
        assertThat(get("/v1/models", rotated).statusCode()).isEqualTo(200);
    }

    @Test
    void aServiceOnAllAddressesNeedsATokenFile() {
        Path home = folder.resolve("open");
        try (Installation open = installation(home, Map.of("quarkus.grpc.server.host", "0.0.0.0"))) {
            assertThatThrownBy(() -> open.start(List.of(Service.TOKENIZER)))
                    .isInstanceOf(CliException.class)
                    .hasMessageContaining("the tokenizer service exited during startup")
                    .hasMessageContaining("the service would listen on 0.0.0.0 without authentication; set"
                            + " rootstock.auth.token-file");
        }
    }

    @Test
    void aRunningServiceIsRestartedForAnotherTokenOnly() {
        Path copy = tokenFile("copy", "token-of-the-installation");
        List<Service> tokenizer = List.of(Service.TOKENIZER);
        assertThat(installation.start()).isEmpty();
        assertThat(installation(installation.home(), Map.of()).start())
                .as("keeps its token")
                .isEmpty();
        Installation other = installation(installation.home(), Map.of(Installation.TOKEN_FILE, copy.toString()));
        assertThat(other.start(tokenizer)).isEqualTo(tokenizer);
        assertThat(other.start(tokenizer)).isEmpty();
        assertThat(installation.start()).isEqualTo(tokenizer);
    }

    private static Installation installation(Path home, Map<String, String> settings) {
        return new Installation(home, ProjectRoot.find(), OptionalInt.of(0), settings);
    }

    private static Path createToken(String principal) {
        Path file = folder.resolve(principal.replace('/', '-') + ".token");
        run(admin, "access-tokens", "create", "--for", principal, "--output-file", file.toString())
                .succeeded();
        return file;
    }

    private static Result prepare(Path token, String dataset, Path text) {
        return run(
                token,
                "dataset",
                "prepare",
                dataset,
                "--kind",
                "pretraining",
                "--tokenizer",
                "letters",
                "--file",
                text.toString());
    }

    private static void copyVersion(String from, String to) {
        Endpoints endpoints = new Endpoints(
                Endpoints.local(installation).addresses(),
                Optional.of(new TokenCredentials(new TokenFile(admin))),
                Optional.empty());
        try (Clients clients = new Clients(endpoints)) {
            Version version = clients.models()
                    .getVersion(GetVersionRequest.newBuilder()
                            .setName("models/" + from + "/versions/1")
                            .build())
                    .getVersion();
            assertThat(clients.models()
                            .createVersion(CreateVersionRequest.newBuilder()
                                    .setModel("models/" + to)
                                    .setVersion(Version.newBuilder()
                                            .setKind(version.getKind())
                                            .setTokenizer(version.getTokenizer())
                                            .setTokenizerDigest(version.getTokenizerDigest())
                                            .addAllArtifacts(version.getArtifactsList()))
                                    .build())
                            .getVersion()
                            .getName())
                    .isEqualTo("models/" + to + "/versions/1");
        }
    }

    private static List<JsonNode> auditEvents() throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String line : run(admin, "audit", "list", "--since", "1h", "--limit", "1000", "--json")
                .succeeded()
                .out()
                .lines()
                .toList()) {
            events.add(JSON.readTree(line));
        }
        return events;
    }

    private static HttpResponse<String> get(String path, Path token) throws Exception {
        return send(request(path, token).GET().build());
    }

    private static HttpResponse<String> complete(String model, Path token) throws Exception {
        String body = "{\"model\": \"" + model + "\", \"prompt\": \"The house\", \"max_tokens\": 4}";
        return send(request("/v1/completions", token)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static HttpRequest.Builder request(String path, Path token) throws IOException {
        int port = installation.running(Service.INFERENCE).orElseThrow().httpPort();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return token == null
                ? request
                : request.header(
                        "authorization", "Bearer " + Files.readString(token).strip());
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    /** The output of {@code whoami} in a process of its own, with the token in ROOTSTOCK_TOKEN. */
    private static String whoamiWithVariable(Path token) throws Exception {
        ProcessBuilder whoami = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Rootstock.class.getName(),
                        "whoami",
                        "--home",
                        installation.home().toString())
                .redirectErrorStream(true);
        whoami.environment().put("ROOTSTOCK_TOKEN", Files.readString(token).strip());
        // The variable with the token itself goes before the one with a file.
        whoami.environment().put("ROOTSTOCK_AUTH_TOKEN_FILE", admin.toString());
        Process process = whoami.start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Path tokenFile(String name, String token) {
        try {
            return Files.writeString(folder.resolve(name + ".token"), token);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command with the token of a file; null: without one. */
    private static Result run(Path token, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--home", installation.home().toString()));
        if (token != null) {
            all.addAll(List.of("--token-file", token.toString()));
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
        return new Result(code, out.toString(), err.toString());
    }
}
