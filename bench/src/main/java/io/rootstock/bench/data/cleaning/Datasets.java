package io.rootstock.bench.data.cleaning;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.bench.TextRun;
import io.rootstock.bench.emergence.TrainingText;
import io.rootstock.corpus.worker.token.PreparedTokenizer;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.encoding.format.TokenizerWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The raw and the cleaned corpus as datasets with one tokenizer and the same held-out documents.
 *
 * @param raw outcome of a recipe without steps
 * @param cleaned outcome of the recipe with all steps
 * @param heldOut outcome of a recipe without steps over the held-out documents
 * @param digests dataset of each side, with the held-out documents as validation split
 */
record Datasets(RecipeOutcome raw, RecipeOutcome cleaned, RecipeOutcome heldOut, Map<Side, Digest> digests) {
    /**
     * Steps and thresholds of the preset {@code fineweb-like}, with the repeated lines of many documents removed and personal
     * data of all kinds masked.
     */
    static final String STEPS = """

            - unicode-repair
            - language: {languages: [en], min_probability: 0.65}
            - gopher-repetition
            - gopher-quality
            - c4-quality: {require_terminal: false}
            - fineweb-quality
            - exact-duplicates
            - frequent-lines
            - near-duplicates: {bands: 14, rows: 8, ngram: 5}
            - pii-masking""";

    static final int VOCABULARY = 2048;

    Datasets {
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
        RecipeOutcome raw = RecipeOutcome.run(folder, "crawl", " []", tokenizer, store);
        RecipeOutcome cleaned = RecipeOutcome.run(folder, "crawl", STEPS, tokenizer, store);
        RecipeOutcome validation = RecipeOutcome.run(folder, "held-out", " []", tokenizer, store);
        return new Datasets(
                raw,
                cleaned,
                validation,
                Map.of(
                        Side.RAW, withHeldOut(raw, validation).write(store),
                        Side.CLEANED, withHeldOut(cleaned, validation).write(store)));
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

    /** Outcome of a side's recipe. */
    RecipeOutcome of(Side side) {
        return switch (side) {
            case RAW -> raw;
            case CLEANED -> cleaned;
        };
    }

    /** Digest of a side's dataset. */
    Digest digest(Side side) {
        return digests.get(side);
    }
}
