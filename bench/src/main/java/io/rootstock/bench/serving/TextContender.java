package io.rootstock.bench.serving;

import java.io.IOException;

/** A contender whose greedy text can be compared with other contenders. */
interface TextContender extends Contender {
    /** Returns the continuation of a prompt by a number of tokens, with the settings of {@link #generate}. */
    String text(String prompt, int tokens) throws IOException, InterruptedException;
}
