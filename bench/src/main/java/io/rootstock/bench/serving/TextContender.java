package io.rootstock.bench.serving;

import java.io.IOException;

/** A contender whose greedy text can be compared with the others'. */
interface TextContender extends Contender {
    /** The continuation of a prompt by a number of tokens, as one text. Same settings as {@link #generate}. */
    String text(String prompt, int tokens) throws IOException, InterruptedException;
}
