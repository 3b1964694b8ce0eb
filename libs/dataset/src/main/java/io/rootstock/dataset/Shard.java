package io.rootstock.dataset;

import static io.rootstock.dataset.ShardLayout.INT;
import static io.rootstock.dataset.ShardLayout.LONG;
import static io.rootstock.dataset.ShardLayout.SHORT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * A memory-mapped shard file, written by {@link ShardWriter}.
 *
 * <p>Sizes and row offsets are validated once on opening; after that every index within {@link #rows()} and
 * {@link #tokens()} is valid. Safe for several threads; after {@link #close()} every read throws.
 */
public final class Shard implements AutoCloseable {
    private final Arena arena;
    private final MemorySegment file;
    private final DatasetKind kind;
    private final int tokenBytes;
    private final long rows;
    private final long tokens;
    private final long tokensAt;
    private final long extrasAt;

    private Shard(Arena arena, MemorySegment file, Path path) {
        this.arena = arena;
        this.file = file;
        require(
                file.byteSize() >= ShardLayout.OFFSETS && file.get(LONG, 0) == ShardLayout.MAGIC,
                path,
                "no shard file");
        int version = file.get(INT, 8);
        require(version == ShardLayout.VERSION, path, "of version " + version + ", this reads 1");
        int code = file.get(INT, ShardLayout.KIND);
        kind = ShardLayout.kindOf(code)
                .orElseThrow(() -> new InvalidDatasetException(path + " is of the unknown kind " + code));
        tokenBytes = file.get(INT, ShardLayout.TOKEN_BYTES);
        require(tokenBytes == 2 || tokenBytes == 4, path, "corrupt: it has tokens of " + tokenBytes + " bytes");
        rows = file.get(LONG, ShardLayout.ROWS);
        tokens = file.get(LONG, ShardLayout.TOKENS);
        // Bounded by the file's size first, so that the sum below cannot overflow.
        boolean plausible = rows >= 0 && tokens >= 0 && rows < file.byteSize() && tokens < file.byteSize();
        require(
                plausible && file.byteSize() == ShardLayout.fileBytes(kind, rows, tokens, tokenBytes),
                path,
                "truncated or too long: " + file.byteSize() + " bytes for " + rows + " rows and " + tokens + " tokens");
        tokensAt = ShardLayout.tokensAt(rows);
        extrasAt = ShardLayout.extrasAt(rows, tokens, tokenBytes);
        requireAscendingOffsets(path);
    }

    /**
     * Maps a shard into memory.
     *
     * @throws InvalidDatasetException if the file is not a valid shard
     */
    public static Shard open(Path path) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new Shard(arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), path);
        } catch (IOException e) {
            arena.close();
            throw new UncheckedIOException("cannot map " + path, e);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Kind of the rows. */
    public DatasetKind kind() {
        return kind;
    }

    /** Number of rows. */
    public long rows() {
        return rows;
    }

    /** Number of tokens over all rows. */
    public long tokens() {
        return tokens;
    }

    /** Returns the token at a position, 0 to {@link #tokens()} - 1. */
    public int token(long position) {
        Objects.checkIndex(position, tokens);
        return tokenBytes == 2
                ? Short.toUnsignedInt(file.get(SHORT, tokensAt + 2 * position))
                : file.get(INT, tokensAt + 4 * position);
    }

    /** Returns the position of the first token of a row; {@code offset(rows())} is {@link #tokens()}. */
    public long offset(long row) {
        Objects.checkIndex(row, rows + 1);
        return file.get(LONG, ShardLayout.OFFSETS + row * Long.BYTES);
    }

    /** Returns the tokens of a row. */
    public int[] row(long row) {
        Objects.checkIndex(row, rows);
        long first = offset(row);
        int[] result = new int[Math.toIntExact(offset(row + 1) - first)];
        copyTokens(first, result, 0, result.length);
        return result;
    }

    /** Copies {@code count} tokens from {@code position} into {@code destination[at...]}, across rows. */
    public void copyTokens(long position, int[] destination, int at, int count) {
        Objects.checkFromIndexSize(position, count, tokens);
        if (tokenBytes == 4) {
            MemorySegment.copy(file, INT, tokensAt + 4 * position, destination, at, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            destination[at + i] = Short.toUnsignedInt(file.get(SHORT, tokensAt + 2 * (position + i)));
        }
    }

    /**
     * Returns the loss mask of a row.
     *
     * @return [tokens of the row], 1 for tokens that count in the loss; in a preference row plus 2 in the rejected half
     * @throws IllegalStateException if the shard is not of kind INSTRUCTION or PREFERENCE
     */
    public byte[] mask(long row) {
        if (kind != DatasetKind.PREFERENCE) {
            requireKind(DatasetKind.INSTRUCTION);
        }
        Objects.checkIndex(row, rows);
        long first = offset(row);
        byte[] result = new byte[Math.toIntExact(offset(row + 1) - first)];
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, extrasAt + first, result, 0, result.length);
        return result;
    }

    /**
     * Returns the label of a row.
     *
     * @throws IllegalStateException if the shard is not of kind CLASSIFICATION
     */
    public int label(long row) {
        requireKind(DatasetKind.CLASSIFICATION);
        Objects.checkIndex(row, rows);
        return file.get(INT, extrasAt + row * Integer.BYTES);
    }

    @Override
    public void close() {
        arena.close();
    }

    private void requireKind(DatasetKind wanted) {
        if (kind != wanted) {
            throw new IllegalStateException("a shard of kind " + kind + " has no " + wanted + " data");
        }
    }

    private void requireAscendingOffsets(Path path) {
        long before = 0;
        require(
                offset(0) == 0 && offset(rows) == tokens,
                path,
                "corrupt: it has row offsets that do not span its tokens");
        for (long row = 1; row <= rows; row++) {
            long here = offset(row);
            require(here >= before, path, "corrupt: it has descending row offsets at row " + row);
            before = here;
        }
    }

    private static void require(boolean condition, Path path, String what) {
        if (!condition) {
            throw new InvalidDatasetException(path + " is " + what);
        }
    }
}
