package io.rootstock.tokenizer.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.service.Errors;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.CorpusReport;
import io.rootstock.tokenizer.v1.CorpusStep;
import io.rootstock.tokenizer.v1.RefusedRecord;
import io.rootstock.tokenizer.v1.RemovedDocument;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.function.BiConsumer;

/** Reads the reports of corpora from the artifact store. */
@ApplicationScoped
public class CorpusReports {
    private static final JsonMapper JSON = new JsonMapper();

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
            return report(JSON.readTree(
                    store.readAll(Digest.parse(corpus.getResult().getReport().getDigest()))));
        } catch (ArtifactException | IOException e) {
            throw Errors.dataLoss(
                    "REPORT_CORRUPT",
                    "the report of " + corpus.getName() + " cannot be read: " + e.getMessage()
                            + "; run the recipe again under another name");
        }
    }

    private static CorpusReport report(JsonNode json) {
        CorpusReport.Builder report = CorpusReport.newBuilder()
                .setUnits(json.path("units").asLong())
                .setSourceBytes(json.path("sourceBytes").asLong())
                .setRefused(json.path("refused").asLong())
                .setDocuments(json.path("documents").asLong())
                .setTextBytes(json.path("textBytes").asLong());
        json.path("firstRefused").forEach(record -> report.addFirstRefused(refused(record)));
        json.path("unreadableRests").forEach(record -> report.addUnreadableRests(refused(record)));
        counts(json.path("ignored"), report::putIgnored);
        json.path("steps").forEach(step -> report.addSteps(step(step)));
        return report.build();
    }

    private static RefusedRecord refused(JsonNode json) {
        return RefusedRecord.newBuilder()
                .setLocation(json.path("location").asText())
                .setReason(json.path("reason").asText())
                .build();
    }

    private static CorpusStep step(JsonNode json) {
        CorpusStep.Builder step = CorpusStep.newBuilder()
                .setStep(json.path("step").asText())
                .setDocumentsIn(json.path("documentsIn").asLong())
                .setBytesIn(json.path("bytesIn").asLong())
                .setDocumentsOut(json.path("documentsOut").asLong())
                .setBytesOut(json.path("bytesOut").asLong());
        counts(json.path("edits"), step::putEdits);
        counts(json.path("removed"), step::putRemoved);
        for (JsonNode sample : json.path("samples")) {
            step.addSamples(RemovedDocument.newBuilder()
                    .setLocation(sample.path("location").asText())
                    .setUrl(sample.path("url").asText())
                    .setReason(sample.path("reason").asText())
                    .setExcerpt(sample.path("excerpt").asText())
                    .setDuplicateOf(sample.path("duplicateOf").asText()));
        }
        return step.build();
    }

    private static void counts(JsonNode json, BiConsumer<String, Long> add) {
        json.properties()
                .forEach(count -> add.accept(count.getKey(), count.getValue().asLong()));
    }
}
