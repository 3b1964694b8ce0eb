package io.rootstock.registry.backup;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.Digest;
import io.rootstock.database.Schema;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.storage.RegistryReferences;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * The database at one time, written to an artifact store.
 *
 * @param references artifacts of the registry's and the tokenizer service's resources
 */
record DatabaseDump(
        Instant time,
        Map<String, Integer> schemas,
        List<BackupManifest.Table> tables,
        List<BackupManifest.Sequence> sequences,
        Set<Digest> references) {

    /** Writes all tables of the transaction's snapshot, which must be REPEATABLE READ. */
    static DatabaseDump write(Connection connection, ArtifactStore target, CopyProgress.Listener listener)
            throws SQLException {
        // The first statement takes the snapshot.
        Instant time = Sql.of(connection, "select clock_timestamp()")
                .one(row -> row.getObject(1, OffsetDateTime.class).toInstant());
        Set<Digest> references = references(connection);
        listener.at(new CopyProgress("copying the database", 0, 0, 0, 0));
        List<BackupManifest.Table> tables = tables(connection, target);
        // Sequences are not part of a snapshot: read last, their positions are not below those of the rows.
        return new DatabaseDump(
                time, DatabaseTables.versions(connection), tables, DatabaseTables.sequences(connection), references);
    }

    /** Writes all tables. */
    static List<BackupManifest.Table> tables(Connection connection, ArtifactStore target) throws SQLException {
        CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
        List<BackupManifest.Table> tables = new ArrayList<>();
        for (DatabaseTables.Table table : DatabaseTables.all(connection)) {
            tables.add(write(copy, table, target));
        }
        return tables;
    }

    /** Returns the artifacts of the registry's and the tokenizer service's resources. */
    static Set<Digest> references(Connection connection) throws SQLException {
        Set<Digest> references =
                new HashSet<>(RegistryReferences.read(connection).digests());
        // The tokenizer service creates its schema when it first starts.
        if (Schema.TOKENIZER.version(connection) > 0) {
            Sql.of(connection, """
                            select digest from tokenizer.resource union select unnest(digests) from tokenizer.corpus
                            """).list(row -> row.getString(1)).stream()
                    .flatMap(digest -> Digest.find(digest).stream())
                    .forEach(references::add);
        }
        return references;
    }

    private static BackupManifest.Table write(CopyManager copy, DatabaseTables.Table table, ArtifactStore target)
            throws SQLException {
        try (ArtifactWriter writer = target.create()) {
            long rows;
            try (OutputStream text = new GZIPOutputStream(new Uncommitted(writer), 1 << 16)) {
                rows = copy.copyOut(
                        "copy (select " + table.quotedColumns() + " from " + table.quoted() + ") to stdout", text);
            }
            return new BackupManifest.Table(
                    table.schema(),
                    table.name(),
                    table.columns(),
                    rows,
                    writer.commit().value());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the rows of " + table.name() + " to the backup: " + e, e);
        }
    }

    /** Keeps a writer open, which is closed after its commit. */
    private static final class Uncommitted extends FilterOutputStream {
        Uncommitted(ArtifactWriter writer) {
            super(writer);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() {
            // The writer is not closed here.
        }
    }
}
