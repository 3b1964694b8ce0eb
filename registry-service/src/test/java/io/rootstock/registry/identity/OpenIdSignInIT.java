package io.rootstock.registry.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.database.TestDatabase;
import io.rootstock.registry.RegistryProcess;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwk.RsaJsonWebKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sign-in of the web console at a certified OpenID provider, by its own pages. */
class OpenIdSignInIT {
    private static final RsaJsonWebKey KEY = TestProvider.key("first");
    private static final String PREFIX = "-Drootstock.registry.openid.";

    @TempDir
    private static Path home;

    private static TestProvider provider;
    /** A registry whose console is a client of the provider. */
    private static RegistryProcess signIn;

    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient browser = HttpClient.newBuilder()
            .cookieHandler(cookies)
            .followRedirects(HttpClient.Redirect.ALWAYS)
            .build();

    @BeforeAll
    static void start() throws Exception {
        TestProvider.install();
        provider = TestProvider.start(home, 0, KEY);
        signIn = registry(client("https://registry.example,console"));
    }

    @AfterAll
    static void stop() {
        if (signIn != null) {
            signIn.close();
        }
        if (provider != null) {
            provider.close();
        }
    }

    @AfterEach
    void closeBrowser() {
        browser.close();
    }

    private static RegistryProcess registry(String... more) throws IOException {
        return RegistryProcess.start(home, settings(more));
    }

    private static List<String> settings(String... more) throws IOException {
        Path token = Files.writeString(home.resolve("token"), "0123456789abcdef0123456789abcdef\n");
        List<String> settings = new ArrayList<>(RegistryProcess.database(home, TestDatabase.create()));
        settings.add("-Drootstock.auth.token-file=" + token);
        settings.addAll(List.of(more));
        return settings;
    }

    private static String[] client(String audience) throws IOException {
        Path secret = Files.writeString(home.resolve("secret"), "secret-of-the-console\n");
        return new String[] {
            PREFIX + "url=" + provider.issuer(),
            PREFIX + "audience=" + audience,
            PREFIX + "client-id=console",
            PREFIX + "client-secret-file=" + secret
        };
    }

    private HttpResponse<String> get(URI address) throws IOException, InterruptedException {
        return browser.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(URI address, String type, String body) throws IOException, InterruptedException {
        return browser.send(
                HttpRequest.newBuilder(address)
                        .header("Content-Type", type)
                        .header("Origin", address.getScheme() + "://" + address.getAuthority())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Submits the provider's page of an interaction. */
    private HttpResponse<String> submit(HttpResponse<String> page, String form)
            throws IOException, InterruptedException {
        assertThat(page.uri().getPath()).as(page.body()).startsWith("/interaction/");
        return post(page.uri(), "application/x-www-form-urlencoded", form);
    }

    private HttpResponse<String> signIn(RegistryProcess registry) throws IOException, InterruptedException {
        HttpResponse<String> login = get(registry.http().resolve("/session/openid"));
        HttpResponse<String> consent = submit(login, "prompt=login&login=alice&password=any");
        return submit(consent, "prompt=consent");
    }

    private HttpResponse<String> caller(RegistryProcess registry) throws IOException, InterruptedException {
        return post(
                registry.http().resolve("/rootstock.registry.v1.IdentityService/GetCaller"), "application/json", "{}");
    }

    @Test
    void aUserOfTheProviderHasASession() throws Exception {
        assertThat(new ObjectMapper()
                        .readTree(get(signIn.http().resolve("/session")).body()))
                .isEqualTo(new ObjectMapper().readTree("{\"openid\": true}"));
        assertThat(caller(signIn).statusCode()).isEqualTo(401);

        HttpResponse<String> end = signIn(signIn);
        assertThat(end.uri()).isEqualTo(signIn.http().resolve("/console"));
        assertThat(end.statusCode()).isEqualTo(200);
        HttpResponse<String> found = caller(signIn);
        assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
        assertThat(new ObjectMapper().readTree(found.body()).path("name").asText())
                .isEqualTo("users/alice");
        assertThat(cookies.getCookieStore().getCookies())
                .filteredOn(cookie -> cookie.getPath().startsWith("/session")
                        || cookie.getName().contains("session"))
                .extracting(HttpCookie::getName)
                .filteredOn(name -> name.startsWith("q_") || name.startsWith("rootstock"))
                .as("the flow's own cookies are removed")
                .containsExactly("rootstock-session");
    }

    @Test
    void aCodeOfAnotherBrowserBeginsANewSignIn() throws Exception {
        HttpResponse<String> stolen =
                get(signIn.http().resolve("/session/openid?code=stolen&state=of-another-browser"));
        assertThat(stolen.uri().toString()).startsWith(provider.issuer() + "/interaction/");
        assertThat(caller(signIn).statusCode()).isEqualTo(401);
    }

    @Test
    void aTokenForOtherApplicationsGivesNoSession() throws Exception {
        try (RegistryProcess registry = registry(client("https://registry.example"))) {
            assertThat(signIn(registry).uri()).isEqualTo(registry.http().resolve("/console?sign-in=failed"));
            assertThat(caller(registry).statusCode()).isEqualTo(401);
            assertThat(registry.output()).contains("a sign-in at the OpenID provider failed: UNAUTHENTICATED");
        }
    }

    @Test
    void whoTurnsBackAtTheProviderReturnsToTheSignIn() throws Exception {
        HttpResponse<String> login = get(signIn.http().resolve("/session/openid"));
        HttpResponse<String> end = get(URI.create(login.uri() + "/abort"));
        assertThat(end.uri()).isEqualTo(signIn.http().resolve("/console?sign-in=failed"));
        assertThat(signIn.output()).contains("the OpenID provider refused a sign-in: access_denied");
    }

    @Test
    void withoutAClientOnlyTokensSignIn() throws Exception {
        try (RegistryProcess registry =
                registry(PREFIX + "url=" + provider.issuer(), PREFIX + "audience=https://registry.example")) {
            assertThat(get(registry.http().resolve("/session")).body()).isEqualTo("{\"openid\":false}");
            assertThat(get(registry.http().resolve("/session/openid")).statusCode())
                    .isEqualTo(401);
        }
        try (RegistryProcess registry = RegistryProcess.launch(home, settings(PREFIX + "client-id=console"))) {
            assertThat(registry.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(registry.output())
                    .contains("rootstock.registry.openid.client-id is the web console's id at a provider; set"
                            + " rootstock.registry.openid.url too");
        }
    }
}
