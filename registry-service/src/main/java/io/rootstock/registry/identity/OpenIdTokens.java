package io.rootstock.registry.identity;

import io.grpc.StatusRuntimeException;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.OIDCException;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.security.AuthenticationFailedException;
import io.rootstock.service.Errors;
import io.vertx.core.VertxException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;

/**
 * Tokens (JWT) of the OpenID provider {@code rootstock.registry.openid.url}: Quarkus checks their signatures, issuer,
 * audience and expiry, with the provider's keys.
 *
 * <p>Tokens whose key is known are checked without the provider. The others, for which Quarkus may have to read its keys,
 * are checked one after the other: they do not hold up other tokens while the provider does not respond, and all of them
 * find the key that the first one has read.
 */
@ApplicationScoped
public class OpenIdTokens {
    private static final Logger LOG = Logger.getLogger(OpenIdTokens.class);
    /** Less than the deadline of the services that ask the registry for a caller. */
    private static final Duration LIMIT = Duration.ofSeconds(4);
    /** Time between two attempts to read the keys of a provider that cannot be reached. */
    private static final Duration RETRY = Duration.ofSeconds(1);
    /** Maximum number of tokens that wait for their key: half of the lookups that run at once. */
    private static final int WAITING = 16;

    private static final int KNOWN_HEADERS = 100;

    private final IdentitySettings.OpenId settings;
    private final TenantIdentityProvider provider;
    private final ReentrantLock readsKeys = new ReentrantLock(true);
    /** Headers of valid tokens, which name their keys. */
    private final Set<String> knownHeaders = ConcurrentHashMap.newKeySet();

    private volatile Instant nextAttempt = Instant.MIN;

    /** Required by the CDI client proxy. */
    OpenIdTokens() {
        settings = null;
        provider = null;
    }

    /** Creates the check; without a provider in the settings, no token is valid. */
    @Inject
    public OpenIdTokens(IdentitySettings settings, TenantIdentityProvider provider) {
        this.settings = settings.openid();
        this.provider = provider;
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
     * Returns the user of a token; empty if it is not valid, or without a provider.
     *
     * @throws StatusRuntimeException UNAVAILABLE if the token's key is not known and the provider cannot be reached
     */
    Optional<User> verify(String token) {
        if (settings.url().isEmpty() || !isJwt(token)) {
            return Optional.empty();
        }
        String header = token.substring(0, token.indexOf('.'));
        return (knownHeaders.contains(header) ? check(token) : checkInTurn(token, header)).flatMap(this::user);
    }

    private Optional<JsonWebToken> checkInTurn(String token, String header) {
        if (readsKeys.getQueueLength() >= WAITING || !await(readsKeys)) {
            throw unavailable();
        }
        try {
            if (Instant.now().isBefore(nextAttempt)) {
                throw unavailable();
            }
            Optional<JsonWebToken> valid = check(token);
            if (valid.isPresent()) {
                if (knownHeaders.size() >= KNOWN_HEADERS) {
                    knownHeaders.clear();
                }
                knownHeaders.add(header);
            }
            return valid;
        } finally {
            readsKeys.unlock();
        }
    }

    private Optional<JsonWebToken> check(String token) {
        try {
            return Optional.of((JsonWebToken) provider.authenticate(new AccessTokenCredential(token))
                    .await()
                    .atMost(LIMIT)
                    .getPrincipal());
        } catch (AuthenticationFailedException e) {
            if (isUnreachable(e)) {
                throw unreachable(e.getCause());
            }
            LOG.debugf("a token of the OpenID provider is not valid: %s", e.getMessage());
            return Optional.empty();
        } catch (RuntimeException e) {
            throw unreachable(e);
        }
    }

    private Optional<User> user(JsonWebToken token) {
        Object claim = token.getClaim(settings.nameClaim());
        String name = "users/" + (claim instanceof JsonString text ? text.getString() : claim);
        if (claim == null || !PrincipalNames.isFree(name)) {
            LOG.warnf(
                    "a token of the OpenID provider was refused: its claim %s is not the id of a user",
                    settings.nameClaim());
            return Optional.empty();
        }
        if (settings.nameClaim().equals("email") && !isVerified(token.getClaim("email_verified"))) {
            LOG.warnf("a token of the OpenID provider was refused: the address of %s is not verified", name);
            return Optional.empty();
        }
        List<String> groups = texts(token.getClaim(settings.groupsClaim()))
                .map(group -> "groups/" + group)
                .filter(PrincipalNames::isName)
                .toList();
        return Optional.of(new User(name, groups, Instant.ofEpochSecond(token.getExpirationTime())));
    }

    /** Whether a claim {@code email_verified} is true; some providers send none. */
    private static boolean isVerified(Object claim) {
        return claim == null || JsonValue.TRUE.equals(claim) || Boolean.TRUE.equals(claim);
    }

    private static Stream<String> texts(Object claim) {
        return switch (claim) {
            case JsonArray array ->
                array.stream().filter(JsonString.class::isInstance).map(value -> ((JsonString) value).getString());
            case Set<?> names -> names.stream().map(String::valueOf);
            case JsonString name -> Stream.of(name.getString());
            case null, default -> Stream.empty();
        };
    }

    private static boolean isJwt(String token) {
        return token.chars().filter(c -> c == '.').count() == 2;
    }

    private static boolean await(ReentrantLock lock) {
        try {
            return lock.tryLock(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isUnreachable(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause -> cause instanceof IOException
                        || cause instanceof VertxException
                        || cause instanceof OIDCException);
    }

    private StatusRuntimeException unreachable(Throwable cause) {
        LOG.warnf("the keys of the OpenID provider cannot be read: %s", cause);
        nextAttempt = Instant.now().plus(RETRY);
        return unavailable();
    }

    private static StatusRuntimeException unavailable() {
        return Errors.unavailable("PROVIDER_UNAVAILABLE", "the OpenID provider cannot be reached; try again");
    }
}
