package io.rootstock.bench.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.recipe.Recipe;
import io.rootstock.corpus.recipe.RecipeReader;
import io.rootstock.corpus.source.SourceLimits;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.worker.RecipeRun;
import io.rootstock.corpus.worker.plan.RecipePlan;
import io.rootstock.corpus.worker.shard.StoredDataset;
import io.rootstock.corpus.worker.step.RecipeSteps;
import io.rootstock.corpus.worker.token.PreparedTokenizer;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.Shard;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.format.TokenizerWriter;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.encoding.training.BpeTrainer;
import io.rootstock.encoding.training.WordCounter;
import io.rootstock.tokenizer.dataset.DatasetPreparation;
import io.rootstock.tokenizer.dataset.PreparationSettings;
import io.rootstock.tokenizer.dataset.SourceFile;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.SplitFractions;
import io.rootstock.trainer.data.Corpus;
import io.rootstock.trainer.data.PretrainingData;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.plan.MicroBatches;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards of recipes beside the dataset that tokenizer-service prepares from the same documents, and as trainings read them. */
class ShardsOfRecipesTest {
    @TempDir
    private Path folder;

    private ArtifactStore store;
    private PreparedTokenizer tokenizer;

    @BeforeEach
    void write() throws IOException {
        store = new DirectoryArtifactStore(folder.resolve("store"));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            lines.append("{\"text\":\"Text %d: naïve Übung, 한국어 %x, <|end_of_text|> and\\n\\n  code();\"}\n"
                    .formatted(i, i * 7919));
        }
        Files.writeString(folder.resolve("lines.jsonl"), lines);
        Path directory = Files.createDirectory(folder.resolve("tokenizer"));
        try (WordCounter counter = new WordCounter(SplitPattern.CL100K, 1, WordCounter.MAX_WORDS)) {
            counter.add(lines.toString());
            TokenizerWriter.write(
                    new Tokenizer(
                            BpeTrainer.train(counter, 500, 1, learned -> {}).vocabulary(),
                            SplitPattern.CL100K,
                            SpecialToken.DEFAULT,
                            ChatTemplate.CHATML),
                    directory);
        }
        tokenizer = PreparedTokenizer.read("recipe", directory);
    }

    @Test
    void theTokenStreamEqualsTheOneOfDatasetPreparation() throws IOException {
        DatasetManifest shards = run("splits: {validation: 0}");
        PrepareDatasetRequest request = PrepareDatasetRequest.newBuilder()
                .setKind(DatasetKind.DATASET_KIND_PRETRAINING)
                .setSplits(SplitFractions.newBuilder().setTrain(1))
                .setSplitInOrder(true)
                .addSources(DatasetSource.newBuilder().setName("lines"))
                .build();
        Path file = folder.resolve("lines.jsonl");
        DatasetManifest prepared = DatasetManifest.read(
                store,
                Digest.parse(new DatasetPreparation(
                                request,
                                List.of(new SourceFile("lines.jsonl", file, Files.size(file))),
                                tokenizer.tokenizer(),
                                tokenizer.digest(),
                                store,
                                new PreparationSettings(folder, SourceLimits.DEFAULT),
                                progress -> {})
                        .prepare()
                        .getDigest()));
        assertThat(rows(shards)).hasSize(2_000).isEqualTo(rows(prepared));
        DatasetManifest.Split ours = shards.sources().getFirst().split(DatasetManifest.TRAIN);
        DatasetManifest.Split theirs = prepared.sources().getFirst().split(DatasetManifest.TRAIN);
        assertThat(ours.shards()).hasSizeGreaterThan(1);
        assertThat(ours).usingRecursiveComparison().ignoringFields("shards").isEqualTo(theirs);
        assertThat(shards.vocabularySize()).isEqualTo(prepared.vocabularySize());
        assertThat(shards.eosId()).isEqualTo(prepared.eosId());
        assertThat(shards.addBos()).isEqualTo(prepared.addBos());
        assertThat(shards.tokenizerDigest()).isEqualTo(prepared.tokenizerDigest());
    }

    @Test
    void trainingsReadTheShards() throws IOException {
        DatasetManifest manifest = run("splits: {validation: 0.2}");
        try (Corpus train = Corpus.open(store, manifest, DatasetManifest.TRAIN);
                Corpus validation = Corpus.open(store, manifest, DatasetManifest.VALIDATION)) {
            assertThat(train.bytes()).isGreaterThan(3 * validation.bytes());
            PretrainingData data = new PretrainingData(train, 16, 4, new MicroBatches(64, 1, 1 << 20, false), 1);
            LanguageBatch batch = (LanguageBatch) data.step(3).getFirst();
            assertThat(batch.tokens()).hasSize(64);
            assertThat(data.mostSteps()).isPositive();
        }
    }

    private DatasetManifest run(String splits) throws IOException {
        String yaml = """
                version: 1
                sources: [{name: lines, files: lines.jsonl}]
                unit_bytes: 65536
                tokenizer: tokenizers/small
                """ + splits + "\n";
        Recipe recipe = new RecipeReader(RecipeSteps.kinds())
                .read("recipe", new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
        RecipePlan plan =
                RecipePlan.of("recipe", recipe, InputRoots.of(folder, List.of(folder)), Optional.of(tokenizer));
        Path work = folder.resolve("work");
        new RecipeRun(work, 2, 16).run(plan, JobControl.NONE);
        return DatasetManifest.read(store, StoredDataset.store(work, store));
    }

    private List<String> rows(DatasetManifest manifest) {
        List<String> rows = new ArrayList<>();
        for (DatasetManifest.ShardReference reference :
                manifest.sources().getFirst().split(DatasetManifest.TRAIN).shards()) {
            try (Shard shard = Shard.open(store.verified(Digest.parse(reference.digest())))) {
                for (long row = 0; row < shard.rows(); row++) {
                    rows.add(Arrays.toString(shard.row(row)));
                }
            }
        }
        return rows;
    }
}
