package io.rootstock.evaluation.task.data;

import io.rootstock.evaluation.task.SuiteFiles;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.yaml.InvalidFileException;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/**
 * Characters of a row file: decompressed, strict UTF-8 without a byte order mark. Limits the bytes of the file and the
 * characters between two calls of {@link #rowEnds}.
 */
final class RowInput extends FilterReader {
    /** Characters that parsers read ahead. */
    private static final int READ_AHEAD = 64 << 10;

    private final String file;
    private long sinceRow;
    private long line = 1;

    private RowInput(String file, Reader reader) {
        super(reader);
        this.file = file;
    }

    /**
     * Opens a row file.
     *
     * @throws InvalidFileException if the suite does not have the file
     */
    static RowInput open(SuiteFiles files, String file, String source, int line) throws IOException {
        if (!files.has(file)) {
            throw new InvalidFileException(
                    source, line, "row file '" + file + "' is not in the suite", "add the file, or correct its name");
        }
        InputStream in = files.open(file);
        try {
            InputStream plain = file.endsWith(".gz") ? new GZIPInputStream(in, 64 << 10) : in;
            Reader reader = new InputStreamReader(
                    new LimitedStream(plain, file),
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT));
            BufferedReader buffered = new BufferedReader(reader, 32 << 10);
            buffered.mark(1);
            if (buffered.read() != '\uFEFF') {
                buffered.reset();
            }
            return new RowInput(file, buffered);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** Starts the limit of the next row. */
    void rowEnds() {
        sinceRow = 0;
    }

    /** Line of the last character that was read, from 1. */
    long line() {
        return line;
    }

    /** Reads a line without its end; null at the end of the file. */
    String readLine() throws IOException {
        StringBuilder text = new StringBuilder();
        int c = read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n'; c = read()) {
            text.append((char) c);
        }
        rowEnds();
        int length = text.length();
        return length > 0 && text.charAt(length - 1) == '\r' ? text.substring(0, length - 1) : text.toString();
    }

    @Override
    public int read() throws IOException {
        int c = in.read();
        if (c >= 0) {
            counted(1, c == '\n' ? 1 : 0);
        }
        return c;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, Math.min(length, READ_AHEAD));
        int lines = 0;
        for (int i = offset; i < offset + count; i++) {
            if (buffer[i] == '\n') {
                lines++;
            }
        }
        if (count > 0) {
            counted(count, lines);
        }
        return count;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void counted(int characters, int lines) {
        line += lines;
        sinceRow += characters;
        if (sinceRow > TaskLimits.ROW_CHARACTERS + 2L * READ_AHEAD) {
            throw new InvalidFileException(
                    file,
                    line,
                    "a row has more than " + TaskLimits.ROW_CHARACTERS + " characters",
                    "shorten the row, or correct its quotes");
        }
    }

    /** Limits the decompressed bytes. */
    private static final class LimitedStream extends FilterInputStream {
        private final String file;
        private long bytes;

        LimitedStream(InputStream in, String file) {
            super(in);
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            count(Math.max(count, 0));
            return count;
        }

        private void count(int read) {
            bytes += read;
            if (bytes > TaskLimits.ROW_FILE_BYTES) {
                throw new InvalidFileException(
                        file,
                        0,
                        "the file has more than " + TaskLimits.ROW_FILE_BYTES + " bytes after decompression",
                        "split the file, or evaluate fewer rows");
            }
        }
    }
}
