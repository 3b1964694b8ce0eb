package io.rootstock.corpus.engine.job;

import io.rootstock.corpus.engine.DataEngine;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.JobFailedException;
import io.rootstock.corpus.engine.Receipt;
import io.rootstock.corpus.engine.Sha256;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.count.CountsJson;
import io.rootstock.corpus.engine.count.UnitCounts;
import io.rootstock.corpus.engine.job.CorpusSpec.SourceUnit;
import io.rootstock.corpus.engine.job.Duplicates.RepeatedLines;
import io.rootstock.corpus.engine.stage.JobStages;
import io.rootstock.corpus.engine.stage.Layout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the stages of a corpus job on an engine: read with steps, exact duplicates by address and by text, repeated lines,
 * near duplicates, survivors with the final steps. A run with the workspace of an earlier one resumes; stages whose inputs are unchanged are not
 * repeated.
 *
 * <p>Memory of this object: the receipts of one stage at a time, a few kilobytes a unit. Memory of a task does not depend on
 * the number of documents, except components (4 bytes a document) and buckets (see their tasks).
 */
public final class CorpusJob {
    /** Largest number of documents whose components can be found. */
    private static final long MAX_DOCUMENTS = Integer.MAX_VALUE - 8L;

    private final DataEngine engine;
    private final Path workspace;
    private final CorpusSpec spec;
    private final int buckets;
    private final JobControl control;
    private final List<Receipt> exchanged = new ArrayList<>();

    /**
     * @param engine engine to run on
     * @param workspace work directory of the engine
     * @param spec specification
     * @param buckets number of buckets of each exchange; no output depends on it
     */
    public CorpusJob(DataEngine engine, Path workspace, CorpusSpec spec, int buckets, JobControl control) {
        this.engine = engine;
        this.workspace = workspace;
        this.spec = spec;
        this.buckets = buckets;
        this.control = control;
    }

    /**
     * Runs the job, writes {@code manifest.json} and {@code report.json}, and returns the report. The manifest is written
     * last: it exists if and only if the last run has finished.
     *
     * @throws io.rootstock.corpus.engine.JobCancelledException if the job was cancelled; a later run resumes
     * @throws JobFailedException if a task failed; a later run resumes
     */
    public CorpusReport run() throws IOException {
        exchanged.clear();
        Results results = new Results(workspace, spec);
        results.delete();
        DocumentStage read = read();
        List<String> exact = removeEqual(read);
        DocumentStage current = read;
        DocumentStage stripped = null;
        if (spec.duplicates().lines().isPresent()) {
            stripped = strip(read, exact, spec.duplicates().lines().get());
            current = stripped;
            exact = List.of();
        }
        boolean near = spec.duplicates().near().isPresent();
        if (near) {
            findSimilar(current, exact, spec.duplicates().near().get());
        }
        JobStages stages = new JobStages(current.name(), exact, buckets);
        DocumentStage output = new DocumentStage(
                Layout.OUTPUT,
                engine.each(stages.survivors(near, spec.finalSteps()), current.units(exchangedDigest()), control));
        try {
            return results.write(read, stripped, current, output);
        } catch (IOException e) {
            throw JobFailedException.of("results", "manifest and report", workspace, e);
        }
    }

    private DocumentStage read() throws IOException {
        List<WorkUnit> units = new ArrayList<>();
        for (SourceUnit unit : spec.units()) {
            units.add(new WorkUnit(units.size(), unit.name(), unit.source(), unit.digest(), unit.bytes(), 0));
        }
        return new DocumentStage(Layout.READ, engine.each(JobStages.read(spec.reader(), spec.steps()), units, control));
    }

    private List<String> removeEqual(DocumentStage read) throws IOException {
        List<String> exact = new ArrayList<>();
        if (spec.duplicates().urls()) {
            removeEqual(Layout.URLS, read, exact);
        }
        if (spec.duplicates().contents()) {
            removeEqual(Layout.CONTENTS, read, exact);
        }
        return exact;
    }

    private void removeEqual(String name, DocumentStage read, List<String> exact) throws IOException {
        JobStages stages = new JobStages(read.name(), exact, buckets);
        exchanged.addAll(engine.exchange(stages.exact(name), read.units(exchangedDigest()), control));
        exact.add(name);
    }

    private DocumentStage strip(DocumentStage read, List<String> exact, RepeatedLines lines) throws IOException {
        JobStages stages = new JobStages(read.name(), exact, buckets);
        exchanged.addAll(engine.exchange(stages.lines(lines.mostDocuments()), read.units(exchangedDigest()), control));
        DocumentStage stripped =
                new DocumentStage(Layout.STRIP, engine.each(stages.strip(), read.units(exchangedDigest()), control));
        exchanged.clear();
        return stripped;
    }

    private void findSimilar(DocumentStage current, List<String> exact, NearDuplicates near) throws IOException {
        long total = current.documents();
        if (total > MAX_DOCUMENTS) {
            throw new IOException("the job has " + total + " documents, near duplicates are found among at most "
                    + MAX_DOCUMENTS + "; split the sources into several jobs");
        }
        JobStages stages = new JobStages(current.name(), exact, buckets);
        if (near.leastSimilarity() > 0) {
            exchanged.addAll(engine.each(
                    stages.signatures(near.minHash(), near.leastSimilarity()),
                    current.units(exchangedDigest()),
                    control));
        }
        List<Receipt> pairs = engine.exchange(
                stages.pairs(near.minHash(), near.leastSimilarity()), current.units(exchangedDigest()), control);
        WorkUnit all = new WorkUnit(0, "all units", "", Receipt.resultDigest(pairs), total * Integer.BYTES, 0);
        exchanged.addAll(engine.each(stages.components((int) total), List.of(all), control));
    }

    /** Digest of the results of exchanges that later stages read. */
    private String exchangedDigest() {
        return Receipt.resultDigest(exchanged);
    }

    /**
     * A stage that wrote documents.
     *
     * @param name name of the stage
     * @param receipts receipts of its units
     */
    record DocumentStage(String name, List<Receipt> receipts) {
        UnitCounts counts(int unit) {
            return CountsJson.read(receipts.get(unit).content(), UnitCounts.class);
        }

        long documents() {
            long sum = 0;
            for (int unit = 0; unit < receipts.size(); unit++) {
                sum += counts(unit).documents();
            }
            return sum;
        }

        /** The units as inputs of a later stage. */
        List<WorkUnit> units(String exchangedDigest) {
            List<WorkUnit> units = new ArrayList<>();
            long first = 0;
            for (Receipt receipt : receipts) {
                UnitCounts counts = counts(units.size());
                String digest = new Sha256()
                        .add(receipt.resultDigest())
                        .add(exchangedDigest)
                        .digest();
                units.add(new WorkUnit(units.size(), receipt.name(), "", digest, counts.textBytes(), first));
                first += counts.documents();
            }
            return units;
        }
    }
}
