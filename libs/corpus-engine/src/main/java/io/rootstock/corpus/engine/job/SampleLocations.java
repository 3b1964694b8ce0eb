package io.rootstock.corpus.engine.job;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.count.RemovedSample;
import io.rootstock.corpus.engine.count.StepCounts;
import io.rootstock.corpus.engine.format.UnitFileReader;
import io.rootstock.corpus.engine.job.CorpusJob.DocumentStage;
import io.rootstock.corpus.engine.stage.Layout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the locations of the documents that samples are similar to; reads at most one unit for each sample.
 *
 * @param workspace work directory
 * @param documents stage whose documents the numbers count
 */
record SampleLocations(Path workspace, DocumentStage documents) {
    StepCounts resolve(StepCounts counts) throws IOException {
        List<RemovedSample> samples = new ArrayList<>();
        for (RemovedSample sample : counts.samples()) {
            samples.add(
                    sample.duplicateOf().isEmpty()
                            ? sample
                            : sample.withDuplicateOf(location(Long.parseLong(sample.duplicateOf()))));
        }
        return new StepCounts(
                counts.step(),
                counts.documentsIn(),
                counts.bytesIn(),
                counts.documentsOut(),
                counts.bytesOut(),
                counts.edits(),
                counts.removed(),
                samples);
    }

    private String location(long number) throws IOException {
        long first = 0;
        int unit = 0;
        while (number >= first + documents.counts(unit).documents()) {
            first += documents.counts(unit).documents();
            unit++;
        }
        Path file = workspace.resolve(Layout.documents(documents.name(), unit));
        try (UnitFileReader reader = new UnitFileReader(file)) {
            Document document = reader.next();
            for (long position = first; position < number; position++) {
                document = reader.next();
            }
            return document.location();
        }
    }
}
