package io.rootstock.registry.backup;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.database.Schema;
import io.rootstock.registry.database.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Loads the rows of a backup into a database without resources. All rows become visible in one transaction; if the process is
 * killed before, the database is empty and the load can be repeated.
 */
final class DatabaseLoad {
    /** The trainer rejects commands with smaller numbers than it has seen, also those sent after the backup (0122). */
    private static final long COMMAND_GAP = 1_000_000_000L;

    /** Tables of which one row makes an installation not empty. */
    private static final Map<String, String> RESOURCES = Map.of(
            "registry.model", "models",
            "registry.job", "jobs",
            "registry.file", "files",
            "registry.upload", "uploads",
            "registry.fine_tuning", "fine-tuning jobs",
            "registry.suite", "suites",
            "registry.webhook", "webhooks",
            "tokenizer.corpus", "corpora",
            "tokenizer.resource", "tokenizers, datasets and uploaded files");

    private DatabaseLoad() {}

    /** Describes the resources of a database, such as "3 models, 1 jobs"; empty if there are none. */
    static String resources(Connection connection) throws SQLException {
        StringJoiner found = new StringJoiner(", ");
        for (Map.Entry<String, String> table :
                RESOURCES.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
            if (DatabaseTables.exists(connection, table.getKey())) {
                long rows = Sql.of(connection, "select count(*) from " + table.getKey())
                        .one(row -> row.getLong(1));
                if (rows > 0) {
                    found.add(rows + " " + table.getValue());
                }
            }
        }
        return found.toString();
    }

    /**
     * Replaces the schemas of the database by those of the backup, and migrates them to a release.
     *
     * @param schemas the schemas of the release
     * @throws SQLException if the rows do not fit; the database is then empty
     */
    static void run(PGSimpleDataSource source, List<Schema> schemas, BackupManifest manifest, ArtifactStore backup)
            throws SQLException, IOException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (Schema schema : schemas) {
                statement.execute("drop schema if exists " + schema.name() + " cascade");
            }
        }
        List<Schema> dumped =
                schemas.stream().filter(schema -> manifest.version(schema) > 0).toList();
        dumped.forEach(schema -> schema.migrate(source, manifest.version(schema)));
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            load(connection, manifest, backup);
            connection.commit();
        }
        dumped.forEach(schema -> schema.migrate(source));
    }

    private static void load(Connection connection, BackupManifest manifest, ArtifactStore backup)
            throws SQLException, IOException {
        Map<String, BackupManifest.Table> dumped = manifest.tables().stream()
                .collect(Collectors.toMap(table -> table.schema() + "." + table.name(), Function.identity()));
        List<DatabaseTables.Table> tables = DatabaseTables.inOrderOfReferences(connection);
        try (Statement statement = connection.createStatement()) {
            for (DatabaseTables.Table table : tables) {
                // The triggers refuse truncation, and rows that are written after the row that they belong to.
                statement.execute("alter table " + table.quoted() + " disable trigger user");
            }
            statement.execute("truncate "
                    + String.join(
                            ", ",
                            tables.stream().map(DatabaseTables.Table::quoted).toList()));
            for (DatabaseTables.Table table : tables) {
                BackupManifest.Table rows = dumped.remove(table.schema() + "." + table.name());
                if (rows == null) {
                    throw new SQLException("the backup has no rows of " + table.name());
                }
                copy(connection, table, rows, backup);
            }
            if (!dumped.isEmpty()) {
                throw new SQLException("the backup has tables that its schema does not have: " + dumped.keySet());
            }
            for (DatabaseTables.Table table : tables) {
                statement.execute("alter table " + table.quoted() + " enable trigger user");
            }
        }
        for (BackupManifest.Sequence sequence : manifest.sequences()) {
            set(connection, sequence.schema(), sequence.name(), sequence.value());
        }
        long commands = Sql.of(
                        connection,
                        "select coalesce(last_value, 0) from pg_sequences"
                                + " where schemaname = 'registry' and sequencename = 'job_command_id_seq'")
                .one(row -> row.getLong(1));
        set(connection, "registry", "job_command_id_seq", commands + COMMAND_GAP);
    }

    private static void copy(
            Connection connection, DatabaseTables.Table table, BackupManifest.Table rows, ArtifactStore backup)
            throws SQLException, IOException {
        String columns = String.join(
                ", ", rows.columns().stream().map(DatabaseTables::quote).toList());
        try (InputStream text =
                new GZIPInputStream(Files.newInputStream(backup.verified(Digest.parse(rows.digest()))), 1 << 16)) {
            long copied = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy " + table.quoted() + " (" + columns + ") from stdin", text);
            if (copied != rows.rows()) {
                throw new SQLException(
                        "the backup has " + rows.rows() + " rows of " + table.name() + ", " + copied + " were loaded");
            }
        }
    }

    private static void set(Connection connection, String schema, String sequence, long value) throws SQLException {
        long _ = Sql.of(
                        connection,
                        "select setval(?::regclass, ?)",
                        DatabaseTables.quote(schema) + "." + DatabaseTables.quote(sequence),
                        value)
                .one(row -> row.getLong(1));
    }
}
