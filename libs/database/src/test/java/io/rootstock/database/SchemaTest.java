package io.rootstock.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.postgresql.ds.PGSimpleDataSource;

class SchemaTest {
    static final List<Schema> SCHEMAS = List.of(Schema.REGISTRY, Schema.TOKENIZER);

    private final PGSimpleDataSource source = TestDatabase.createEmpty();

    @Test
    void isCreatedAndKeptByTheNextStart() throws SQLException {
        assertThat(version(Schema.REGISTRY)).isZero();
        Schema.REGISTRY.migrate(source);
        TestDatabase.execute(source, "insert into registry.model (id) values ('kept')");
        Schema.REGISTRY.migrate(source);
        assertThat(list("select id from registry.model")).containsExactly("kept");
        assertThat(version(Schema.REGISTRY)).isEqualTo(Schema.REGISTRY.newest());
        assertThat(list("select nspname::text from pg_namespace")).doesNotContain("tokenizer");
    }

    @ParameterizedTest
    @FieldSource("SCHEMAS")
    void everyScriptIsListedWithItsNumber(Schema schema) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db", schema.name()))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(schema.scripts());
        }
        for (int i = 0; i < schema.scripts().size(); i++) {
            assertThat(schema.scripts().get(i)).startsWith("V" + (i + 1) + "__");
        }
    }

    @Test
    void severalServicesMigrateAtTheSameTime() throws Exception {
        List<Future<?>> starts = new ArrayList<>();
        try (ExecutorService services = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                starts.add(services.submit(() -> Schema.REGISTRY.migrate(source)));
                starts.add(services.submit(() -> Schema.TOKENIZER.migrate(source)));
            }
        }
        for (Future<?> start : starts) {
            start.get();
        }
        assertThat(version(Schema.REGISTRY)).isEqualTo(Schema.REGISTRY.newest());
        assertThat(version(Schema.TOKENIZER)).isEqualTo(Schema.TOKENIZER.newest());
    }

    @Test
    void aUserWithoutThePrivilegeToCreateSchemasMigratesAnExistingOne() throws SQLException {
        TestDatabase.execute(source, """
                drop role if exists plain;
                create role plain login password 'plain';
                create schema tokenizer authorization plain
                """);
        PGSimpleDataSource plain = new PGSimpleDataSource();
        plain.setServerNames(source.getServerNames());
        plain.setPortNumbers(source.getPortNumbers());
        plain.setDatabaseName(source.getDatabaseName());
        plain.setUser("plain");
        plain.setPassword("plain");
        Schema.TOKENIZER.migrate(plain);
        assertThat(version(Schema.TOKENIZER)).isEqualTo(Schema.TOKENIZER.newest());
    }

    @Test
    void aSchemaOfANewerReleaseIsRefused() {
        NextRelease.REGISTRY.migrate(source);
        assertThatThrownBy(() -> Schema.REGISTRY.migrate(source))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("registry has migration 1000, this release knows " + Schema.REGISTRY.newest())
                .hasMessageContaining("start the release that migrated it, or a newer one");
    }

    @Test
    void changesOfAnAppliedMigrationAreRefused() {
        Schema.REGISTRY.migrate(source);
        TestDatabase.execute(source, "update registry.flyway_schema_history set checksum = checksum + 1");
        assertThatThrownBy(() -> Schema.REGISTRY.migrate(source)).hasMessageContaining("checksum");
    }

    @Test
    void aDatabaseOfABuildBeforeTheFirstReleaseIsRefusedAndUnchanged() throws SQLException {
        Schema.REGISTRY.migrate(source);
        TestDatabase.execute(source, """
                insert into registry.model (id) values ('kept');
                update registry.flyway_schema_history set script = 'V1__models.sql' where version = '1';
                create schema tokenizer;
                create table tokenizer.resource (id text);
                insert into tokenizer.resource values ('kept')
                """);
        for (Schema schema : SCHEMAS) {
            assertThatThrownBy(() -> schema.migrate(source))
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("schema " + schema.name() + " was made by a build before the first release")
                    .hasMessageContaining("nothing was changed")
                    .hasMessageContaining("ROOTSTOCK_HOME")
                    .hasMessageContaining("rootstock.registry.database-url");
        }
        assertThat(list("select id from registry.model union all select id from tokenizer.resource"))
                .containsExactly("kept", "kept");
    }

    /** From the first migration to the newest one and to one of a later release, while no service runs. */
    @Test
    void everyRowOfTheFirstMigrationKeepsItsValues() throws SQLException {
        SCHEMAS.forEach(schema -> schema.migrate(source, 1));
        TestDatabase.execute(source, NextRelease.rowsOfMigration1());
        Map<String, List<String>> before = rows();
        assertThat(before)
                .hasSizeGreaterThan(40)
                .allSatisfy((_, rows) -> assertThat(rows).isNotEmpty());
        List<Runnable> releases = List.of(
                () -> SCHEMAS.forEach(schema -> schema.migrate(source)),
                () -> List.of(NextRelease.REGISTRY, NextRelease.TOKENIZER).forEach(schema -> schema.migrate(source)));
        for (Runnable release : releases) {
            release.run();
            for (Map.Entry<String, List<String>> table : before.entrySet()) {
                for (String row : table.getValue()) {
                    assertThat(list("select count(*)::text from " + table.getKey() + " t where to_jsonb(t) @> '"
                                    + row.replace("'", "''") + "'"))
                            .as(table.getKey() + " " + row)
                            .containsExactly("1");
                }
            }
        }
        assertThat(version(NextRelease.REGISTRY)).isEqualTo(NextRelease.VERSION);
        assertThat(list("select next from registry.model order by id")).containsExactly("base", "spam");
        assertThat(list("select next from tokenizer.resource")).containsExactly("text");
    }

    /** Returns the rows of every table as JSON. */
    private Map<String, List<String>> rows() throws SQLException {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (String table : list("select table_schema || '.' || table_name from information_schema.tables"
                + " where table_schema in ('registry', 'tokenizer') and table_name <> '" + Schema.HISTORY
                + "' and table_name !~ '^metric_point_[0-9]+$' order by 1")) {
            rows.put(table, list("select to_jsonb(t)::text from " + table + " t order by 1"));
        }
        return rows;
    }

    private int version(Schema schema) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return schema.version(connection);
        }
    }

    private List<String> list(String query) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(result.getString(1));
            }
            return rows;
        }
    }
}
