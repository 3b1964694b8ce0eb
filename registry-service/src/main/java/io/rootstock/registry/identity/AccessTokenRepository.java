package io.rootstock.registry.identity;

import com.google.protobuf.Timestamp;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.AccessToken;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rows of {@code access_token}. */
final class AccessTokenRepository {
    private AccessTokenRepository() {}

    /** A token that is valid now. */
    record Valid(String principal, Instant expiry) {}

    static void insert(
            Connection connection, String id, String principal, TokenSecret secret, String description, Duration life)
            throws SQLException {
        Sql.of(connection, """
                        insert into access_token (id, principal, hash, description, expire_time)
                        values (?, ?, ?, ?, clock_timestamp() + ?::bigint * interval '1 s')
                        """, id, principal, secret.hash(), description, life.toSeconds())
                .update();
    }

    static Optional<AccessToken> find(Connection connection, String id) throws SQLException {
        return Sql.of(connection, "select * from access_token where id = ?", id).first(AccessTokenRepository::token);
    }

    /** Reads a token and locks it until the commit. */
    static Optional<AccessToken> lock(Connection connection, String id) throws SQLException {
        return Sql.of(connection, "select * from access_token where id = ? for update", id)
                .first(AccessTokenRepository::token);
    }

    /** Returns the number of a principal's tokens that are valid. */
    static long countValid(Connection connection, String principal) throws SQLException {
        return Sql.of(connection, """
                        select count(*) from access_token
                        where principal = ? and revoke_time is null and expire_time > clock_timestamp()
                        """, principal).one(row -> row.getLong(1));
    }

    /** Returns the valid token of a secret and remembers the time of its use, to a minute. */
    static Optional<Valid> use(Connection connection, byte[] hash) throws SQLException {
        Optional<Valid> valid =
                Sql.of(connection, """
                        select principal, expire_time from access_token
                        where hash = ? and revoke_time is null and expire_time > clock_timestamp()
                        """, hash).first(row -> new Valid(row.getString("principal"), instant(row)));
        if (valid.isPresent()) {
            Sql.of(connection, """
                            update access_token set last_use_time = clock_timestamp()
                            where hash = ? and (last_use_time is null
                                or last_use_time < clock_timestamp() - interval '1 minute')
                            """, hash).update();
        }
        return valid;
    }

    /** Returns the tokens of a principal on a page. */
    static List<PageQuery.Listed<AccessToken>> list(Connection connection, String principal, PageQuery page)
            throws SQLException {
        return page.read(
                connection,
                "access_token.*",
                "access_token",
                "principal = ?",
                List.of(principal),
                AccessTokenRepository::token);
    }

    /** Lets a token expire after a time, unless it does earlier. */
    static void expire(Connection connection, String id, Duration after) throws SQLException {
        Sql.of(connection, """
                        update access_token
                        set expire_time = least(expire_time, clock_timestamp() + ?::bigint * interval '1 s')
                        where id = ?
                        """, after.toSeconds(), id).update();
    }

    static void revoke(Connection connection, String id) throws SQLException {
        Sql.of(
                        connection,
                        "update access_token set revoke_time = clock_timestamp() where id = ? and revoke_time is null",
                        id)
                .update();
    }

    private static Instant instant(ResultSet row) throws SQLException {
        Timestamp time = Sql.timestamp(row, "expire_time");
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    private static AccessToken token(ResultSet row) throws SQLException {
        AccessToken.Builder token = AccessToken.newBuilder()
                .setName(AccessTokens.name(row.getString("id")))
                .setPrincipal(row.getString("principal"))
                .setDescription(row.getString("description"))
                .setCreateTime(Sql.timestamp(row, "create_time"))
                .setExpireTime(Sql.timestamp(row, "expire_time"));
        if (row.getObject("revoke_time") != null) {
            token.setRevokeTime(Sql.timestamp(row, "revoke_time"));
        }
        if (row.getObject("last_use_time") != null) {
            token.setLastUseTime(Sql.timestamp(row, "last_use_time"));
        }
        return token.build();
    }
}
