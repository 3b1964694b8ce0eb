package io.rootstock.registry.file;

import io.rootstock.registry.v1.FileHeader;
import io.rootstock.registry.v1.FilePurpose;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestTexts;

/** Validates the metadata of a file to upload. */
final class FileCheck {
    private static final int MAX_NAME_LENGTH = 255;

    private FileCheck() {}

    static void require(FileHeader header) {
        if (header.getPurpose() != FilePurpose.FILE_PURPOSE_FINE_TUNE) {
            throw Errors.invalidArgument("header.purpose", "must be fine-tune; files have no other purpose");
        }
        String name = header.getFileName();
        if (name.isBlank() || name.length() > MAX_NAME_LENGTH || name.contains("/") || name.indexOf('\0') >= 0) {
            throw Errors.invalidArgument(
                    "header.file_name",
                    "must be a file name without folders of 1 to " + MAX_NAME_LENGTH + " characters");
        }
        RequestTexts.requireVisible(name, "header.file_name");
        if (!name.endsWith(".jsonl")) {
            throw Errors.invalidArgument(
                    "header.file_name", "must end with .jsonl, one JSON object a line, was '" + name + "'");
        }
        if (header.getBytes() < 1) {
            throw Errors.invalidArgument(
                    "header.bytes", "must be at least 1, was " + header.getBytes() + "; the file must not be empty");
        }
    }
}
