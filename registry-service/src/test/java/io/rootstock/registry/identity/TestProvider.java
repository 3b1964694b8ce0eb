package io.rootstock.registry.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.registry.RegistryHarness;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;

/** The certified OpenID provider {@code oidc-provider} of npm as a process: {@code src/test/node/provider.mjs}. */
final class TestProvider implements AutoCloseable {
    private static final Path SOURCES = Path.of("src/test/node");
    private static final Path INSTALLED = Path.of("target/openid-provider");
    private static final String ISSUER = "issuer ";

    private final Process process;
    private final String issuer;

    private TestProvider(Process process, String issuer) {
        this.process = process;
        this.issuer = issuer;
    }

    /** Installs the provider if it is not; skips the test without npm. */
    static void install() throws IOException, InterruptedException {
        assumeTrue(succeeds("npm", "--version"), "needs npm");
        Files.createDirectories(INSTALLED);
        Path lock = SOURCES.resolve("package-lock.json");
        Path complete = INSTALLED.resolve("complete");
        for (String file : new String[] {"package.json", "package-lock.json", "provider.mjs"}) {
            Files.copy(SOURCES.resolve(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (Files.exists(complete) && Files.mismatch(lock, complete) == -1) {
            return;
        }
        assertThat(succeeds("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"))
                .as("npm ci in %s", INSTALLED)
                .isTrue();
        Files.copy(lock, complete, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .directory(Files.isDirectory(INSTALLED) ? INSTALLED.toFile() : null)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Generates a key of the provider. */
    static RsaJsonWebKey key(String id) {
        try {
            RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId(id);
            key.setAlgorithm("RS256");
            key.setUse("sig");
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts the provider with keys, of which it signs with the first one; port 0: a free port. */
    static TestProvider start(Path scratch, int port, RsaJsonWebKey... keys) throws IOException {
        Path set = Files.writeString(
                Files.createTempFile(scratch, "keys", ".json"),
                new JsonWebKeySet(keys).toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE));
        Path log = Files.createTempFile(scratch, "provider", ".log");
        Process process = new ProcessBuilder(
                        "node",
                        "provider.mjs",
                        Integer.toString(port),
                        set.toAbsolutePath().toString())
                .directory(INSTALLED.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        RegistryHarness.eventually(() -> !issuer(log).isEmpty() || !process.isAlive());
        assertThat(issuer(log)).as("the provider's issuer; its log is %s", log).isNotEmpty();
        return new TestProvider(process, issuer(log));
    }

    private static String issuer(Path log) {
        try {
            return Files.readString(log)
                    .lines()
                    .filter(line -> line.startsWith(ISSUER))
                    .findFirst()
                    .map(line -> line.substring(ISSUER.length()))
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    String issuer() {
        return issuer;
    }

    int port() {
        return URI.create(issuer).getPort();
    }

    /** Issues a token for a user; an empty audience: an opaque one. */
    String userToken(String user, String audience, String claims) throws IOException, InterruptedException {
        return token(Map.of("grant_type", "urn:test:user", "sub", user, "audience", audience, "claims", claims));
    }

    /** Issues a token for the client {@code pipeline}. */
    String clientToken(String audience) throws IOException, InterruptedException {
        return token(Map.of("grant_type", "client_credentials", "resource", audience));
    }

    private String token(Map<String, String> form) throws IOException, InterruptedException {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(URI.create(issuer + "/token"))
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString("pipeline:secret".getBytes(StandardCharsets.US_ASCII)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode json = new ObjectMapper().readTree(response.body());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return json.get("access_token").textValue();
        }
    }

    /** Stops the process without ending it, so that connections to it hang. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Continues after {@link #freeze}. */
    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
