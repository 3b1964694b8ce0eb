package io.rootstock.registry.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.oidc.Oidc;
import io.quarkus.oidc.OidcTenantConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenIdTenantTest {
    private static final String URL = "rootstock.registry.openid.url";
    private static final String AUDIENCE = "rootstock.registry.openid.audience";

    private final List<OidcTenantConfig> created = new ArrayList<>();

    @Test
    void openIdIsDisabledWithoutAProvider() {
        configure(Map.of());
        assertThat(created)
                .singleElement()
                .satisfies(tenant -> assertThat(tenant.tenantEnabled()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://login.example.com/realms/main", "http://127.0.0.1:8080", "http://localhost:8080/a"})
    void aProviderIsLeftToQuarkusSettings(String url) {
        configure(Map.of(URL, url, AUDIENCE, "rootstock,cli"));
        assertThat(created).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"login.example.com", "http://login.example.com", "ftp://127.0.0.1", "https:///realms/main"})
    void anAddressWithoutTlsIsRefused(String url) {
        assertThatThrownBy(() -> configure(Map.of(URL, url, AUDIENCE, "rootstock")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(URL)
                .hasMessageContaining("was " + url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "any", "rootstock,any"})
    void anAudienceIsRequired(String audience) {
        assertThatThrownBy(() -> configure(Map.of(URL, "https://login.example.com", AUDIENCE, audience)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(AUDIENCE + " must be set");
    }

    private void configure(Map<String, String> properties) {
        IdentitySettings settings = new SmallRyeConfigBuilder()
                .withMapping(IdentitySettings.class)
                .withDefaultValues(properties)
                .withConverters(new org.eclipse.microprofile.config.spi.Converter<?>[] {
                    new io.quarkus.runtime.configuration.MemorySizeConverter(),
                    new io.quarkus.runtime.configuration.DurationConverter()
                })
                .build()
                .getConfigMapping(IdentitySettings.class);
        new OpenIdTenant().configure(new Recorder(), settings);
    }

    private final class Recorder implements Oidc {
        @Override
        public void create(OidcTenantConfig tenant) {
            created.add(tenant);
        }

        @Override
        public void createServiceApp(String url) {
            throw new AssertionError("not used");
        }

        @Override
        public void createWebApp(String url, String client, String secret) {
            throw new AssertionError("not used");
        }
    }
}
