package io.rootstock.corpus.engine;

/**
 * Progress of a stage.
 *
 * @param stage name of the stage
 * @param done finished units or buckets, those with a valid receipt included
 * @param total units or buckets
 * @param bytesDone input bytes of the finished ones
 * @param bytes input bytes of all
 */
public record Progress(String stage, int done, int total, long bytesDone, long bytes) {}
