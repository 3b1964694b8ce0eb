package io.rootstock.corpus.engine.job;

import io.rootstock.corpus.engine.spi.ComponentSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Specification of a job. Equal specifications give equal output files, whatever the engine, threads and buckets.
 *
 * @param units units of the sources; their order decides which of several duplicates stays: the first
 * @param reader reader of the units
 * @param steps steps for each document, in order
 * @param duplicates duplicates to remove
 * @param finalSteps steps for each document that is left, in order
 */
public record CorpusSpec(
        List<SourceUnit> units,
        ComponentSpec reader,
        List<ComponentSpec> steps,
        Duplicates duplicates,
        List<ComponentSpec> finalSteps) {
    public CorpusSpec {
        units = List.copyOf(units);
        steps = List.copyOf(steps);
        finalSteps = List.copyOf(finalSteps);
        Set<String> names = new HashSet<>();
        for (SourceUnit unit : units) {
            if (!names.add(unit.name())) {
                throw new IllegalArgumentException("two units have the name " + unit.name() + "; list each unit once");
            }
        }
    }

    /** A job without steps after the removal of duplicates. */
    public CorpusSpec(List<SourceUnit> units, ComponentSpec reader, List<ComponentSpec> steps, Duplicates duplicates) {
        this(units, reader, steps, duplicates, List.of());
    }

    /**
     * A unit of the sources: a fixed range of bytes or row groups, or one file.
     *
     * @param name name in reports, different from the names of other units
     * @param source description for the reader, such as a path with a range
     * @param digest digest of its identity or content; another one repeats the reading
     * @param bytes size, for progress
     */
    public record SourceUnit(String name, String source, String digest, long bytes) {}
}
