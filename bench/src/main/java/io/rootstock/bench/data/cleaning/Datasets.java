package io.rootstock.bench.data.cleaning;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.bench.TextRun;
import io.rootstock.bench.emergence.TrainingText;
import io.rootstock.corpus.worker.token.PreparedTokenizer;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.encoding.format.TokenizerWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The corpora of all sides as datasets with one tokenizer and the same held-out documents.
 *
 * @param outcomes outcome of each side's recipe
 * @param heldOut outcome of a recipe without steps over the held-out documents
 * @param digests dataset of each side, with the held-out documents as validation split
 */
record Datasets(Map<Side, RecipeOutcome> outcomes, RecipeOutcome heldOut, Map<Side, String> digests) {
    static final int VOCABULARY = 2048;

    Datasets {
        outcomes = Map.copyOf(outcomes);
        digests = Map.copyOf(digests);
    }

    /** Trains the tokenizer on the raw corpus, runs the recipes, and stores the datasets. */
    static Datasets prepare(Path folder, DirtyCorpus corpus, List<String> heldOut, ArtifactStore store)
            throws IOException {
        corpus.write(folder.resolve("crawl.jsonl"));
        TrainingText.write(heldOut, folder.resolve("held-out.jsonl"));
        String text = corpus.documents().stream().map(PlantedDocument::text).collect(Collectors.joining("\n"));
        Path files = Files.createDirectory(folder.resolve("tokenizer"));
        TokenizerWriter.write(TextRun.tokenizer(text, VOCABULARY), files);
        PreparedTokenizer tokenizer = PreparedTokenizer.read("recipe", files);
        store.putDirectory(files);
        RecipeOutcome validation = RecipeOutcome.run(folder, "held-out", Side.RAW.steps(), tokenizer, store);
        Map<Side, RecipeOutcome> outcomes = new EnumMap<>(Side.class);
        Map<Side, String> digests = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            RecipeOutcome outcome = RecipeOutcome.run(folder, "crawl", side.steps(), tokenizer, store);
            outcomes.put(side, outcome);
            digests.put(side, withHeldOut(outcome, validation).write(store).value());
        }
        return new Datasets(outcomes, validation, digests);
    }

    private static DatasetManifest withHeldOut(RecipeOutcome train, RecipeOutcome validation) {
        DatasetManifest manifest = train.dataset();
        return new DatasetManifest(
                manifest.formatVersion(),
                manifest.kind(),
                manifest.tokenizerDigest(),
                manifest.vocabularySize(),
                manifest.addBos(),
                manifest.eosId(),
                manifest.maxTokens(),
                manifest.labels(),
                List.of(
                        new DatasetManifest.Source("crawl", 1, 0, Map.of(DatasetManifest.TRAIN, train.split())),
                        new DatasetManifest.Source(
                                "held-out", 0, 0, Map.of(DatasetManifest.VALIDATION, validation.split()))));
    }
}
