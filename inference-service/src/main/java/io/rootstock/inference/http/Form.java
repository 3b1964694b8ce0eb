package io.rootstock.inference.http;

import io.rootstock.service.Errors;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A multipart form whose files are on disk until the response is sent.
 *
 * @param fields texts by name
 * @param files files by name
 */
public record Form(Map<String, String> fields, Map<String, UploadedFile> files) {
    /**
     * A file of a form.
     *
     * @param path its content
     * @param name file name of the client
     * @param bytes size in bytes
     */
    public record UploadedFile(Path path, String name, long bytes) {}

    /** The text of a field. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** The form's only file. */
    public UploadedFile file(String name) {
        UploadedFile file = files.get(name);
        if (file == null) {
            throw Errors.invalidArgument(name, "must be a file of the multipart form, with a file name");
        }
        return file;
    }

    /** Rejects all other fields and files. */
    public void requireOnly(Set<String> known) {
        Set<String> others = new TreeSet<>(fields.keySet());
        others.addAll(files.keySet());
        others.removeAll(known);
        others.stream().findFirst().ifPresent(name -> {
            throw Errors.invalidArgument(name, "is not known to this service");
        });
    }
}
