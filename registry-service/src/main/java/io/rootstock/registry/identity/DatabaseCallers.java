package io.rootstock.registry.identity;

import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseException;
import io.rootstock.registry.v1.Grant;
import io.rootstock.service.Errors;
import io.rootstock.service.access.Caller;
import io.rootstock.service.access.CallerSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Callers by their access tokens, and by tokens of the OpenID provider if there is one. */
@ApplicationScoped
public class DatabaseCallers implements CallerSource {
    private static final Duration FRESHNESS = Duration.ofSeconds(1);

    private final Database database;
    private final OpenIdTokens provider;

    /** Required by the CDI client proxy. */
    DatabaseCallers() {
        database = null;
        provider = null;
    }

    /** Creates it on a database. */
    @Inject
    public DatabaseCallers(Database database, OpenIdTokens provider) {
        this.database = database;
        this.provider = provider;
    }

    @Override
    public Duration freshness() {
        return FRESHNESS;
    }

    @Override
    public Optional<Caller> find(String token) {
        try {
            return TokenSecret.isSecret(token) ? ofSecret(new TokenSecret(token)) : ofProvider(token);
        } catch (DatabaseException e) {
            throw Errors.unavailable("DATABASE_UNAVAILABLE", "the registry's database is unavailable; try again");
        }
    }

    private Optional<Caller> ofSecret(TokenSecret secret) {
        return database.write(connection -> {
            Optional<AccessTokenRepository.Valid> valid = AccessTokenRepository.use(connection, secret.hash());
            return valid.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Caller(
                            valid.get().principal(),
                            grants(connection, List.of(valid.get().principal())),
                            Optional.of(valid.get().expiry())));
        });
    }

    private Optional<Caller> ofProvider(String token) {
        return provider.verify(token).map(user -> {
            List<String> principals = new ArrayList<>(user.groups());
            principals.add(user.name());
            return new Caller(
                    user.name(),
                    database.read(connection -> grants(connection, principals)),
                    Optional.of(user.expiry()),
                    user.groups());
        });
    }

    private static List<io.rootstock.service.access.Caller.Grant> grants(Connection connection, List<String> principals)
            throws SQLException {
        return PrincipalRepository.grants(connection, principals).stream()
                .map(DatabaseCallers::grant)
                .toList();
    }

    private static io.rootstock.service.access.Caller.Grant grant(Grant grant) {
        return new io.rootstock.service.access.Caller.Grant(grant.getRole(), grant.getPrefix());
    }
}
