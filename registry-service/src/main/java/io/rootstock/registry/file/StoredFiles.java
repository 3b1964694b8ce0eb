package io.rootstock.registry.file;

import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.names.ResourceName;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.RandomId;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.v1.DeleteFileRequest;
import io.rootstock.registry.v1.File;
import io.rootstock.registry.v1.FileHeader;
import io.rootstock.registry.v1.FilePurpose;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import io.rootstock.service.filter.Field;
import io.rootstock.service.filter.FieldType;
import io.rootstock.service.filter.ListFields;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Operations on files. */
@ApplicationScoped
public class StoredFiles {
    /** Collection of the files. */
    public static final String COLLECTION = "files";

    private static final int ID_LENGTH = 24;

    private final Database database;
    private final ArtifactStore store;
    private final FileLimits limits;

    /** Creates the operations on a database and an artifact store. */
    @Inject
    public StoredFiles(Database database, ArtifactStore store, FileLimits limits) {
        this.database = database;
        this.store = store;
        this.limits = limits;
    }

    /** Checks the metadata of a file before its content is received. */
    public void requireAcceptable(FileHeader header) {
        FileCheck.require(header);
        database.write(connection -> {
            limits.requireSpace(connection, header.getBytes());
            return null;
        });
    }

    /** Creates a file from stored content; an equal request id and content give the existing file. */
    public File create(FileHeader header, Digest content) {
        File file = File.newBuilder()
                .setFileName(header.getFileName())
                .setPurpose(header.getPurpose())
                .setBytes(header.getBytes())
                .setDigest(content.value())
                .build();
        return database.write(connection -> {
            String id = RequestLog.once(connection, "UploadFile", header.getRequestId(), file, () -> {
                limits.requireSpace(connection, file.getBytes());
                return insert(connection, file, Owner.current());
            });
            return FileRepository.find(connection, id).orElseThrow(() -> missingFile(id));
        });
    }

    /** Returns a file; NOT_FOUND if it does not exist. */
    public File get(String id) {
        return database.read(connection -> FileRepository.find(connection, id)).orElseThrow(() -> missingFile(id));
    }

    /** Returns a file that cannot be deleted until the commit; empty if it does not exist. */
    public static Optional<File> lock(Connection connection, String id) throws SQLException {
        return FileRepository.lock(connection, id);
    }

    /**
     * Returns the caller's files; an admin's are all.
     *
     * @param after id of the last file of the previous page; empty: from the beginning
     * @param purpose filter; UNSPECIFIED: all
     * @param page query with the {@link #fields}
     */
    public List<File> list(Optional<String> after, FilePurpose purpose, PageQuery page) {
        return database.read(connection -> {
            PageQuery rest = after.isEmpty()
                    ? page
                    : FileRepository.after(connection, page, after.get()).orElseThrow(() -> missingFile(after.get()));
            return FileRepository.list(connection, purpose, Owner.filter(), rest);
        });
    }

    /** Returns the fields of filters and orders of files; the list begins with the newest or the oldest file. */
    public static ListFields<String> fields(boolean oldestFirst) {
        return new ListFields<>(
                List.of(
                        new Field<>("name", FieldType.TEXT, "('files/' || file.id)"),
                        new Field<>("file_name", FieldType.TEXT, "file.file_name"),
                        Field.of("purpose", FilePurpose.class, "file.purpose"),
                        new Field<>("bytes", FieldType.INTEGER, "file.bytes"),
                        new Field<>("create_time", FieldType.TIMESTAMP, "file.create_time")),
                new Field<>("number", FieldType.INTEGER, "file.number"),
                !oldestFirst);
    }

    /** Returns the oldest files of at least this age that no fine-tuning job reads, in the order of creation. */
    public List<File> unread(Duration age, int limit) {
        return database.read(connection -> FileRepository.unread(connection, age, limit));
    }

    /** Verifies the content of a file and opens it; the caller closes it. DATA_LOSS if it is damaged. */
    public InputStream open(File file) {
        try {
            return Files.newInputStream(store.verified(Digest.parse(file.getDigest())));
        } catch (ArtifactException e) {
            throw Errors.dataLoss("FILE_CORRUPT", file.getName() + " cannot be read: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(file.getName() + " cannot be read", e);
        }
    }

    /** Deletes a file; FAILED_PRECONDITION if a fine-tuning job still reads it. */
    public void delete(DeleteFileRequest request) {
        String id = RequestNames.id(COLLECTION, request.getName(), "name");
        database.write(connection -> RequestLog.once(connection, request, () -> {
            File _ = FileRepository.lock(connection, id).orElseThrow(() -> missingFile(id));
            FileRepository.reader(connection, id).ifPresent(job -> {
                throw Errors.failedPrecondition(
                        "FILE_IN_USE", name(id) + " is read by fineTuningJobs/" + job + "; wait or cancel it first");
            });
            FileRepository.delete(connection, id);
            return "";
        }));
    }

    /** Adds the row of a file without checking the limits, and returns its id. */
    public static String insert(Connection connection, File file, String owner) throws SQLException {
        String id = RandomId.of("file-", ID_LENGTH);
        FileRepository.insert(connection, id, file, owner);
        return id;
    }

    private static String name(String id) {
        return new ResourceName(COLLECTION, id).toString();
    }

    private static StatusRuntimeException missingFile(String id) {
        return Errors.notFound(name(id), "list the files to see their ids");
    }
}
