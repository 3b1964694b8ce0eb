package io.rootstock.corpus.source;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Bounds the memory of a row, which an open quote or bracket would extend to the end of the file. */
final class RowLimit extends FilterReader {
    private final SourceLimits limits;
    private final String remedy;
    private long line = 1;
    private long characters;

    /**
     * Limits rows to {@link SourceLimits#maxRowCharacters}.
     *
     * @param remedy what the user can do, for the error
     */
    RowLimit(Reader reader, SourceLimits limits, String remedy) {
        super(reader);
        this.limits = limits;
        this.remedy = remedy;
    }

    /** Starts a row at a line of the file; what was read ahead counts for the row before. */
    void startRow(long firstLine) {
        line = firstLine;
        characters = 0;
    }

    @Override
    public int read() throws IOException {
        int character = super.read();
        count(character < 0 ? 0 : 1);
        return character;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        count(Math.max(0, read));
        return read;
    }

    private void count(int read) {
        characters += read;
        if (characters > limits.maxRowCharacters()) {
            throw new UnreadableSourceException(line, limits.tooLong(remedy));
        }
    }
}
