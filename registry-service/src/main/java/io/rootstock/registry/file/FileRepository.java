package io.rootstock.registry.file;

import io.rootstock.names.EnumNames;
import io.rootstock.names.ResourceName;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.File;
import io.rootstock.registry.v1.FilePurpose;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Rows of {@code file}. */
final class FileRepository {
    private FileRepository() {}

    static void insert(Connection connection, String id, File file, String owner) throws SQLException {
        Sql.of(
                        connection,
                        "insert into file (id, file_name, purpose, bytes, digest, owner) values (?, ?, ?, ?, ?, ?)",
                        id,
                        file.getFileName(),
                        EnumNames.of(file.getPurpose()),
                        file.getBytes(),
                        file.getDigest(),
                        owner)
                .update();
    }

    static Optional<File> find(Connection connection, String id) throws SQLException {
        return Sql.of(connection, "select * from file where id = ?", id).first(FileRepository::file);
    }

    /** Like {@link #find}, and locks the row until the commit: against deletion, or to delete it. */
    static Optional<File> lock(Connection connection, String id) throws SQLException {
        return Sql.of(connection, "select * from file where id = ? for update", id)
                .first(FileRepository::file);
    }

    /** Returns the query for the page after a file; empty if it does not exist. */
    static Optional<PageQuery> after(Connection connection, PageQuery page, String id) throws SQLException {
        return page.after(connection, "file", "id = ?", id);
    }

    /**
     * Returns the files of a page.
     *
     * @param purpose filter; UNSPECIFIED: all
     * @param owner filter; empty: all
     */
    static List<File> list(Connection connection, FilePurpose purpose, String owner, PageQuery page)
            throws SQLException {
        return page
                .read(
                        connection,
                        "file.*",
                        "file",
                        "? in ('UNSPECIFIED', purpose) and ? in ('', owner)",
                        List.of(EnumNames.of(purpose), owner),
                        FileRepository::file)
                .stream()
                .map(PageQuery.Listed::item)
                .toList();
    }

    /** Id of a fine-tuning job that still has to read the file. */
    static Optional<String> reader(Connection connection, String id) throws SQLException {
        return Sql.of(connection, """
                        select id from fine_tuning
                        where state = 'VALIDATING_FILES' and ? in (training_file, validation_file) limit 1
                        """, id).first(row -> row.getString(1));
    }

    /** Returns the oldest files of at least this age that no fine-tuning job reads. */
    static List<File> unread(Connection connection, Duration age, int limit) throws SQLException {
        return Sql.of(connection, """
                        select * from file
                        where create_time < clock_timestamp() - ?::bigint * interval '1 s' and not exists (
                            select from fine_tuning
                            where state = 'VALIDATING_FILES' and file.id in (training_file, validation_file))
                        order by number limit ?
                        """, age.toSeconds(), limit).list(FileRepository::file);
    }

    static void delete(Connection connection, String id) throws SQLException {
        Sql.of(connection, "delete from file where id = ?", id).update();
    }

    private static File file(ResultSet row) throws SQLException {
        return File.newBuilder()
                .setName(new ResourceName(StoredFiles.COLLECTION, row.getString("id")).toString())
                .setFileName(row.getString("file_name"))
                .setPurpose(EnumNames.parse(FilePurpose.class, row.getString("purpose")))
                .setBytes(row.getLong("bytes"))
                .setDigest(row.getString("digest"))
                .setCreateTime(Sql.timestamp(row, "create_time"))
                .build();
    }
}
