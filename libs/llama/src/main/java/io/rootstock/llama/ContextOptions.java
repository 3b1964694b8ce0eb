package io.rootstock.llama;

/**
 * How a context is made.
 *
 * @param sequences sequences that can be alive at once; their ids are 0 to sequences-1
 * @param cells positions to keep: each sequence's own, or all sequences' together where {@code shared}
 * @param shared whether the sequences share the cells: good for many short ones that are forgotten together
 * @param batch most tokens of one decode
 * @param microBatch most tokens computed at once; bounds the memory of intermediate results
 * @param threads threads of a decode
 * @param hiddenStates whether decodes give hidden states of every token, as well as logits
 * @param exact keep keys and values as F32 and attend in F32, instead of F16 with half the memory
 */
public record ContextOptions(
        int sequences,
        int cells,
        boolean shared,
        int batch,
        int microBatch,
        int threads,
        boolean hiddenStates,
        boolean exact) {
    public ContextOptions {
        require(sequences >= 1 && sequences <= 256, "sequences must be 1 to 256", sequences);
        require(cells >= 1, "cells must be positive", cells);
        require(batch >= 1, "batch must be positive", batch);
        require(microBatch >= 1 && microBatch <= batch, "microBatch must be 1 to batch", microBatch);
        require(threads >= 1, "threads must be positive", threads);
    }

    /**
     * A context that generates: each sequence has its own cells. A decode can be interrupted between two operations, so
     * these are kept to 128 tokens; larger ones are hardly faster on a CPU.
     */
    public static ContextOptions generation(int sequences, int cells, int threads, boolean exact) {
        return new ContextOptions(sequences, cells, false, 512, 128, threads, false, exact);
    }

    /** A context that reads whole texts for their hidden states: exact, the cells are shared; interrupted as quickly. */
    public static ContextOptions reading(int sequences, int cells, int threads) {
        return new ContextOptions(
                sequences, cells, true, Math.min(512, cells), Math.min(128, cells), threads, true, true);
    }

    private static void require(boolean condition, String message, int value) {
        if (!condition) {
            throw new IllegalArgumentException(message + ", was " + value);
        }
    }
}
