package io.rootstock.llama;

/**
 * Parameters of a context.
 *
 * @param sequences maximum number of concurrent sequences; their ids are 0 to sequences-1
 * @param cells KV cache cells: per sequence, or for all sequences together if {@code shared}
 * @param shared whether the sequences share the cells: efficient for many short ones that are removed together
 * @param batch maximum tokens of one decode
 * @param microBatch maximum tokens computed at once; bounds the memory of activations
 * @param threads number of threads of a decode
 * @param hiddenStates whether decodes output hidden states of every token, in addition to logits
 * @param exact whether the KV cache and attention are F32, instead of F16 with half the memory
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
     * Options for generation: each sequence has its own cells. A decode is interruptible between two operations, so
     * micro-batches are limited to 128 tokens; larger ones are hardly faster on a CPU.
     */
    public static ContextOptions generation(int sequences, int cells, int threads, boolean exact) {
        return new ContextOptions(sequences, cells, false, 512, 128, threads, false, exact);
    }

    /** Options for computing hidden states of complete texts: exact, with shared cells; interruptible as quickly. */
    public static ContextOptions reading(int sequences, int cells, int threads) {
        return new ContextOptions(
                sequences, cells, true, Math.min(512, cells), Math.min(128, cells), threads, true, true);
    }

    /** Options for computing the logits of complete texts, with shared cells; interruptible as quickly. */
    public static ContextOptions scoring(int sequences, int cells, int threads, boolean exact) {
        return new ContextOptions(
                sequences, cells, true, Math.min(512, cells), Math.min(128, cells), threads, false, exact);
    }

    private static void require(boolean condition, String message, int value) {
        if (!condition) {
            throw new IllegalArgumentException(message + ", was " + value);
        }
    }
}
