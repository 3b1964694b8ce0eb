package io.rootstock.corpus.unit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Tells whether a CSV file can be cut at line ends.
 *
 * <p>A quoted value may hold line breaks, and whether a quote opens or closes a value depends on everything before it.
 * Therefore only a file without quotes, and without carriage returns that end a line alone, is cut.
 */
final class QuoteScan {
    private QuoteScan() {}

    /** Reads up to the first quote, or the whole file if it has none. */
    static boolean isPlain(FileChannel file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 18);
        byte[] bytes = buffer.array();
        boolean carriageReturn = false;
        long at = 0;
        for (int read = file.read(buffer, at); read > 0; read = file.read(buffer.clear(), at)) {
            for (int i = 0; i < read; i++) {
                byte value = bytes[i];
                if (value == '"' || (carriageReturn && value != '\n')) {
                    return false;
                }
                carriageReturn = value == '\r';
            }
            at += read;
        }
        return true;
    }
}
