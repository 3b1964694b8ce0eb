package io.rootstock.registry.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.registry.RegistryProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every page of the console in Chromium against the packaged registry, whose names and texts are attacks on the page. */
@Timeout(300)
@Tag("browser")
class ConsoleBrowserIT {
    private static final Path CONSOLE = Path.of("../console").toAbsolutePath().normalize();
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final String TOKEN = "installation-0123456789";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path home;

    private static RegistryProcess registry;
    private static JsonNode result;

    @BeforeAll
    static void open() throws Exception {
        assumeTrue(Files.isExecutable(CHROMIUM), "needs Chromium (Debian: apt install chromium)");
        assumeTrue(Files.isDirectory(CONSOLE.resolve("node_modules")), "needs the console's packages (npm)");
        Path token = Files.writeString(home.resolve("token"), TOKEN + "\n");
        registry = RegistryProcess.start(
                home,
                List.of(
                        "-Drootstock.auth.token-file=" + token,
                        "-Drootstock.tokenizer.endpoint=127.0.0.1:1",
                        "-Drootstock.trainer.endpoint=127.0.0.1:1",
                        "-Drootstock.inference.endpoint=127.0.0.1:1"));
        fill();
        result = run(admin());
    }

    @AfterAll
    static void stop() {
        if (registry != null) {
            registry.close();
        }
    }

    /** Puts the payloads into descriptions, tags, reasons and the audit log. */
    private static void fill() throws Exception {
        Digest digest = new DirectoryArtifactStore(home.resolve("artifacts"))
                .putFile(Files.write(home.resolve("model.gguf"), new byte[] {1, 2, 3}));
        String version = """
                {"model": "models/attacked", "version": {"kind": "VERSION_KIND_BASE", "artifacts": [
                  {"kind": "ARTIFACT_KIND_GGUF_F32", "digest": "%s", "bytes": "3"}]}}""".formatted(digest.value());
        call("ModelService/CreateVersion", JSON.readTree(version), "");
        for (int i = 0; i < Payloads.ALL.size(); i++) {
            String payload = Payloads.ALL.get(i);
            call(
                    "IdentityService/CreatePrincipal",
                    Map.of("principal", Map.of("name", "users/u" + i, "description", payload)),
                    payload);
        }
        String all = String.join("\n", Payloads.ALL);
        call(
                "ModelService/UpdateModel",
                Map.of("name", "models/attacked", "description", all, "tags", Map.of("tag", Payloads.ALL.getFirst())),
                "");
        for (String payload : Payloads.ALL) {
            call(
                    "ModelService/SetAlias",
                    Map.of(
                            "name", "models/attacked/aliases/production",
                            "version", "models/attacked/versions/1",
                            "reason", payload),
                    "");
        }
    }

    private static String admin() throws Exception {
        call(
                "IdentityService/CreatePrincipal",
                Map.of("principal", Map.of("name", "users/alice", "grants", List.of(Map.of("role", "ROLE_ADMIN")))),
                "");
        return call(
                        "IdentityService/CreateAccessToken",
                        Map.of("principal", "users/alice", "description", Payloads.ALL.getFirst()),
                        "")
                .path("secret")
                .asText();
    }

    private static JsonNode call(String method, Object body, String reason) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        registry.http().resolve("/rootstock.registry.v1." + method))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + TOKEN)
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        if (!reason.isEmpty()) {
            request.header("rootstock-reason-bin", Base64.getEncoder().encodeToString(reason.getBytes(UTF_8)));
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode())
                    .as(method + ": " + response.body())
                    .isEqualTo(200);
            return JSON.readTree(response.body());
        }
    }

    private static JsonNode run(String token) throws IOException, InterruptedException {
        Path output = home.resolve("browser.json");
        Path errors = home.resolve("browser.log");
        Process browser = new ProcessBuilder(
                        "node",
                        "test/browser/run.mjs",
                        registry.http().toString(),
                        token,
                        Path.of("target/console-pages").toAbsolutePath().toString(),
                        "attacked")
                .directory(CONSOLE.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        assertThat(browser.waitFor(240, TimeUnit.SECONDS)).isTrue();
        assertThat(browser.exitValue()).as(Files.readString(errors)).isZero();
        return JSON.readTree(Files.readString(output));
    }

    @Test
    void everyPageOpensWithoutErrorsAndWithoutSeriousAccessibilityProblems() {
        assertThat(result.path("pages")).hasSizeGreaterThanOrEqualTo(12).allSatisfy(page -> {
            assertThat(page.path("errors")).isEmpty();
            assertThat(page.path("accessibility")).isEmpty();
        });
    }

    @Test
    void storedTextsAreShownAsTextAndRunNowhere() {
        assertThat(result.path("dialogs")).isEmpty();
        assertThat(result.path("injected").isNull()).isTrue();
        for (String page : List.of("settings", "model")) {
            assertThat(result.at("/pages/" + page + "/text").asText())
                    .as(page)
                    .contains("<script>alert(1)</script>", "<img src=x onerror=alert(3)>", "${alert(38)}");
        }
        assertThat(result.at("/pages/history/text").asText()).contains("<svg onload=alert(5)>");
        assertThat(result.at("/pages/audit/text").asText()).contains("<details open ontoggle=alert(22)>");
    }

    @Test
    void theCookieIsNotForScriptsNorForOtherSites() {
        JsonNode cookie = result.path("cookies").path(0);
        assertThat(cookie.path("httpOnly").asBoolean()).isTrue();
        assertThat(cookie.path("sameSite").asText()).isEqualTo("Strict");
        assertThat(result.path("cookieOfScripts").asText()).isEmpty();
    }

    @Test
    void pagesOfOtherOriginsCannotFrameOrCallTheConsole() {
        assertThat(result.at("/foreign/framed").asBoolean()).isFalse();
        assertThat(result.at("/foreign/calls/json").asText()).isEqualTo("refused");
        assertThat(result.at("/foreign/calls/simple").asText()).isEqualTo("refused");
        assertThat(result.at("/foreign/calls/opaque").asText())
                .as("an opaque response")
                .isEqualTo("status 0");
    }

    @Test
    void theNavigationIsReachedWithTheKeyboard() {
        assertThat(result.path("keyboard").asInt()).isBetween(1, 10);
    }

    @Test
    void theFirstPageLoadsLittleScript() {
        assertThat(result.path("scriptBytes").asLong()).isBetween(50_000L, 350_000L);
    }
}
