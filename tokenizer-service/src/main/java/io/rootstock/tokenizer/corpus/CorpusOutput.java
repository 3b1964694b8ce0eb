package io.rootstock.tokenizer.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.files.FileTree;
import io.rootstock.tokenizer.v1.CorpusResult;
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

    @Inject
    CorpusOutput(ArtifactStore store) {
        this.store = store;
    }

    /** Stores the result of a finished workspace. */
    CorpusResult store(Path workspace) throws IOException {
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
                .setDocuments(manifest.get("documents").longValue())
                .setTextBytes(manifest.get("textBytes").longValue())
                .setOutput(
                        ArtifactContent.newBuilder().setDigest(output.value()).setBytes(FileTree.size(directory)))
                .setReport(
                        ArtifactContent.newBuilder().setDigest(report.value()).setBytes(store.size(report)))
                .build();
    }
}
