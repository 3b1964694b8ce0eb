package io.rootstock.trainer.worker;

import java.util.List;

/** Recognises failures that free space would have spared, by the words of the operating system. */
final class FullDisk {
    private static final List<String> WORDS =
            List.of("No space left on device", "Disk quota exceeded", "File too large");

    private FullDisk() {}

    /** Whether the failure is due to a disk that is full, or takes no more of this user or in this file. */
    static boolean isCauseOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (WORDS.stream().anyMatch(message::contains)) {
                return true;
            }
        }
        return false;
    }
}
