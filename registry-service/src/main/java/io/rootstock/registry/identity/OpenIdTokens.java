package io.rootstock.registry.identity;

import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.rootstock.registry.config.RegistrySettings;
import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.json.JsonString;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;

/**
 * Tokens (JWT) of the OpenID provider {@code rootstock.registry.openid.url}: Quarkus checks their signatures, issuer,
 * audience and expiry.
 */
@ApplicationScoped
public class OpenIdTokens {
    private static final Logger LOG = Logger.getLogger(OpenIdTokens.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int GROUPS = 1000;

    private final RegistrySettings.OpenId settings;
    private final TenantIdentityProvider provider;

    /** Required by the CDI client proxy. */
    OpenIdTokens() {
        settings = null;
        provider = null;
    }

    /** Creates the check; without a provider in the settings, no token is valid. */
    @Inject
    public OpenIdTokens(RegistrySettings settings, TenantIdentityProvider provider) {
        this.settings = settings.registry().openid();
        this.provider = provider;
        if (this.settings.url().isPresent() && this.settings.audience().isEmpty()) {
            throw new IllegalStateException(
                    "rootstock.registry.openid.audience is not set: tokens that the provider has"
                            + " issued for other applications would be accepted");
        }
    }

    /**
     * A user of the provider.
     *
     * @param name {@code users/{user}}
     * @param groups {@code groups/{group}}
     * @param expiry time when the token expires
     */
    record User(String name, List<String> groups, Instant expiry) {
        User {
            groups = List.copyOf(groups);
        }
    }

    /**
     * Returns the user of a token; empty if it is not valid, or there is no provider.
     *
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE if the provider cannot be reached
     */
    Optional<User> verify(String token) {
        if (settings.url().isEmpty() || !isJwt(token)) {
            return Optional.empty();
        }
        try {
            SecurityIdentity identity = provider.authenticate(new AccessTokenCredential(token))
                    .await()
                    .atMost(LIMIT);
            return user((JsonWebToken) identity.getPrincipal());
        } catch (AuthenticationFailedException e) {
            LOG.debugf("a token of the OpenID provider is not valid: %s", e.getMessage());
            return Optional.empty();
        } catch (RuntimeException e) {
            LOG.warnf("tokens of the OpenID provider cannot be checked: %s", e);
            throw Errors.unavailable("PROVIDER_UNAVAILABLE", "the OpenID provider cannot be reached; try again");
        }
    }

    private Optional<User> user(JsonWebToken token) {
        Object claim = token.getClaim(settings.nameClaim());
        String name = "users/" + (claim instanceof JsonString text ? text.getString() : claim);
        if (claim == null || !PrincipalNames.isName(name)) {
            LOG.warnf(
                    "a token of the OpenID provider was refused: its claim %s, %s, is no user's id",
                    settings.nameClaim(), claim);
            return Optional.empty();
        }
        List<String> groups = texts(token.getClaim(settings.groupsClaim()))
                .limit(GROUPS)
                .map(group -> "groups/" + group)
                .filter(PrincipalNames::isName)
                .toList();
        return Optional.of(new User(name, groups, Instant.ofEpochSecond(token.getExpirationTime())));
    }

    private static Stream<String> texts(Object claim) {
        return switch (claim) {
            case JsonArray array ->
                array.stream().filter(JsonString.class::isInstance).map(value -> ((JsonString) value).getString());
            case Iterable<?> values ->
                java.util.stream.StreamSupport.stream(values.spliterator(), false)
                        .map(String::valueOf);
            case null, default -> Stream.empty();
        };
    }

    private static boolean isJwt(String token) {
        return token.chars().filter(c -> c == '.').count() == 2;
    }
}
