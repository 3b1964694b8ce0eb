package io.rootstock.registry.identity;

import io.quarkus.oidc.Oidc;
import io.quarkus.oidc.OidcTenantConfig;
import io.rootstock.client.Endpoint;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.util.List;

/** Checks the settings of the OpenID provider, and disables OpenID in Quarkus without them. */
@ApplicationScoped
class OpenIdTenant {
    private static final String PREFIX = "rootstock.registry.openid.";
    /** Quarkus' word for tokens of every application of the provider. */
    private static final String ANY = "any";

    /** Runs before Quarkus connects to the provider; an exception stops the start. */
    void configure(@Observes Oidc oidc, IdentitySettings settings) {
        IdentitySettings.OpenId openid = settings.openid();
        if (openid.url().isEmpty()) {
            if (openid.clientId().isPresent()) {
                throw new IllegalStateException(
                        PREFIX + "client-id is the web console's id at a provider; set " + PREFIX + "url too");
            }
            oidc.create(OidcTenantConfig.builder().disableTenant().build());
            return;
        }
        requireUrl(openid.url().get());
        List<String> audience = openid.audience().orElse(List.of());
        if (audience.isEmpty() || audience.contains(ANY)) {
            throw new IllegalStateException(PREFIX + "audience must be set to the audience of tokens for this"
                    + " installation; without it, tokens that the provider has issued for other applications would be"
                    + " accepted");
        }
    }

    private static void requireUrl(URI url) {
        boolean secure = "https".equals(url.getScheme());
        boolean local =
                "http".equals(url.getScheme()) && url.getHost() != null && new Endpoint(url.getHost(), 1).isLoopback();
        if (url.getHost() == null || !(secure || local)) {
            throw new IllegalStateException(PREFIX + "url must be an address such as"
                    + " https://login.example.com/realms/main (with http on loopback only), was " + url);
        }
    }
}
