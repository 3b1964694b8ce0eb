package io.rootstock.corpus.engine.job;

/**
 * A unit of the sources: a fixed range of bytes or row groups, or one file.
 *
 * @param name name in reports, different from the names of other units
 * @param source description for the reader, such as a path with a range
 * @param digest digest of its identity or content; another one repeats the reading
 * @param bytes size, for progress
 */
public record SourceUnit(String name, String source, String digest, long bytes) {}
