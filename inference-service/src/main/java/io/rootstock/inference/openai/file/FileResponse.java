package io.rootstock.inference.openai.file;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.registry.v1.File;
import io.rootstock.registry.v1.FilePurpose;
import java.util.List;

/**
 * A file.
 *
 * @param id file-{letters}
 * @param object file
 * @param bytes size in bytes
 * @param createdAt time of creation, in seconds since 1970
 * @param filename file name as uploaded
 * @param purpose fine-tune or fine-tune-results
 * @param status processed
 */
@RegisterForReflection
record FileResponse(
        String id, String object, long bytes, long createdAt, String filename, String purpose, String status) {
    /** Collection of the files in the registry. */
    static final String COLLECTION = "files/";

    /**
     * A page of files.
     *
     * @param object list
     * @param data the files
     * @param firstId id of the first file; null if the page is empty
     * @param lastId id of the last file; null if the page is empty
     * @param hasMore whether more files follow
     */
    @RegisterForReflection
    record Page(String object, List<FileResponse> data, String firstId, String lastId, boolean hasMore) {}

    /**
     * A deleted file.
     *
     * @param object file
     * @param deleted true
     */
    @RegisterForReflection
    record Deleted(String id, String object, boolean deleted) {}

    static FileResponse of(File file) {
        return new FileResponse(
                file.getName().substring(COLLECTION.length()),
                "file",
                file.getBytes(),
                file.getCreateTime().getSeconds(),
                file.getFileName(),
                purpose(file.getPurpose()),
                "processed");
    }

    /** OpenAI's name of a purpose. */
    static String purpose(FilePurpose purpose) {
        return switch (purpose) {
            case FILE_PURPOSE_FINE_TUNE -> "fine-tune";
            case FILE_PURPOSE_FINE_TUNE_RESULTS -> "fine-tune-results";
            case FILE_PURPOSE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalStateException("the registry sent a file of an unknown purpose");
        };
    }

    /** The purpose of a name; UNSPECIFIED if files do not have it. */
    static FilePurpose purpose(String name) {
        return switch (name) {
            case "fine-tune" -> FilePurpose.FILE_PURPOSE_FINE_TUNE;
            case "fine-tune-results" -> FilePurpose.FILE_PURPOSE_FINE_TUNE_RESULTS;
            default -> FilePurpose.FILE_PURPOSE_UNSPECIFIED;
        };
    }
}
