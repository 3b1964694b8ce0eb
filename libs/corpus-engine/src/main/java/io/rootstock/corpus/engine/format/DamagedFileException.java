package io.rootstock.corpus.engine.format;

import java.io.IOException;

/** A file of the workspace is damaged or truncated. A new run of the job detects it by its receipt and writes it again. */
public final class DamagedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param file path of the file
     * @param reason difference from the format
     */
    public DamagedFileException(String file, String reason) {
        super(file + " is damaged or truncated (" + reason + ")\nhint: run the job again; it writes the file again");
    }
}
