package io.rootstock.llama;

import java.lang.foreign.MemorySegment;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/**
 * Forwards llama.cpp's log lines to {@code java.util.logging} (logger {@code io.rootstock.llama}), and keeps each
 * thread's last error line for the exception of a failed call.
 */
final class NativeLog {
    private static final Logger LOG = Logger.getLogger("io.rootstock.llama");
    /** Lines that the library logs as errors after an intended interruption of a decode. */
    private static final Pattern INTERRUPTED = Pattern.compile(
            "^graph_compute: .* error 1$|compute status: 1$|^llama_decode: failed to decode, ret = 2$|^decode: removing");

    private static final ThreadLocal<String> LAST_ERROR = new ThreadLocal<>();

    private NativeLog() {}

    /** Clears the calling thread's last error line. */
    static void forgetError() {
        LAST_ERROR.remove();
    }

    /** Returns the calling thread's last error line since {@link #forgetError}, or a default text. */
    static String lastError() {
        String error = LAST_ERROR.get();
        return error == null ? "llama.cpp gave no reason" : error;
    }

    /** {@link Callback#LOG}: called from native code, where an escaping exception would abort the process. */
    @SuppressWarnings("CatchAndPrintStackTrace") // the logger itself failed
    static void receive(int level, MemorySegment text, MemorySegment userData) {
        try {
            String line = text.reinterpret(Long.MAX_VALUE).getString(0).strip();
            if (line.isEmpty() || line.equals(".")) {
                return;
            }
            switch (level) {
                case 4 -> {
                    LAST_ERROR.set(line);
                    LOG.log(INTERRUPTED.matcher(line).find() ? Level.FINE : Level.WARNING, line);
                }
                // Most warnings describe intended settings, such as a context padded beyond the trained length.
                case 3 -> LOG.log(Level.CONFIG, line);
                case 2 -> LOG.log(Level.FINE, line);
                default -> LOG.log(Level.FINER, line);
            }
        } catch (RuntimeException e) {
            e.printStackTrace();
        }
    }
}
