package io.rootstock.registry.backup;

import io.rootstock.database.Schema;
import io.rootstock.registry.database.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tables of the schemas that a backup contains, from PostgreSQL's catalog. */
final class DatabaseTables {
    /** Schemas of the registry and of the tokenizer service. */
    static final List<Schema> SCHEMAS = List.of(Schema.REGISTRY, Schema.TOKENIZER);

    private static final List<String> NAMES = SCHEMAS.stream().map(Schema::name).toList();

    private DatabaseTables() {}

    /** A table; a partitioned table includes its partitions. */
    record Table(String schema, String name, List<String> columns) {
        String quoted() {
            return quote(schema) + "." + quote(name);
        }

        String quotedColumns() {
            return String.join(", ", columns.stream().map(DatabaseTables::quote).toList());
        }
    }

    /** Returns the tables in order of their names, with their columns; generated columns are left out. */
    static List<Table> all(Connection connection) throws SQLException {
        return Sql.of(connection, """
                        select n.nspname, c.relname, array(
                            select a.attname::text from pg_attribute a
                            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                            order by a.attnum) as columns
                        from pg_class c join pg_namespace n on n.oid = c.relnamespace
                        where n.nspname = any(?) and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> ?
                        order by n.nspname, c.relname
                        """, NAMES, Schema.HISTORY)
                .list(row -> new Table(row.getString(1), row.getString(2), Sql.strings(row, "columns")));
    }

    /** Returns the tables so that each follows those that its foreign keys refer to. */
    static List<Table> inOrderOfReferences(Connection connection) throws SQLException {
        Map<String, Table> tables = new LinkedHashMap<>();
        all(connection).forEach(table -> tables.put(table.schema() + "." + table.name(), table));
        Map<String, Set<String>> references = new LinkedHashMap<>();
        Sql.of(connection, """
                        select distinct n.nspname || '.' || c.relname, rn.nspname || '.' || rc.relname
                        from pg_constraint f
                        join pg_class c on c.oid = f.conrelid join pg_namespace n on n.oid = c.relnamespace
                        join pg_class rc on rc.oid = f.confrelid join pg_namespace rn on rn.oid = rc.relnamespace
                        where f.contype = 'f' and f.conrelid <> f.confrelid and n.nspname = any(?)
                        """, NAMES)
                .list(row -> references
                        .computeIfAbsent(row.getString(1), _ -> new LinkedHashSet<>())
                        .add(row.getString(2)));
        List<Table> ordered = new ArrayList<>();
        Set<String> visited = new LinkedHashSet<>();
        tables.keySet().forEach(name -> visit(name, tables, references, visited, ordered));
        return ordered;
    }

    /** Returns the sequences that were used. */
    static List<BackupManifest.Sequence> sequences(Connection connection) throws SQLException {
        return Sql.of(connection, """
                        select schemaname, sequencename, last_value from pg_sequences
                        where schemaname = any(?) and last_value is not null order by 1, 2
                        """, NAMES)
                .list(row -> new BackupManifest.Sequence(row.getString(1), row.getString(2), row.getLong(3)));
    }

    /** Returns the newest migration of each schema that exists. */
    static Map<String, Integer> versions(Connection connection) throws SQLException {
        Map<String, Integer> versions = new LinkedHashMap<>();
        for (Schema schema : SCHEMAS) {
            int version = schema.version(connection);
            if (version > 0) {
                versions.put(schema.name(), version);
            }
        }
        return versions;
    }

    static boolean exists(Connection connection, String table) throws SQLException {
        return Sql.of(connection, "select to_regclass(?) is not null", table).one(row -> row.getBoolean(1));
    }

    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static void visit(
            String name,
            Map<String, Table> tables,
            Map<String, Set<String>> references,
            Set<String> visited,
            List<Table> ordered) {
        if (tables.containsKey(name) && visited.add(name)) {
            references
                    .getOrDefault(name, Set.of())
                    .forEach(other -> visit(other, tables, references, visited, ordered));
            ordered.add(tables.get(name));
        }
    }
}
