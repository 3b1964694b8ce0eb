package io.rootstock.registry.file;

import io.rootstock.names.EnumNames;
import io.rootstock.names.ResourceName;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.FileHeader;
import io.rootstock.registry.v1.FilePurpose;
import io.rootstock.registry.v1.Upload;
import io.rootstock.registry.v1.UploadPart;
import io.rootstock.registry.v1.UploadState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Rows of {@code upload} and {@code upload_part}. */
final class UploadRepository {
    /** Number of uploads, including ended ones, that are kept. */
    private static final int KEPT = 1000;

    private static final String SELECT = """
            select *, case when state = 'PENDING' and expire_time <= clock_timestamp() then 'EXPIRED' else state end
                as actual_state
            from upload where id = ?\s""";

    private UploadRepository() {}

    /**
     * Content of a part.
     *
     * @param id id of the part
     */
    record Part(String id, long bytes, String digest) {}

    static void insert(Connection connection, String id, FileHeader header, Duration time) throws SQLException {
        Sql.of(
                        connection,
                        """
                        insert into upload (id, file_name, purpose, bytes, state, expire_time, owner)
                        values (?, ?, ?, ?, 'PENDING', clock_timestamp() + ? * interval '1 second', ?)
                        """,
                        id,
                        header.getFileName(),
                        EnumNames.of(header.getPurpose()),
                        header.getBytes(),
                        time.toSeconds(),
                        Owner.current())
                .update();
    }

    /** Marks expired uploads, deletes their parts, and deletes the oldest ended uploads. */
    static void clean(Connection connection) throws SQLException {
        Sql.of(
                        connection,
                        "update upload set state = 'EXPIRED' where state = 'PENDING' and expire_time <= clock_timestamp()")
                .update();
        Sql.of(connection, """
                        delete from upload_part using upload
                        where upload.id = upload_part.upload and upload.state = 'EXPIRED'
                        """).update();
        Sql.of(connection, """
                        delete from upload
                        where state <> 'PENDING' and number <= (select max(number) from upload) - ?
                        """, KEPT).update();
    }

    static Optional<Upload> find(Connection connection, String id) throws SQLException {
        return Sql.of(connection, SELECT, id).first(UploadRepository::upload);
    }

    /** Reads the upload and locks its row until the commit. */
    static Optional<Upload> lock(Connection connection, String id) throws SQLException {
        return Sql.of(connection, SELECT + "for update", id).first(UploadRepository::upload);
    }

    /** Ends an upload and deletes its parts. */
    static void end(Connection connection, String id, UploadState state, String file) throws SQLException {
        Sql.of(connection, "update upload set state = ?, file = ? where id = ?", EnumNames.of(state), file, id)
                .update();
        Sql.of(connection, "delete from upload_part where upload = ?", id).update();
    }

    static void addPart(Connection connection, String upload, Part part) throws SQLException {
        Sql.of(
                        connection,
                        "insert into upload_part (upload, id, bytes, digest) values (?, ?, ?, ?)",
                        upload,
                        part.id(),
                        part.bytes(),
                        part.digest())
                .update();
    }

    static List<Part> parts(Connection connection, String upload) throws SQLException {
        return Sql.of(connection, "select * from upload_part where upload = ?", upload)
                .list(row -> new Part(row.getString("id"), row.getLong("bytes"), row.getString("digest")));
    }

    static Optional<UploadPart> part(Connection connection, String upload, String id) throws SQLException {
        return Sql.of(connection, "select * from upload_part where upload = ? and id = ?", upload, id)
                .first(row -> UploadPart.newBuilder()
                        .setName(Uploads.partName(upload, row.getString("id")))
                        .setBytes(row.getLong("bytes"))
                        .setCreateTime(Sql.timestamp(row, "create_time"))
                        .build());
    }

    private static Upload upload(ResultSet row) throws SQLException {
        Upload.Builder upload = Upload.newBuilder()
                .setName(new ResourceName(Uploads.COLLECTION, row.getString("id")).toString())
                .setFileName(row.getString("file_name"))
                .setPurpose(EnumNames.parse(FilePurpose.class, row.getString("purpose")))
                .setBytes(row.getLong("bytes"))
                .setState(EnumNames.parse(UploadState.class, row.getString("actual_state")))
                .setCreateTime(Sql.timestamp(row, "create_time"))
                .setExpireTime(Sql.timestamp(row, "expire_time"));
        String file = row.getString("file");
        if (file != null) {
            FileRepository.find(row.getStatement().getConnection(), file).ifPresent(upload::setFile);
        }
        return upload.build();
    }
}
