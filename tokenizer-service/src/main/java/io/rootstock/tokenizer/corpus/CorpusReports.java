package io.rootstock.tokenizer.corpus;

import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.corpus.engine.count.CountsJson;
import io.rootstock.corpus.engine.count.RemovedSample;
import io.rootstock.corpus.engine.count.StepCounts;
import io.rootstock.corpus.engine.job.SourceReport;
import io.rootstock.corpus.engine.spi.RefusedDocument;
import io.rootstock.service.Errors;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.CorpusReport;
import io.rootstock.tokenizer.v1.CorpusSource;
import io.rootstock.tokenizer.v1.CorpusSplit;
import io.rootstock.tokenizer.v1.CorpusStep;
import io.rootstock.tokenizer.v1.RefusedRecord;
import io.rootstock.tokenizer.v1.RemovedDocument;
import io.rootstock.tokenizer.v1.TokenizerSample;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;

/** Reads the reports of corpora from the artifact store. */
@ApplicationScoped
public class CorpusReports {
    private final ArtifactStore store;

    @Inject
    CorpusReports(ArtifactStore store) {
        this.store = store;
    }

    /**
     * Returns the report of a corpus.
     *
     * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION if it has not succeeded, DATA_LOSS if the report cannot be
     *     read
     */
    public CorpusReport read(Corpus corpus) {
        if (!corpus.hasResult()) {
            throw Errors.failedPrecondition(
                    "NOT_SUCCEEDED",
                    corpus.getName() + " has no report: it has not succeeded; `rootstock data status` shows its state");
        }
        try {
            byte[] json =
                    store.readAll(Digest.parse(corpus.getResult().getReport().getDigest()));
            return report(CountsJson.read(
                    new String(json, StandardCharsets.UTF_8), io.rootstock.corpus.engine.job.CorpusReport.class));
        } catch (ArtifactException | IllegalArgumentException e) {
            throw Errors.dataLoss(
                    "REPORT_CORRUPT",
                    "the report of " + corpus.getName() + " cannot be read: " + e.getMessage()
                            + "; run the recipe again under another name");
        }
    }

    private static CorpusReport report(io.rootstock.corpus.engine.job.CorpusReport read) {
        return CorpusReport.newBuilder()
                .setUnits(read.units())
                .setSourceBytes(read.sourceBytes())
                .setRefused(read.refused())
                .addAllFirstRefused(
                        read.firstRefused().stream().map(CorpusReports::refused).toList())
                .addAllUnreadableRests(read.unreadableRests().stream()
                        .map(CorpusReports::refused)
                        .toList())
                .putAllIgnored(read.ignored())
                .addAllSteps(read.steps().stream().map(CorpusReports::step).toList())
                .addAllSources(
                        read.sources().stream().map(CorpusReports::source).toList())
                .setDocuments(read.documents())
                .setTextBytes(read.textBytes())
                .build();
    }

    private static RefusedRecord refused(RefusedDocument document) {
        return RefusedRecord.newBuilder()
                .setLocation(document.location())
                .setReason(document.reason())
                .build();
    }

    private static CorpusStep step(StepCounts counts) {
        return CorpusStep.newBuilder()
                .setStep(counts.step())
                .setDocumentsIn(counts.documentsIn())
                .setBytesIn(counts.bytesIn())
                .setDocumentsOut(counts.documentsOut())
                .setBytesOut(counts.bytesOut())
                .putAllEdits(counts.edits())
                .putAllRemoved(counts.removed())
                .addAllSamples(
                        counts.samples().stream().map(CorpusReports::sample).toList())
                .build();
    }

    private static RemovedDocument sample(RemovedSample sample) {
        return RemovedDocument.newBuilder()
                .setLocation(sample.location())
                .setUrl(sample.url())
                .setReason(sample.reason())
                .setExcerpt(sample.excerpt())
                .setDuplicateOf(sample.duplicateOf())
                .build();
    }

    private static CorpusSource source(SourceReport source) {
        return CorpusSource.newBuilder()
                .setName(source.name())
                .setUnits(source.units())
                .setBytesPerToken(source.bytesPerToken())
                .addAllSamples(source.samples().stream()
                        .map(sample -> TokenizerSample.newBuilder()
                                .setTokenizer(sample.tokenizer())
                                .setBytes(sample.bytes())
                                .setTokens(sample.tokens())
                                .build())
                        .toList())
                .addAllSplits(source.splits().stream()
                        .map(split -> CorpusSplit.newBuilder()
                                .setSplit(split.split())
                                .setDocuments(split.documents())
                                .setTextBytes(split.textBytes())
                                .setTokens(split.tokens())
                                .setShards(split.shards())
                                .setShardBytes(split.shardBytes())
                                .build())
                        .toList())
                .build();
    }
}
