package io.rootstock.files;

import java.util.List;

/** Detects failures caused by a full disk, by the operating system's error messages. */
public final class FullDisk {
    private static final List<String> WORDS =
            List.of("No space left on device", "Disk quota exceeded", "File too large");

    private FullDisk() {}

    /** Whether the failure was caused by a full disk, an exhausted quota or a file size limit. */
    public static boolean isCauseOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (WORDS.stream().anyMatch(message::contains)) {
                return true;
            }
        }
        return false;
    }
}
