package io.rootstock.inference.openai.file;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.names.EnumNames;
import io.rootstock.registry.v1.Upload;
import io.rootstock.registry.v1.UploadPart;

/**
 * An upload in parts.
 *
 * @param id upload-{letters}
 * @param object upload
 * @param bytes size of the file
 * @param createdAt time of creation, in seconds since 1970
 * @param expiresAt time at which a pending upload expires, in seconds since 1970
 * @param filename name of the file
 * @param purpose purpose of the file
 * @param status pending, completed, cancelled or expired
 * @param file the file; null unless completed
 */
@RegisterForReflection
record UploadResponse(
        String id,
        String object,
        long bytes,
        long createdAt,
        long expiresAt,
        String filename,
        String purpose,
        String status,
        FileResponse file) {
    /** Collection of the uploads in the registry. */
    static final String COLLECTION = "uploads/";

    /**
     * A part of an upload.
     *
     * @param id part-{letters}
     * @param object upload.part
     * @param createdAt time of creation, in seconds since 1970
     * @param uploadId id of the upload
     */
    @RegisterForReflection
    record Part(String id, String object, long createdAt, String uploadId) {}

    static UploadResponse of(Upload upload) {
        return new UploadResponse(
                upload.getName().substring(COLLECTION.length()),
                "upload",
                upload.getBytes(),
                upload.getCreateTime().getSeconds(),
                upload.getExpireTime().getSeconds(),
                upload.getFileName(),
                FileResponse.purpose(upload.getPurpose()),
                EnumNames.lowerCase(upload.getState()),
                upload.hasFile() ? FileResponse.of(upload.getFile()) : null);
    }

    static Part of(String upload, UploadPart part) {
        String name = part.getName();
        return new Part(
                name.substring(name.lastIndexOf('/') + 1),
                "upload.part",
                part.getCreateTime().getSeconds(),
                upload);
    }
}
