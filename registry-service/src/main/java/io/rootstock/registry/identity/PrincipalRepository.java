package io.rootstock.registry.identity;

import io.rootstock.access.v1.Role;
import io.rootstock.names.EnumNames;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.Grant;
import io.rootstock.registry.v1.Principal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Rows of {@code principal} and {@code principal_grant}. */
final class PrincipalRepository {
    private PrincipalRepository() {}

    /** Adds a principal without grants; returns false if it exists. */
    static boolean insert(Connection connection, String name, String description) throws SQLException {
        return Sql.of(
                                connection,
                                "insert into principal (name, description) values (?, ?) on conflict do nothing",
                                name,
                                description)
                        .update()
                == 1;
    }

    /** Returns a principal with its grants. */
    static Optional<Principal> find(Connection connection, String name) throws SQLException {
        return Sql.of(connection, "select * from principal where name = ?", name)
                .first(PrincipalRepository::principal);
    }

    /** Locks a principal until the commit; returns false if it does not exist. */
    static boolean lock(Connection connection, String name) throws SQLException {
        return Sql.of(connection, "select name from principal where name = ? for update", name)
                .first(row -> true)
                .isPresent();
    }

    static List<PageQuery.Listed<Principal>> list(Connection connection, PageQuery page) throws SQLException {
        return page.read(connection, "principal.*", "principal", "true", List.of(), PrincipalRepository::principal);
    }

    /** Deletes a principal with its grants and access tokens; returns false if it does not exist. */
    static boolean delete(Connection connection, String name) throws SQLException {
        return Sql.of(connection, "delete from principal where name = ?", name).update() == 1;
    }

    /** Returns the grants of several principals. */
    static List<Grant> grants(Connection connection, List<String> names) throws SQLException {
        return Sql.of(
                        connection,
                        "select role, prefix from principal_grant where principal = any(?) order by prefix, role",
                        names)
                .list(row -> Grant.newBuilder()
                        .setRole(EnumNames.parse(Role.class, row.getString("role")))
                        .setPrefix(row.getString("prefix"))
                        .build());
    }

    static void grant(Connection connection, String name, Grant grant) throws SQLException {
        Sql.of(
                        connection,
                        "insert into principal_grant (principal, role, prefix) values (?, ?, ?) on conflict do nothing",
                        name,
                        column(grant),
                        grant.getPrefix())
                .update();
    }

    /** Removes a grant; returns false if the principal does not have it. */
    static boolean revoke(Connection connection, String name, Grant grant) throws SQLException {
        return Sql.of(
                                connection,
                                "delete from principal_grant where principal = ? and role = ? and prefix = ?",
                                name,
                                column(grant),
                                grant.getPrefix())
                        .update()
                == 1;
    }

    private static String column(Grant grant) {
        return EnumNames.of(grant.getRole());
    }

    private static Principal principal(ResultSet row) throws SQLException {
        String name = row.getString("name");
        return Principal.newBuilder()
                .setName(name)
                .setDescription(row.getString("description"))
                .setCreateTime(Sql.timestamp(row, "create_time"))
                .addAllGrants(grants(row.getStatement().getConnection(), List.of(name)))
                .build();
    }
}
