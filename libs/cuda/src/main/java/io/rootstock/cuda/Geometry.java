package io.rootstock.cuda;

/**
 * Launch configuration of a kernel: a grid of blocks.
 *
 * @param gridX number of blocks in the first dimension, 1 to 2^31 - 1
 * @param gridY number of blocks in the second dimension, 1 to 65,535
 * @param threads number of threads of a block: a multiple of 32 (the warp size) up to 1,024
 */
public record Geometry(int gridX, int gridY, int threads) {
    /** Number of threads in a warp. */
    public static final int WARP = 32;

    private static final int MAX_THREADS = 1024;
    private static final int MAX_ROWS = 65_535;

    /** Rejects configurations that no GPU can launch. */
    public Geometry {
        if (gridX < 1 || gridY < 1 || gridY > MAX_ROWS) {
            throw new IllegalArgumentException(
                    "a grid has 1 to 2147483647 blocks by 1 to " + MAX_ROWS + ", not " + gridX + " by " + gridY);
        }
        if (threads < WARP || threads > MAX_THREADS || threads % WARP != 0) {
            throw new IllegalArgumentException(
                    "a block has a multiple of " + WARP + " threads up to " + MAX_THREADS + ", not " + threads);
        }
    }

    /**
     * Creates a configuration with one block per row.
     *
     * @param rows number of rows, at least 1
     * @param width values of a row; a block has one thread per value up to {@code most}, in whole warps
     */
    public static Geometry rows(long rows, long width, int most) {
        return new Geometry(Math.toIntExact(rows), 1, threads(width, most));
    }

    /**
     * Creates a configuration with one thread per value, in blocks of 256; with more values than {@code mostBlocks}
     * blocks have threads, the kernel loops over them (grid stride).
     */
    public static Geometry values(long count, int mostBlocks) {
        int threads = threads(count, 256);
        return new Geometry(Math.clamp((count + threads - 1) / threads, 1, mostBlocks), 1, threads);
    }

    /**
     * Creates a configuration with one thread per column of each chunk of rows.
     *
     * @param columns number of columns, at least 1
     * @param chunks number of chunks, at least 1
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
