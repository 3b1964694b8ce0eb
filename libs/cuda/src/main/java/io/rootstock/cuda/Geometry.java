package io.rootstock.cuda;

/**
 * How a kernel is laid out: a grid of blocks, each of so many threads.
 *
 * @param gridX blocks in the first dimension, 1 to 2^31 - 1
 * @param gridY blocks in the second, 1 to 65,535
 * @param threads of a block: a multiple of 32, which is a warp, up to 1,024
 */
public record Geometry(int gridX, int gridY, int threads) {
    /** Threads that work together in a warp. */
    public static final int WARP = 32;

    private static final int MOST_THREADS = 1024;
    private static final int MOST_ROWS = 65_535;

    /** Refuses what no GPU can launch. */
    public Geometry {
        if (gridX < 1 || gridY < 1 || gridY > MOST_ROWS) {
            throw new IllegalArgumentException(
                    "a grid has 1 to 2147483647 blocks by 1 to " + MOST_ROWS + ", not " + gridX + " by " + gridY);
        }
        if (threads < WARP || threads > MOST_THREADS || threads % WARP != 0) {
            throw new IllegalArgumentException(
                    "a block has a multiple of " + WARP + " threads up to " + MOST_THREADS + ", not " + threads);
        }
    }

    /**
     * A block for each row.
     *
     * @param rows at least 1
     * @param width values of a row; a block has a thread for each up to {@code most}, in whole warps
     */
    public static Geometry rows(long rows, long width, int most) {
        return new Geometry(Math.toIntExact(rows), 1, threads(width, most));
    }

    /**
     * A thread for each value, in blocks of 256; more than {@code mostBlocks} blocks' worth of values are shared out by
     * the kernel's loop.
     */
    public static Geometry values(long count, int mostBlocks) {
        int threads = threads(count, 256);
        return new Geometry(Math.clamp((count + threads - 1) / threads, 1, mostBlocks), 1, threads);
    }

    /**
     * A thread for each column of each chunk of rows.
     *
     * @param columns at least 1
     * @param chunks at least 1
     */
    public static Geometry columns(long columns, int chunks) {
        int threads = threads(columns, 256);
        return new Geometry(Math.toIntExact((columns + threads - 1) / threads), chunks, threads);
    }

    private static int threads(long width, int most) {
        long warps = Math.max(1, (width + WARP - 1) / WARP);
        return (int) Math.min(warps * WARP, most);
    }
}
