package io.rootstock.corpus.engine.count;

import io.rootstock.corpus.engine.spi.ReadSummary;
import io.rootstock.corpus.engine.spi.RefusedDocument;
import java.util.List;
import java.util.Optional;

/**
 * Result of a task that wrote the documents of a unit: the content of its receipt.
 *
 * @param documents number of documents written
 * @param textBytes UTF-8 bytes of their texts
 * @param refused number of records that could not be read
 * @param firstRefused the first of them
 * @param read facts from reading the unit; empty for later stages
 * @param steps counts of each step, in order; of reading in front, in the stage that reads
 */
public record UnitCounts(
        long documents,
        long textBytes,
        long refused,
        List<RefusedDocument> firstRefused,
        Optional<ReadSummary> read,
        List<StepCounts> steps) {
    public UnitCounts {
        firstRefused = List.copyOf(firstRefused);
        steps = List.copyOf(steps);
    }

    /** Result of a stage that reads no source. */
    public UnitCounts(long documents, long textBytes, List<StepCounts> steps) {
        this(documents, textBytes, 0, List.of(), Optional.empty(), steps);
    }
}
