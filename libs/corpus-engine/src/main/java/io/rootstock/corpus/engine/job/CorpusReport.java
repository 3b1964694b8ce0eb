package io.rootstock.corpus.engine.job;

import io.rootstock.corpus.engine.count.CountsJson;
import io.rootstock.corpus.engine.count.StepCounts;
import io.rootstock.corpus.engine.spi.RefusedDocument;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/**
 * Report of a finished job. It depends on the specification and the sources alone.
 *
 * @param units number of units
 * @param sourceBytes bytes of the units as stored
 * @param refused number of records that could not be read
 * @param firstRefused the first of them, in order
 * @param unreadableRests places after which a unit could not be read, in order
 * @param ignored number of records that hold no document, by reason
 * @param steps documents and bytes of reading (the first row) and of each step, in order
 * @param documents number of documents written
 * @param textBytes UTF-8 bytes of their texts
 * @param sources documents and tokens of each source by split, in order; empty until the stage after the job counts them
 */
public record CorpusReport(
        int units,
        long sourceBytes,
        long refused,
        List<RefusedDocument> firstRefused,
        List<RefusedDocument> unreadableRests,
        SortedMap<String, Long> ignored,
        List<StepCounts> steps,
        long documents,
        long textBytes,
        List<SourceReport> sources) {
    /** Name of the report's file in the workspace. */
    public static final String NAME = "report.json";

    public CorpusReport {
        firstRefused = List.copyOf(firstRefused);
        unreadableRests = List.copyOf(unreadableRests);
        steps = List.copyOf(steps);
        sources = List.copyOf(sources);
    }

    /** Returns this report with the documents of each source. */
    public CorpusReport withSources(List<SourceReport> counted) {
        return new CorpusReport(
                units,
                sourceBytes,
                refused,
                firstRefused,
                unreadableRests,
                ignored,
                steps,
                documents,
                textBytes,
                counted);
    }

    /** Writes the report to its file; it appears complete or not at all. */
    public void write(Path workspace) throws IOException {
        AtomicFile.write(workspace.resolve(NAME), CountsJson.writePretty(this));
    }
}
