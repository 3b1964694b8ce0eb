package io.rootstock.bench.serving;

import java.io.IOException;

/** Server that the benchmark measures. */
interface Contender extends AutoCloseable {
    /** Name in tables. */
    String title();

    /**
     * Generates the given number of tokens, greedily, past the end of text and without a prompt cache.
     *
     * @param heard called for each piece of text when it arrives
     * @return number of generated tokens
     */
    int generate(String prompt, int tokens, Runnable heard) throws IOException, InterruptedException;

    /** Process whose CPU time is measured. */
    ProcessHandle process();

    @Override
    void close() throws IOException;
}
