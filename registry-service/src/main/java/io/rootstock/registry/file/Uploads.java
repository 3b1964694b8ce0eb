package io.rootstock.registry.file;

import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.Digest;
import io.rootstock.names.EnumNames;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.RandomId;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.v1.File;
import io.rootstock.registry.v1.FileHeader;
import io.rootstock.registry.v1.Upload;
import io.rootstock.registry.v1.UploadPart;
import io.rootstock.registry.v1.UploadPartHeader;
import io.rootstock.registry.v1.UploadState;
import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Operations on uploads in parts. A client that was interrupted continues with the parts whose responses it did not
 * receive.
 */
@ApplicationScoped
public class Uploads {
    /** Collection of the uploads. */
    public static final String COLLECTION = "uploads";

    /** Maximum number of parts of an upload. */
    private static final int MAX_PARTS = 10_000;

    private static final int ID_LENGTH = 24;

    private final Database database;
    private final ArtifactStore store;
    private final FileLimits limits;

    /** Creates the operations on a database and an artifact store. */
    @Inject
    public Uploads(Database database, ArtifactStore store, FileLimits limits) {
        this.database = database;
        this.store = store;
        this.limits = limits;
    }

    /** Returns {@code uploads/{upload}/parts/{part}}. */
    public static String partName(String upload, String part) {
        return COLLECTION + "/" + upload + "/parts/" + part;
    }

    /** Begins an upload; it reserves space for the file. */
    public Upload create(FileHeader header) {
        FileCheck.require(header);
        FileHeader content = header.toBuilder().clearRequestId().build();
        return database.write(connection -> {
            String id = RequestLog.once(connection, "CreateUpload", header.getRequestId(), content, () -> {
                UploadRepository.clean(connection);
                limits.requireSpace(connection, header.getBytes());
                String fresh = RandomId.of("upload-", ID_LENGTH);
                UploadRepository.insert(connection, fresh, header, limits.uploadTime());
                return fresh;
            });
            return UploadRepository.find(connection, id).orElseThrow(() -> missingUpload(id));
        });
    }

    /** Returns an upload that accepts parts; FAILED_PRECONDITION if it is not pending. */
    public Upload pending(String id) {
        return requirePending(get(id));
    }

    /** Adds a part from stored content. */
    public UploadPart addPart(String upload, UploadPartHeader header, long bytes, Digest content) {
        if (bytes < 1) {
            throw Errors.invalidArgument("data", "must have at least 1 byte");
        }
        UploadPart described = UploadPart.newBuilder()
                .setName(upload + " " + content.value())
                .setBytes(bytes)
                .build();
        return database.write(connection -> {
            Upload locked =
                    requirePending(UploadRepository.lock(connection, upload).orElseThrow(() -> missingUpload(upload)));
            String id = RequestLog.once(connection, "AddUploadPart", header.getRequestId(), described, () -> {
                UploadRepository.Part part =
                        new UploadRepository.Part(RandomId.of("part-", ID_LENGTH), bytes, content.value());
                requireFits(locked, UploadRepository.parts(connection, upload), part);
                UploadRepository.addPart(connection, upload, part);
                return part.id();
            });
            return UploadRepository.part(connection, upload, id).orElseThrow(() -> missingPart(upload, id));
        });
    }

    /** Creates the file from parts, in the order of the request. A completed upload is returned unchanged. */
    public Upload complete(String id, List<String> partIds, String md5) {
        Upload upload = get(id);
        if (upload.getState() == UploadState.UPLOAD_STATE_COMPLETED) {
            return upload;
        }
        Upload _ = requirePending(upload);
        List<UploadRepository.Part> parts =
                ordered(id, partIds, database.read(connection -> UploadRepository.parts(connection, id)));
        long bytes = parts.stream().mapToLong(UploadRepository.Part::bytes).sum();
        if (bytes != upload.getBytes()) {
            throw Errors.invalidArgument(
                    "parts", "the parts have " + bytes + " bytes, the file has " + upload.getBytes());
        }
        Digest content = joinParts(store, parts, md5);
        return database.write(connection -> {
            Upload locked = UploadRepository.lock(connection, id).orElseThrow(() -> missingUpload(id));
            if (locked.getState() == UploadState.UPLOAD_STATE_COMPLETED) {
                return locked;
            }
            Upload _ = requirePending(locked);
            // The upload has reserved the space.
            String file = StoredFiles.insert(
                    connection,
                    File.newBuilder()
                            .setFileName(upload.getFileName())
                            .setPurpose(upload.getPurpose())
                            .setBytes(bytes)
                            .setDigest(content.value())
                            .build(),
                    Owner.current());
            UploadRepository.end(connection, id, UploadState.UPLOAD_STATE_COMPLETED, file);
            return UploadRepository.find(connection, id).orElseThrow();
        });
    }

    /** Cancels a pending upload; a cancelled upload is returned unchanged. */
    public Upload cancel(String id) {
        return database.write(connection -> {
            Upload upload = UploadRepository.lock(connection, id).orElseThrow(() -> missingUpload(id));
            if (upload.getState() == UploadState.UPLOAD_STATE_CANCELLED) {
                return upload;
            }
            Upload _ = requirePending(upload);
            UploadRepository.end(connection, id, UploadState.UPLOAD_STATE_CANCELLED, null);
            return UploadRepository.find(connection, id).orElseThrow();
        });
    }

    private Upload get(String id) {
        return database.read(connection -> UploadRepository.find(connection, id))
                .orElseThrow(() -> missingUpload(id));
    }

    /** Equal parts are stored once, so a part whose response was lost can be sent again. */
    private static void requireFits(Upload upload, List<UploadRepository.Part> parts, UploadRepository.Part added) {
        if (parts.size() >= MAX_PARTS) {
            throw Errors.failedPrecondition(
                    "TOO_MANY_PARTS", "an upload has at most " + MAX_PARTS + " parts; make the parts larger");
        }
        Map<String, Long> contents = new HashMap<>();
        parts.forEach(part -> contents.put(part.digest(), part.bytes()));
        contents.put(added.digest(), added.bytes());
        long bytes = contents.values().stream().mapToLong(Long::longValue).sum();
        if (bytes > upload.getBytes()) {
            throw Errors.invalidArgument(
                    "data",
                    "the parts would have " + bytes + " bytes, the upload was begun with " + upload.getBytes()
                            + "; begin another upload");
        }
    }

    private static List<UploadRepository.Part> ordered(
            String upload, List<String> ids, List<UploadRepository.Part> parts) {
        Map<String, UploadRepository.Part> byId =
                parts.stream().collect(Collectors.toMap(UploadRepository.Part::id, part -> part));
        Set<String> used = new HashSet<>();
        List<UploadRepository.Part> ordered = new ArrayList<>();
        for (String id : ids) {
            UploadRepository.Part part = byId.get(id);
            if (part == null) {
                throw Errors.invalidArgument("parts", id + " is not a part of " + COLLECTION + "/" + upload);
            }
            if (!used.add(id)) {
                throw Errors.invalidArgument("parts", "has " + id + " twice");
            }
            ordered.add(part);
        }
        return ordered;
    }

    private static Upload requirePending(Upload upload) {
        if (upload.getState() != UploadState.UPLOAD_STATE_PENDING) {
            throw Errors.failedPrecondition(
                    "WRONG_STATE",
                    upload.getName() + " is " + EnumNames.of(upload.getState()) + "; begin another upload");
        }
        return upload;
    }

    private static StatusRuntimeException missingUpload(String id) {
        return Errors.notFound(COLLECTION + "/" + id, "begin another upload");
    }

    private static StatusRuntimeException missingPart(String upload, String id) {
        return Errors.notFound(partName(upload, id), "send it again with another request id");
    }

    /**
     * Stores the joined content.
     *
     * @param md5 expected MD5 in hexadecimal; empty: any
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if the MD5 differs; DATA_LOSS if a part is damaged
     */
    private static Digest joinParts(ArtifactStore store, List<UploadRepository.Part> parts, String md5) {
        MessageDigest hash = md5();
        try (ArtifactWriter writer = store.create()) {
            DigestOutputStream hashed = new DigestOutputStream(writer, hash);
            for (UploadRepository.Part part : parts) {
                Files.copy(store.verified(Digest.parse(part.digest())), hashed);
            }
            String actual = HexFormat.of().formatHex(hash.digest());
            if (!md5.isEmpty() && !md5.equalsIgnoreCase(actual)) {
                throw Errors.invalidArgument("md5", "the parts have the MD5 " + actual + ", not " + md5);
            }
            return writer.commit();
        } catch (ArtifactException e) {
            throw Errors.dataLoss("PART_CORRUPT", "a part cannot be read: " + e.getMessage() + "; upload it again");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot join the parts of an upload", e);
        }
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
