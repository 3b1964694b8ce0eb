package io.rootstock.tokenizer.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.corpus.engine.count.CountsJson;
import io.rootstock.corpus.engine.job.CorpusReport;
import io.rootstock.corpus.worker.shard.StoredDataset;
import io.rootstock.corpus.worker.token.PreparedTokenizer;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.files.FileTree;
import io.rootstock.tokenizer.catalogue.Catalogue;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.CorpusResult;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.trainer.v1.ArtifactContent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Stores the result of a job in the artifact store. */
@ApplicationScoped
public class CorpusOutput {
    /** Files of a finished workspace that belong to the corpus; the others are results of stages. */
    private static final List<String> FILES = List.of("corpus.json", "manifest.json", "report.json");

    private static final JsonMapper JSON = new JsonMapper();

    private final ArtifactStore store;
    private final Catalogue<Dataset> catalogue;
    private final RecipeTokenizers tokenizers;

    @Inject
    CorpusOutput(ArtifactStore store, Catalogue<Dataset> catalogue, RecipeTokenizers tokenizers) {
        this.store = store;
        this.catalogue = catalogue;
        this.tokenizers = tokenizers;
    }

    /** Name of the dataset of a corpus. */
    static String dataset(String id) {
        return "datasets/" + id;
    }

    /**
     * Stores the result of a finished workspace, and adds its dataset to the catalogue.
     *
     * @throws IOException if files cannot be read or stored, or another dataset has the name
     */
    CorpusResult store(String id, Corpus corpus, Path workspace) throws IOException {
        Path directory = workspace.resolveSibling("output");
        FileTree.createEmpty(directory);
        for (String file : FILES) {
            FileTree.linkOrCopy(workspace.resolve(file), directory.resolve(file));
        }
        JsonNode manifest = JSON.readTree(workspace.resolve("manifest.json").toFile());
        for (JsonNode unit : manifest.get("units")) {
            Path file = directory.resolve(unit.get("path").textValue());
            Files.createDirectories(file.getParent());
            FileTree.linkOrCopy(workspace.resolve(unit.get("path").textValue()), file);
        }
        Digest output = store.putDirectory(directory);
        Digest report = store.putFile(directory.resolve("report.json"));
        return CorpusResult.newBuilder()
                .setDataset(corpus.getTokenizer().isEmpty() ? "" : addDataset(id, corpus, workspace))
                .setDocuments(manifest.get("documents").longValue())
                .setTextBytes(manifest.get("textBytes").longValue())
                .setOutput(
                        ArtifactContent.newBuilder().setDigest(output.value()).setBytes(FileTree.size(directory)))
                .setReport(
                        ArtifactContent.newBuilder().setDigest(report.value()).setBytes(store.size(report)))
                .build();
    }

    private static CorpusReport report(Path workspace) throws IOException {
        return CountsJson.read(Files.readString(workspace.resolve("report.json")), CorpusReport.class);
    }

    private String addDataset(String id, Corpus corpus, Path workspace) throws IOException {
        Digest digest = StoredDataset.store(workspace, store);
        DatasetManifest manifest = DatasetManifest.read(store, digest);
        CorpusReport report = report(workspace);
        if (corpus.getTrainsTokenizer()) {
            tokenizers.add(corpus, workspace.resolve(PreparedTokenizer.COPY), manifest.tokenizerDigest(), report);
        }
        Dataset dataset = CorpusDataset.describe(manifest, report)
                .setName(dataset(id))
                .setTokenizer(corpus.getTokenizer())
                .setDigest(digest.value())
                .setCreateTime(CorpusTable.now())
                .build();
        boolean added = catalogue.add(id, new Catalogue.Entry<>(corpus.getRecipeDigest(), "", dataset));
        if (!added
                && catalogue
                        .find(id)
                        .filter(existing -> existing.resource().getDigest().equals(digest.value()))
                        .isEmpty()) {
            throw new IOException(
                    dataset(id) + " exists with other content; delete it with `rootstock dataset delete " + id + "`");
        }
        return dataset(id);
    }
}
