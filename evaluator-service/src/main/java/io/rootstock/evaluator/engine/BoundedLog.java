package io.rootstock.evaluator.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jboss.logging.Logger;

/**
 * Copies the output of a process to a file until it ends. A file that reaches its limit becomes {@code NAME.1}, which
 * replaces an earlier one. The last lines stay in memory.
 */
final class BoundedLog {
    private static final Logger LOG = Logger.getLogger(BoundedLog.class);
    private static final int LAST_LINES = 12;
    private static final int MAX_LINE_LENGTH = 400;
    private static final long END_MILLIS = 2000;

    private final Path file;
    private final long limit;
    private final Deque<String> last = new ArrayDeque<>();
    private final Thread thread;

    /**
     * Starts to copy.
     *
     * @param limit maximum length of the file in characters; there are at most two files
     */
    BoundedLog(InputStream output, Path file, long limit) {
        this.file = file;
        this.limit = limit;
        this.thread = Thread.ofVirtual().name("inference-log").start(() -> copy(output));
    }

    private void copy(InputStream output) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                line = write(line, lines);
            }
        } catch (IOException e) {
            LOG.warn("cannot copy the output of the inference process to " + file, e);
        }
    }

    /** Writes lines to one file until it is full; returns the next line, or null at the end. */
    private String write(String first, BufferedReader lines) throws IOException {
        if (Files.exists(file) && Files.size(file) >= limit) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        long written = Files.exists(file) ? Files.size(file) : 0;
        try (Writer writer = Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            String line = first;
            while (line != null && written < limit) {
                writer.write(line);
                writer.write('\n');
                written += line.length() + 1;
                remember(line);
                if (!lines.ready()) {
                    writer.flush();
                }
                line = lines.readLine();
            }
            return line;
        }
    }

    private void remember(String line) {
        synchronized (last) {
            last.addLast(line.length() > MAX_LINE_LENGTH ? line.substring(0, MAX_LINE_LENGTH) + "..." : line);
            if (last.size() > LAST_LINES) {
                last.removeFirst();
            }
        }
    }

    /** Returns the last lines, after waiting for the end of the output for at most two seconds. */
    String last() {
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        synchronized (last) {
            return String.join("\n", last);
        }
    }
}
