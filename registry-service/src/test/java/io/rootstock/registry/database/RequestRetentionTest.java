package io.rootstock.registry.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.database.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestRetentionTest {
    @Test
    void requestIdsAreRemovedAfterAWeek() {
        try (Database database = Database.open(new DatabaseServer.External(TestDatabase.create()))) {
            insert(database, "old", "8 days");
            insert(database, "recent", "6 days");
            RequestRetention retention = new RequestRetention(database);
            assertThat(retention.round()).isTrue();
            assertThat(ids(database)).containsExactly("recent");
            insert(database, "old again", "8 days");
            assertThat(retention.round()).as("once an hour").isTrue();
            assertThat(ids(database)).containsExactly("old again", "recent");
        }
    }

    private static void insert(Database database, String id, String age) {
        database.write(connection -> Sql.of(
                        connection,
                        "insert into request (method, id, fingerprint, result, create_time)"
                                + " values ('Test', ?, '', '', clock_timestamp() - ?::interval)",
                        id,
                        age)
                .update());
    }

    private static List<String> ids(Database database) {
        return database.read(connection ->
                Sql.of(connection, "select id from request order by id").list(row -> row.getString(1)));
    }
}
