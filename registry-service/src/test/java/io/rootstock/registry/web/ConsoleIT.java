package io.rootstock.registry.web;

import static io.rootstock.registry.RegistryHarness.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.registry.RegistryProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged registry with tokens: the page and its headers, sign-in by a cookie, RPCs over HTTP, and forwarded RPCs. */
@Timeout(300)
class ConsoleIT {
    private static final String TOKEN = "installation-0123456789";
    private static final String IDENTITY = "/rootstock.registry.v1.IdentityService/";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Pattern SCRIPT = Pattern.compile("src=\"(/assets/[^\"]+\\.js)\"");

    @TempDir
    private static Path home;

    private static RegistryProcess registry;
    private static String viewer;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Path token = Files.writeString(home.resolve("token"), TOKEN + "\n");
        registry = RegistryProcess.start(
                home,
                List.of(
                        "-Drootstock.auth.token-file=" + token,
                        "-Drootstock.tokenizer.endpoint=127.0.0.1:1",
                        "-Drootstock.trainer.endpoint=127.0.0.1:1",
                        "-Drootstock.inference.endpoint=127.0.0.1:1"));
        call(
                "CreatePrincipal",
                "{\"principal\": {\"name\": \"users/vera\", \"grants\": [{\"role\": \"ROLE_VIEWER\"}]}}");
        viewer = call("CreateAccessToken", "{\"principal\": \"users/vera\", \"description\": \"console\"}")
                .path("secret")
                .asText();
    }

    @AfterAll
    static void stop() {
        if (registry != null) {
            registry.close();
        }
    }

    /** Calls the identity service as the installation. */
    private static JsonNode call(String method, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = send(rpc(IDENTITY + method, body).header("Authorization", "Bearer " + TOKEN));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static HttpRequest.Builder rpc(String path, String body) {
        return at(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static HttpRequest.Builder at(String path) {
        return HttpRequest.newBuilder(registry.http().resolve(path)).timeout(Duration.ofSeconds(60));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
    }

    private static String origin() {
        URI uri = registry.http();
        return "http://" + uri.getAuthority();
    }

    private static HttpResponse<String> signIn(String token) throws IOException, InterruptedException {
        return send(rpc("/session", JSON.writeValueAsString(java.util.Map.of("token", token)))
                .header("Origin", origin()));
    }

    private static String cookie() throws IOException, InterruptedException {
        String cookie = signIn(viewer).headers().firstValue("Set-Cookie").orElseThrow();
        return cookie.substring(0, cookie.indexOf(';'));
    }

    private static String code(HttpResponse<String> response) throws IOException {
        return response.statusCode() + " "
                + JSON.readTree(response.body()).path("code").asText();
    }

    @Test
    void thePageMayLoadNothingFromElsewhereAndMayNotBeFramed() throws Exception {
        HttpResponse<String> page = send(at("/console/runs"));
        assertThat(page.statusCode()).isEqualTo(200);
        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertThat(policy)
                .startsWith("default-src 'none'; script-src 'self'; ")
                .contains("frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("X-Frame-Options")).contains("DENY");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
        Matcher nonce = Pattern.compile("'nonce-([^']+)'").matcher(policy);
        assertThat(nonce.find()).isTrue();
        assertThat(page.body()).contains("content=\"" + nonce.group(1) + "\"").doesNotContain("<script>");
        assertThat(send(at("/console")).headers().firstValue("Content-Security-Policy"))
                .as("another nonce for each response")
                .isNotEqualTo(page.headers().firstValue("Content-Security-Policy"));
        assertThat(send(at("/")).headers().firstValue("Location")).contains("/console");
    }

    @Test
    void filesAreCompressedAndKeptByBrowsers() throws Exception {
        Matcher script = SCRIPT.matcher(send(at("/console")).body());
        assertThat(script.find()).isTrue();
        HttpResponse<String> plain = send(at(script.group(1)));
        assertThat(plain.headers().firstValue("Content-Type")).contains("text/javascript; charset=utf-8");
        assertThat(plain.headers().firstValue("Cache-Control")).contains("public, max-age=31536000, immutable");
        HttpResponse<String> compressed = send(at(script.group(1)).header("Accept-Encoding", "gzip"));
        assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(compressed.headers().firstValueAsLong("Content-Length").orElseThrow())
                .isLessThan(350_000)
                .isLessThan(plain.headers().firstValueAsLong("Content-Length").orElseThrow());
        HttpResponse<String> known = send(at(script.group(1))
                .header("If-None-Match", plain.headers().firstValue("ETag").orElseThrow()));
        assertThat(known.statusCode()).isEqualTo(304);
        for (String missing : List.of("/assets/missing.js", "/assets/..%2findex.html", "/assets/../files.txt")) {
            assertThat(send(at(missing)).statusCode()).as(missing).isEqualTo(404);
        }
    }

    @Test
    void aTokenIsExchangedForACookieThatScriptsCannotRead() throws Exception {
        HttpResponse<String> signedIn = signIn(viewer);
        assertThat(signedIn.statusCode()).isEqualTo(204);
        assertThat(signedIn.headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("rootstock-session=")
                .contains("HTTPOnly", "SameSite=Strict", "Path=/", "Max-Age=")
                .doesNotContain(viewer);
        assertThat(code(signIn("wrong"))).isEqualTo("401 unauthenticated");
        assertThat(code(send(rpc("/session", "{}").header("Origin", origin())))).isEqualTo("400 invalid_argument");
        assertThat(code(send(
                        rpc("/session", "{\"token\": \"" + viewer + "\"}").header("Origin", "http://evil.example"))))
                .isEqualTo("403 permission_denied");
    }

    @Test
    void aSessionCallsWithTheRolesOfItsUser() throws Exception {
        String cookie = cookie();
        HttpResponse<String> caller = send(rpc(IDENTITY + "GetCaller", "{}")
                .header("Cookie", cookie)
                .header("Origin", origin())
                .header("Sec-Fetch-Site", "same-origin"));
        assertThat(JSON.readTree(caller.body()).path("name").asText()).isEqualTo("users/vera");
        assertThat(code(send(rpc(IDENTITY + "ListPrincipals", "{}")
                        .header("Cookie", cookie)
                        .header("Origin", origin()))))
                .isEqualTo("403 permission_denied");
    }

    @Test
    void aSessionIsOfNoUseToPagesOfOtherSites() throws Exception {
        String cookie = cookie();
        HttpRequest.Builder call = rpc(IDENTITY + "GetCaller", "{}").header("Cookie", cookie);
        assertThat(code(send(call.copy()))).as("without Origin").isEqualTo("403 permission_denied");
        assertThat(code(send(call.copy().header("Origin", "http://evil.example"))))
                .isEqualTo("403 permission_denied");
        assertThat(code(send(call.copy().header("Sec-Fetch-Site", "same-site"))))
                .isEqualTo("403 permission_denied");
        HttpRequest.Builder form = at(IDENTITY + "GetCaller")
                .header("Cookie", cookie)
                .header("Origin", origin())
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{}"));
        assertThat(send(form).statusCode()).isEqualTo(415);
    }

    @Test
    void aForeignOrChangedCookieIsAsNone() throws Exception {
        assertThat(code(send(rpc(IDENTITY + "GetCaller", "{}")
                        .header("Cookie", cookie().replaceFirst("=.", "=!"))
                        .header("Origin", origin()))))
                .isEqualTo("401 unauthenticated");
    }

    @Test
    void signOutRemovesTheCookie() throws Exception {
        HttpResponse<String> signedOut =
                send(at("/session").header("Origin", origin()).DELETE());
        assertThat(signedOut.statusCode()).isEqualTo(204);
        assertThat(signedOut.headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("rootstock-session=;")
                .contains("Max-Age=0");
    }

    @Test
    void aRevokedTokenEndsItsSessions() throws Exception {
        JsonNode created = call("CreateAccessToken", "{\"principal\": \"users/vera\"}");
        HttpResponse<String> signedIn = signIn(created.path("secret").asText());
        String set = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
        HttpRequest.Builder caller = rpc(IDENTITY + "GetCaller", "{}")
                .header("Cookie", set.substring(0, set.indexOf(';')))
                .header("Origin", origin());
        assertThat(send(caller.copy()).statusCode()).isEqualTo(200);
        call(
                "RevokeAccessToken",
                "{\"name\": \"" + created.at("/accessToken/name").asText() + "\"}");
        eventually(() -> {
            try {
                return send(caller.copy()).statusCode() == 401;
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void rpcsOfOtherServicesAreForwardedAndReportThatTheyAreAway() throws Exception {
        for (String name : List.of(
                "rootstock.tokenizer.v1.DatasetService/ListDatasets",
                "rootstock.trainer.v1.TrainerService/ListRuns",
                "rootstock.inference.v1.InferenceService/ListServedModels")) {
            HttpResponse<String> response = send(rpc("/" + name, "{}").header("Authorization", "Bearer " + viewer));
            assertThat(code(response)).as(name).isEqualTo("503 unavailable");
        }
    }
}
