package io.rootstock.bench.serving;

import java.io.IOException;

/** What answers the benchmark's requests. */
interface Contender extends AutoCloseable {
    /** What it is called in tables. */
    String title();

    /**
     * Continues a prompt by the wanted tokens, greedily, past the end of text and without use of earlier prompts.
     *
     * @param heard is told of each piece of text as it comes
     * @return tokens made
     */
    int generate(String prompt, int tokens, Runnable heard) throws IOException, InterruptedException;

    /** Its process, whose processor time is counted. */
    ProcessHandle process();

    @Override
    void close() throws IOException;
}
