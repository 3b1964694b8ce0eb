package io.rootstock.corpus.unit;

import io.rootstock.corpus.storage.StoredFile;
import java.io.IOException;
import java.io.InputStream;

/**
 * Tells whether a CSV file can be cut at line ends.
 *
 * <p>A quoted value may hold line breaks, and whether a quote opens or closes a value depends on everything before it.
 * Therefore only a file without quotes, and without carriage returns that end a line alone, is cut.
 */
final class QuoteScan {
    private QuoteScan() {}

    /** Reads up to the first quote, or the whole file if it has none. */
    static boolean isPlain(StoredFile file) throws IOException {
        byte[] bytes = new byte[1 << 18];
        boolean carriageReturn = false;
        try (InputStream in = file.stream(0, file.bytes())) {
            for (int read = in.read(bytes); read > 0; read = in.read(bytes)) {
                for (int i = 0; i < read; i++) {
                    byte value = bytes[i];
                    if (value == '"' || (carriageReturn && value != '\n')) {
                        return false;
                    }
                    carriageReturn = value == '\r';
                }
            }
        }
        return true;
    }
}
