package io.rootstock.registry.evaluation;

import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.SuiteTask;
import io.rootstock.names.AliasName;
import io.rootstock.names.GateName;
import io.rootstock.names.SuiteRevisionName;
import io.rootstock.registry.database.DeletionMode;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Rows of {@code suite}, {@code suite_revision}, {@code suite_file} and {@code suite_task}. */
final class SuiteRepository {
    /** Joins the rows of the revisions in two arrays: suites and numbers. */
    private static final String WANTED = " join unnest(?, ?) as wanted (suite, number) using (suite, number) ";

    private SuiteRepository() {}

    /** Creates the suite if it is missing, locks it against other revisions until the commit, and returns its newest number. */
    static long lock(Connection connection, String suite) throws SQLException {
        Sql.of(connection, "insert into suite (id) values (?) on conflict do nothing", suite)
                .update();
        return Sql.of(connection, "select latest_revision from suite where id = ? for update", suite)
                .one(row -> row.getLong(1));
    }

    /** Adds a revision of a locked suite. */
    static void insert(Connection connection, SuiteRevisionName name, SuiteRevision revision) throws SQLException {
        Sql.of(
                        connection,
                        "insert into suite_revision (suite, number, description) values (?, ?, ?)",
                        name.suite(),
                        name.number(),
                        revision.getDescription())
                .update();
        Sql.of(
                        connection,
                        """
                        insert into suite_file (suite, number, path, digest, bytes)
                        select ?, ?, file.* from unnest(?, ?, ?) as file
                        """,
                        name.suite(),
                        name.number(),
                        revision.getFilesList().stream().map(SuiteFile::getPath).toList(),
                        revision.getFilesList().stream()
                                .map(SuiteFile::getDigest)
                                .toList(),
                        revision.getFilesList().stream()
                                .map(SuiteFile::getBytes)
                                .toList())
                .update();
        int position = 0;
        for (SuiteTask task : revision.getTasksList()) {
            position++;
            Sql.of(
                            connection,
                            """
                            insert into suite_task (suite, number, position, name, output_type, metrics, shots)
                            values (?, ?, ?, ?, ?, ?, ?)
                            """,
                            name.suite(),
                            name.number(),
                            position,
                            task.getName(),
                            task.getOutputType(),
                            List.copyOf(task.getMetricsList()),
                            task.getShots())
                    .update();
        }
        Sql.of(connection, "update suite set latest_revision = ? where id = ?", name.number(), name.suite())
                .update();
    }

    /** Returns the number of the newest revision; empty if the suite does not exist. */
    static Optional<Long> newest(Connection connection, String suite) throws SQLException {
        return Sql.of(connection, "select latest_revision from suite where id = ?", suite)
                .first(row -> row.getLong(1));
    }

    /** Locks a revision against deletion until the commit; returns false if it does not exist. */
    static boolean lock(Connection connection, SuiteRevisionName name) throws SQLException {
        return Sql.of(
                        connection,
                        "select number from suite_revision where suite = ? and number = ? for key share",
                        name.suite(),
                        name.number())
                .first(row -> row.getLong(1))
                .isPresent();
    }

    static Optional<SuiteRevision> find(Connection connection, SuiteRevisionName name) throws SQLException {
        Optional<SuiteRevision> found = Sql.of(
                        connection,
                        "select * from suite_revision where suite = ? and number = ?",
                        name.suite(),
                        name.number())
                .first(SuiteRepository::revision);
        if (found.isEmpty()) {
            return found;
        }
        List<SuiteFile> files = Sql.of(
                        connection,
                        "select path, digest, bytes from suite_file where suite = ? and number = ? order by path",
                        name.suite(),
                        name.number())
                .list(SuiteRepository::file);
        return Optional.of(withTasks(connection, List.of(found.get())).getFirst().toBuilder()
                .addAllFiles(files)
                .build());
    }

    /** Returns the names of a revision's tasks in their order. */
    static List<String> tasks(Connection connection, SuiteRevisionName name) throws SQLException {
        return Sql.of(
                        connection,
                        "select name from suite_task where suite = ? and number = ? order by position",
                        name.suite(),
                        name.number())
                .list(row -> row.getString(1));
    }

    /** Returns the newest revisions of the suites of a page, without files. */
    static List<PageQuery.Listed<SuiteRevision>> listSuites(Connection connection, PageQuery page) throws SQLException {
        return listed(
                connection,
                page.read(
                        connection,
                        "suite_revision.*",
                        "suite join suite_revision on suite_revision.suite = suite.id and number = latest_revision",
                        "true",
                        List.of(),
                        SuiteRepository::revision));
    }

    /** Returns the revisions of a page, without files. */
    static List<PageQuery.Listed<SuiteRevision>> listRevisions(Connection connection, String suite, PageQuery page)
            throws SQLException {
        return listed(
                connection,
                page.read(
                        connection,
                        "suite_revision.*",
                        "suite_revision",
                        "suite_revision.suite = ?",
                        List.of(suite),
                        SuiteRepository::revision));
    }

    /** Returns the names of gates on any revision of a suite. */
    static List<String> gates(Connection connection, String suite, int limit) throws SQLException {
        return Sql.of(
                        connection,
                        "select model, alias, id from gate where suite = ? order by model, alias, id limit ?",
                        suite,
                        limit)
                .list(row -> new GateName(
                                new AliasName(row.getString("model"), row.getString("alias")), row.getString("id"))
                        .toString());
    }

    /** Deletes a suite that no evaluation refers to. */
    static void delete(Connection connection, String suite) throws SQLException {
        DeletionMode.begin(connection);
        Sql.of(connection, "delete from suite where id = ?", suite).update();
    }

    private static List<PageQuery.Listed<SuiteRevision>> listed(
            Connection connection, List<PageQuery.Listed<SuiteRevision>> found) throws SQLException {
        List<SuiteRevision> revisions =
                withTasks(connection, found.stream().map(PageQuery.Listed::item).toList());
        return IntStream.range(0, found.size())
                .mapToObj(i -> new PageQuery.Listed<>(found.get(i).cursor(), revisions.get(i)))
                .toList();
    }

    private static List<SuiteRevision> withTasks(Connection connection, List<SuiteRevision> revisions)
            throws SQLException {
        if (revisions.isEmpty()) {
            return revisions;
        }
        Map<SuiteRevisionName, SuiteRevision.Builder> builders = new LinkedHashMap<>();
        revisions.forEach(revision -> builders.put(SuiteRevisionName.parse(revision.getName()), revision.toBuilder()));
        List<String> suites = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        builders.keySet().forEach(name -> {
            suites.add(name.suite());
            numbers.add(name.number());
        });
        record Row(SuiteRevisionName name, SuiteTask task) {}
        for (Row row : Sql.of(connection, "select * from suite_task" + WANTED + "order by position", suites, numbers)
                .list(row -> new Row(name(row), task(row)))) {
            builders.get(row.name()).addTasks(row.task());
        }
        return builders.values().stream().map(SuiteRevision.Builder::build).toList();
    }

    private static SuiteRevisionName name(ResultSet row) throws SQLException {
        return new SuiteRevisionName(row.getString("suite"), row.getLong("number"));
    }

    private static SuiteRevision revision(ResultSet row) throws SQLException {
        return SuiteRevision.newBuilder()
                .setName(name(row).toString())
                .setDescription(row.getString("description"))
                .setCreateTime(Sql.timestamp(row, "create_time"))
                .build();
    }

    private static SuiteFile file(ResultSet row) throws SQLException {
        return SuiteFile.newBuilder()
                .setPath(row.getString("path"))
                .setDigest(row.getString("digest"))
                .setBytes(row.getLong("bytes"))
                .build();
    }

    private static SuiteTask task(ResultSet row) throws SQLException {
        return SuiteTask.newBuilder()
                .setName(row.getString("name"))
                .setOutputType(row.getString("output_type"))
                .addAllMetrics(Sql.strings(row, "metrics"))
                .setShots(row.getInt("shots"))
                .build();
    }
}
