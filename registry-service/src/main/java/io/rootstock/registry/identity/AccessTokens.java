package io.rootstock.registry.identity;

import io.grpc.StatusRuntimeException;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.RandomId;
import io.rootstock.registry.v1.AccessToken;
import io.rootstock.registry.v1.CreateAccessTokenRequest;
import io.rootstock.registry.v1.RotateAccessTokenRequest;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import io.rootstock.service.filter.Field;
import io.rootstock.service.filter.FieldType;
import io.rootstock.service.filter.ListFields;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Operations on access tokens. Only the response that creates a token contains its secret. */
@ApplicationScoped
public class AccessTokens {
    /** Collection of the access tokens. */
    public static final String COLLECTION = "accessTokens";

    /** Fields of filters and orders; the newest token is first. */
    public static final ListFields<String> FIELDS = new ListFields<>(
            List.of(
                    new Field<>("name", FieldType.TEXT, "('" + COLLECTION + "/' || access_token.id)"),
                    new Field<>("description", FieldType.TEXT, "access_token.description"),
                    new Field<>("create_time", FieldType.TIMESTAMP, "access_token.create_time"),
                    new Field<>("expire_time", FieldType.TIMESTAMP, "access_token.expire_time")),
            new Field<>("number", FieldType.INTEGER, "access_token.number"),
            true);

    private static final int ID_LENGTH = 12;
    private static final int LIMIT = 100;
    private static final Duration DEFAULT_LIFETIME = Duration.ofDays(90);
    private static final Duration MAX_LIFETIME = Duration.ofDays(365);
    private static final Duration DEFAULT_OVERLAP = Duration.ofHours(24);
    private static final Duration MAX_OVERLAP = Duration.ofDays(30);
    private static final Duration LIMIT_RETRY = Duration.ofMinutes(1);

    private final Database database;

    /** Creates the operations. */
    @Inject
    public AccessTokens(Database database) {
        this.database = database;
    }

    /**
     * A new token.
     *
     * @param secret what callers send
     */
    public record Created(AccessToken token, String secret) {
        @Override
        public String toString() {
            return "Created[" + token.getName() + "]";
        }
    }

    /** Creates a token; NOT_FOUND if its principal does not exist. */
    public Created create(CreateAccessTokenRequest request) {
        String principal = PrincipalNames.requireCaller(request.getPrincipal(), "principal");
        Principals.requireDescription(request.getDescription(), "description");
        Duration lifetime = lifetime(request.hasLifetime(), request.getLifetime());
        return database.write(connection -> {
            if (!PrincipalRepository.lock(connection, principal)) {
                throw Principals.missingPrincipal(principal);
            }
            return insert(connection, principal, request.getDescription(), lifetime);
        });
    }

    /** Creates a token in the place of another one, which expires after the overlap. */
    public Created rotate(RotateAccessTokenRequest request) {
        String id = id(request.getName(), "name");
        Duration lifetime = lifetime(request.hasLifetime(), request.getLifetime());
        Duration overlap = limited(
                request.hasOverlap(), request.getOverlap(), Duration.ZERO, DEFAULT_OVERLAP, MAX_OVERLAP, "overlap");
        return database.write(connection -> {
            AccessToken old = AccessTokenRepository.lock(connection, id).orElseThrow(() -> missingToken(id));
            if (old.hasRevokeTime()) {
                throw Errors.failedPrecondition(
                        "TOKEN_REVOKED",
                        old.getName() + " is revoked; create another with `rootstock access-tokens create`");
            }
            AccessTokenRepository.expire(connection, id, overlap);
            return insert(connection, old.getPrincipal(), old.getDescription(), lifetime);
        });
    }

    /** Revokes a token; NOT_FOUND if it does not exist. */
    public void revoke(String name) {
        String id = id(name, "name");
        database.write(connection -> {
            AccessToken _ = AccessTokenRepository.lock(connection, id).orElseThrow(() -> missingToken(id));
            AccessTokenRepository.revoke(connection, id);
            return null;
        });
    }

    /** Returns the tokens of a principal on a page, whose query has {@link #FIELDS}. */
    public List<PageQuery.Listed<AccessToken>> list(String principal, PageQuery page) {
        String name = PrincipalNames.requireCaller(principal, "principal");
        return database.read(connection -> AccessTokenRepository.list(connection, name, page));
    }

    static String name(String id) {
        return COLLECTION + "/" + id;
    }

    private static Created insert(Connection connection, String principal, String description, Duration lifetime)
            throws SQLException {
        if (AccessTokenRepository.countValid(connection, principal) >= LIMIT) {
            throw Errors.resourceExhausted(
                    "TOO_MANY_TOKENS",
                    principal + " has " + LIMIT + " valid access tokens; revoke one first",
                    LIMIT_RETRY);
        }
        String id = RandomId.of("token-", ID_LENGTH);
        TokenSecret secret = TokenSecret.generate();
        AccessTokenRepository.insert(connection, id, principal, secret, description, lifetime);
        return new Created(
                AccessTokenRepository.find(connection, id).orElseThrow(() -> missingToken(id)), secret.text());
    }

    private static Duration lifetime(boolean given, com.google.protobuf.Duration lifetime) {
        return limited(given, lifetime, Duration.ofSeconds(1), DEFAULT_LIFETIME, MAX_LIFETIME, "lifetime");
    }

    private static Duration limited(
            boolean given,
            com.google.protobuf.Duration duration,
            Duration least,
            Duration standard,
            Duration most,
            String field) {
        if (!given) {
            return standard;
        }
        // Longer times than a Duration holds are beyond the limit too.
        Duration wanted = Duration.ofSeconds(Math.clamp(duration.getSeconds(), -1L, most.toSeconds() + 1));
        if (wanted.compareTo(least) < 0 || wanted.compareTo(most) > 0) {
            throw Errors.invalidArgument(
                    field, "must be " + least.toSeconds() + " to " + most.toSeconds() + " seconds");
        }
        return wanted;
    }

    private static String id(String name, String field) {
        return RequestNames.id(COLLECTION, name, field);
    }

    private static StatusRuntimeException missingToken(String id) {
        return Errors.notFound(name(id), "list the access tokens with `rootstock access-tokens list`");
    }
}
