package io.rootstock.corpus.engine.job;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.Receipt;
import io.rootstock.corpus.engine.Receipt.OutputFile;
import io.rootstock.corpus.engine.count.CountsJson;
import io.rootstock.corpus.engine.count.RemovedSample;
import io.rootstock.corpus.engine.count.StepCounts;
import io.rootstock.corpus.engine.count.UnitCounts;
import io.rootstock.corpus.engine.format.UnitFileReader;
import io.rootstock.corpus.engine.job.CorpusJob.DocumentStage;
import io.rootstock.corpus.engine.job.CorpusSpec.SourceUnit;
import io.rootstock.corpus.engine.spi.ReadSummary;
import io.rootstock.corpus.engine.spi.RefusedDocument;
import io.rootstock.corpus.engine.stage.Layout;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Sums the receipts of a job to its report and manifest.
 *
 * @param workspace work directory
 * @param spec specification of the job
 */
record Results(Path workspace, CorpusSpec spec) {
    private static final int MAX_REFUSED = 100;

    /** Deletes the manifest and report of an earlier run. */
    void delete() throws IOException {
        Files.deleteIfExists(workspace.resolve(CorpusManifest.NAME));
        Files.deleteIfExists(workspace.resolve(CorpusReport.NAME));
    }

    /**
     * Writes the manifest and the report, and removes output files of units that an earlier specification had.
     *
     * @param stripped stage without repeated lines; null if it did not run
     * @param current last stage before the output
     */
    CorpusReport write(DocumentStage read, DocumentStage stripped, DocumentStage current, DocumentStage output)
            throws IOException {
        CorpusManifest manifest = manifest(read, output);
        CorpusReport report = report(read, stripped, current, output, manifest);
        Set<String> paths =
                manifest.units().stream().map(CorpusManifest.OutputUnit::path).collect(Collectors.toSet());
        new OutputDirectory(workspace, Layout.OUTPUT).keepOnly(paths);
        report.write(workspace);
        AtomicFile.write(workspace.resolve(CorpusManifest.NAME), CountsJson.writePretty(manifest));
        return report;
    }

    private CorpusManifest manifest(DocumentStage read, DocumentStage output) {
        List<CorpusManifest.OutputUnit> units = new ArrayList<>();
        long documents = 0;
        long textBytes = 0;
        for (int i = 0; i < spec.units().size(); i++) {
            Receipt receipt = output.receipts().get(i);
            UnitCounts counts = output.counts(i);
            OutputFile file = receipt.files().getFirst();
            units.add(new CorpusManifest.OutputUnit(
                    receipt.name(),
                    read.counts(i).read().orElseThrow().contentDigest(),
                    file.path(),
                    file.digest(),
                    file.bytes(),
                    documents,
                    counts.documents(),
                    counts.textBytes()));
            documents += counts.documents();
            textBytes += counts.textBytes();
        }
        return new CorpusManifest(CorpusManifest.FORMAT_VERSION, documents, textBytes, units);
    }

    private CorpusReport report(
            DocumentStage read,
            DocumentStage stripped,
            DocumentStage current,
            DocumentStage output,
            CorpusManifest manifest)
            throws IOException {
        long refused = 0;
        List<RefusedDocument> firstRefused = new ArrayList<>();
        List<RefusedDocument> unreadableRests = new ArrayList<>();
        SortedMap<String, Long> ignored = new TreeMap<>();
        for (int i = 0; i < read.receipts().size(); i++) {
            UnitCounts counts = read.counts(i);
            refused += counts.refused();
            counts.firstRefused().stream()
                    .limit(MAX_REFUSED - firstRefused.size())
                    .forEach(firstRefused::add);
            ReadSummary summary = counts.read().orElseThrow();
            summary.unreadableRest().ifPresent(unreadableRests::add);
            summary.ignored().forEach((reason, count) -> ignored.merge(reason, count, Long::sum));
        }
        List<StepCounts> steps = new ArrayList<>(sum(read));
        if (stripped != null) {
            steps.addAll(sum(stripped));
        }
        for (StepCounts counts : sum(output)) {
            steps.add(new SampleLocations(workspace, current).resolve(counts));
        }
        return new CorpusReport(
                spec.units().size(),
                spec.units().stream().mapToLong(SourceUnit::bytes).sum(),
                refused,
                firstRefused,
                unreadableRests,
                ignored,
                steps,
                manifest.documents(),
                manifest.textBytes(),
                List.of());
    }

    private static List<StepCounts> sum(DocumentStage stage) {
        List<StepCounts> sums = new ArrayList<>();
        for (int unit = 0; unit < stage.receipts().size(); unit++) {
            List<StepCounts> counts = stage.counts(unit).steps();
            for (int step = 0; step < counts.size(); step++) {
                if (unit == 0) {
                    sums.add(counts.get(step));
                } else {
                    sums.set(step, sums.get(step).plus(counts.get(step)));
                }
            }
        }
        return sums;
    }

    /**
     * Finds the locations of the documents that samples are similar to; reads at most one unit for each sample.
     *
     * @param workspace work directory
     * @param documents stage whose documents the numbers count
     */
    private record SampleLocations(Path workspace, DocumentStage documents) {
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
}
