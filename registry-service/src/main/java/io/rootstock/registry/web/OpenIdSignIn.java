package io.rootstock.registry.web;

import io.quarkus.oidc.OidcRequestContext;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.OidcTenantConfigBuilder;
import io.quarkus.oidc.TenantConfigResolver;
import io.quarkus.oidc.runtime.OidcTenantConfig.ApplicationType;
import io.rootstock.registry.identity.IdentitySettings;
import io.rootstock.service.BearerToken;
import io.rootstock.service.web.RequestOrigin;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * Sign-in at the OpenID provider: Quarkus runs the authorization code flow (state, nonce, PKCE) for requests of {@link
 * #PATH}, and of no other path.
 */
@ApplicationScoped
class OpenIdSignIn implements TenantConfigResolver {
    /** The path at which the flow begins, and to which the provider sends the browser back. */
    static final String PATH = "/session/openid";
    /** The path to which Quarkus sends the browser if the provider has refused the sign-in. */
    static final String FAILURE_PATH = "/session/openid-failure";

    private static final Duration PROVIDER_TIMEOUT = Duration.ofSeconds(10);
    /** Quarkus' keys are of 32 characters. */
    private static final int KEY_LENGTH = 32;

    private final IdentitySettings.OpenId settings;
    private final BearerToken installation;

    /** Required by the CDI client proxy. */
    OpenIdSignIn() {
        settings = null;
        installation = null;
    }

    @Inject
    OpenIdSignIn(IdentitySettings settings, BearerToken installation) {
        this.settings = settings.openid();
        this.installation = installation;
    }

    /** Whether users can sign in at the provider. */
    boolean isOffered() {
        return settings.url().isPresent() && settings.clientId().isPresent() && installation.isRequired();
    }

    @Override
    public Uni<OidcTenantConfig> resolve(RoutingContext routing, OidcRequestContext<OidcTenantConfig> context) {
        if (!isOffered() || !PATH.equals(routing.normalizedPath())) {
            return Uni.createFrom().nullItem();
        }
        boolean local = RequestOrigin.isLoopback(RequestOrigin.host(routing.request()));
        return context.runBlocking(() -> configuration(local));
    }

    /**
     * The keys of the flow's cookies are derived from the installation's token, so that every registry of the installation
     * can finish a sign-in. The browser comes back over TLS, which a proxy may end, but for addresses of its own machine.
     */
    private OidcTenantConfig configuration(boolean local) {
        String key =
                hash("rootstock console openid 1\n" + installation.current().orElseThrow());
        OidcTenantConfigBuilder builder = OidcTenantConfig.authServerUrl(
                        settings.url().orElseThrow().toString())
                // Quarkus keeps a configuration by its id: another token makes another one.
                .tenantId("sign-in-" + (local ? "local-" : "") + hash(key).substring(0, 16))
                .applicationType(ApplicationType.WEB_APP)
                .clientId(settings.clientId().orElseThrow())
                .connectionTimeout(PROVIDER_TIMEOUT)
                .tokenStateManager()
                .encryptionSecret(key.substring(KEY_LENGTH))
                .end()
                .authentication()
                .redirectPath(PATH)
                .errorPath(FAILURE_PATH)
                .removeRedirectParameters(false)
                .scopes(settings.scopes())
                .nonceRequired(true)
                .pkceRequired(true)
                .stateSecret(key.substring(0, KEY_LENGTH))
                .forceRedirectHttpsScheme(!local)
                .cookieForceSecure(!local)
                .cookiePath(PATH)
                .end();
        settings.clientSecretFile().ifPresent(file -> builder.credentials(read(file)));
        return builder.build();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("rootstock.registry.openid.client-secret-file cannot be read", e);
        }
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
