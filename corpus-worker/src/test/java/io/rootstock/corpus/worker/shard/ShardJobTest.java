package io.rootstock.corpus.worker.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.DataEngine;
import io.rootstock.corpus.engine.Exchange;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.Receipt;
import io.rootstock.corpus.engine.Stage;
import io.rootstock.corpus.engine.TaskExecution;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.format.UnitFileReader;
import io.rootstock.corpus.engine.job.CorpusManifest;
import io.rootstock.corpus.engine.job.CorpusReport;
import io.rootstock.corpus.engine.job.SourceReport;
import io.rootstock.corpus.engine.job.SourceReport.SplitReport;
import io.rootstock.corpus.engine.job.SourceReport.TokenizerSample;
import io.rootstock.corpus.worker.RecipeRun;
import io.rootstock.corpus.worker.fixture.Recipes;
import io.rootstock.corpus.worker.fixture.Tokenizers;
import io.rootstock.corpus.worker.plan.RecipePlan;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.Shard;
import io.rootstock.dataset.ShardWriter;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.format.TokenizerReader;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardJobTest {
    private static final String TEXT_RECIPE = """
            version: 1
            sources:
            - {name: web, files: web, weight: 3, maximum_epochs: 2}
            - {name: notes, files: notes.jsonl}
            unit_bytes: 65536
            steps: [exact-duplicates]
            splits: {validation: 0.2, test: 0.1}
            seed: 5
            """;
    private static final String RECIPE = TEXT_RECIPE + "tokenizer: tokenizers/small\n";

    @TempDir
    private Path folder;

    private Path tokenizer;

    @BeforeEach
    void writeSources() throws IOException {
        StringBuilder web = new StringBuilder();
        for (int i = 0; i < 1500; i++) {
            web.append(row(text(i % 1400)));
        }
        Files.createDirectory(folder.resolve("web"));
        Files.writeString(folder.resolve("web/pages.jsonl"), web);
        Files.writeString(
                folder.resolve("notes.jsonl"), row("Zwei Sätze, 한국어 und <|end_of_text|> als Text.") + row(text(3)));
        tokenizer = Tokenizers.trained(folder.resolve("tokenizer"), web.toString());
    }

    private static String text(int i) {
        return "Page " + i + " tells of " + "rain and wind ".repeat(1 + i % 17) + Integer.toString(i * 7919, 36) + ".";
    }

    private static String row(String text) {
        return "{\"text\":\"" + text + "\"}\n";
    }

    @Test
    void shardsHoldTheTokensOfEachDocumentOfTheirUnitAndSplit() throws IOException {
        Path work = run("work", 2, 16, RECIPE);
        ShardIndex index = ShardIndex.read(work);
        CorpusManifest manifest = CorpusManifest.read(work);
        assertThat(manifest.units()).hasSizeGreaterThan(3);
        assertThat(index.units())
                .extracting(ShardIndex.UnitFiles::name)
                .isEqualTo(manifest.units().stream()
                        .map(CorpusManifest.OutputUnit::name)
                        .toList());
        for (int unit = 0; unit < index.units().size(); unit++) {
            Map<String, List<int[]>> actual = new TreeMap<>();
            for (ShardIndex.ShardFile file : index.units().get(unit).shards()) {
                actual.computeIfAbsent(file.split(), _ -> new ArrayList<>()).addAll(rows(work.resolve(file.path())));
                assertThat(Digest.ofFile(work.resolve(file.path())).value()).isEqualTo(file.digest());
            }
            Map<String, List<int[]>> expected =
                    naive(work.resolve(manifest.units().get(unit).path()), new SplitRule(5, 0.2, 0.1));
            assertThat(actual.keySet()).isEqualTo(expected.keySet());
            expected.forEach((split, rows) -> assertThat(
                            actual.get(split).stream().map(Arrays::toString).toList())
                    .isEqualTo(rows.stream().map(Arrays::toString).toList()));
        }
    }

    /** Rows as they are defined, by split. */
    private Map<String, List<int[]>> naive(Path documents, SplitRule rule) throws IOException {
        Tokenizer reference = TokenizerReader.read(tokenizer);
        Map<String, List<int[]>> rows = new TreeMap<>();
        try (UnitFileReader reader = new UnitFileReader(documents)) {
            for (Document document = reader.next(); document != null; document = reader.next()) {
                int[] text = reference.encode(document.text().toString(), SpecialTokenPolicy.AS_TEXT);
                int[] row = new int[text.length + 2];
                row[0] = reference.specialTokenId("<|begin_of_text|>").orElseThrow();
                System.arraycopy(text, 0, row, 1, text.length);
                row[row.length - 1] =
                        reference.specialTokenId("<|end_of_text|>").orElseThrow();
                rows.computeIfAbsent(rule.of(document).key(), _ -> new ArrayList<>())
                        .add(row);
            }
        }
        return rows;
    }

    private static List<int[]> rows(Path file) {
        try (Shard shard = Shard.open(file)) {
            List<int[]> rows = new ArrayList<>();
            for (long row = 0; row < shard.rows(); row++) {
                rows.add(shard.row(row));
            }
            return rows;
        }
    }

    @Test
    void theReportAndTheManifestAgreeForEachSource() throws IOException {
        RecipePlan plan = Recipes.plan(folder, RECIPE, tokenizer);
        Path work = folder.resolve("work");
        CorpusReport report = new RecipeRun(work, 1, 16).run(plan, JobControl.NONE);
        JsonNode json = new JsonMapper().readTree(work.resolve("dataset.json").toFile());

        assertThat(report.sources()).extracting(SourceReport::name).containsExactly("web", "notes");
        assertThat(report.documents()).isEqualTo(1401);
        for (int i = 0; i < 2; i++) {
            SourceReport source = report.sources().get(i);
            JsonNode entry = json.at("/sources/" + i);
            assertThat(entry.path("name").asText()).isEqualTo(source.name());
            for (SplitReport split : source.splits()) {
                JsonNode stored = entry.path("splits").path(split.split());
                assertThat(stored.path("rows").asLong()).isEqualTo(split.documents());
                assertThat(stored.path("tokens").asLong()).isEqualTo(split.tokens());
                assertThat(stored.path("lossTokens").asLong()).isEqualTo(split.tokens() - split.documents());
                assertThat(stored.path("bytes").asLong()).isEqualTo(split.textBytes());
                assertThat(stored.path("shards")).hasSize(split.shards());
                // BOS and EOS.
                assertThat(split.tokens() - split.textTokens()).isEqualTo(2 * split.documents());
            }
        }
        SourceReport web = report.sources().getFirst();
        assertThat(web.splits())
                .extracting(SplitReport::split)
                .containsExactly(DatasetManifest.TRAIN, DatasetManifest.VALIDATION, DatasetManifest.TEST);
        assertThat(web.splits().stream().mapToLong(SplitReport::documents).sum())
                .isEqualTo(1400);
        assertThat(web.bytesPerToken()).isBetween(2.5, 6.0);
        assertThat(web.compression()).isBetween(0.5, 3.0);
        // The sample of a small source is all of it.
        long textBytes = web.splits().stream().mapToLong(SplitReport::textBytes).sum();
        long textTokens =
                web.splits().stream().mapToLong(SplitReport::textTokens).sum();
        assertThat(web.samples())
                .extracting(TokenizerSample::tokenizer)
                .containsExactly(plan.recipe().tokenizer().orElseThrow(), "r50k", "cl100k", "o200k");
        assertThat(web.samples()).extracting(TokenizerSample::bytes).containsOnly(textBytes);
        assertThat(web.samples().getFirst().tokens()).isEqualTo(textTokens);
        List<EncodingType> encodings =
                List.of(EncodingType.R50K_BASE, EncodingType.CL100K_BASE, EncodingType.O200K_BASE);
        for (int i = 0; i < encodings.size(); i++) {
            Encoding encoding = Encodings.newLazyEncodingRegistry().getEncoding(encodings.get(i));
            long expected = IntStream.range(0, 1400)
                    .mapToLong(document -> encoding.countTokensOrdinary(text(document)))
                    .sum();
            assertThat(web.samples().get(i + 1).tokens()).isEqualTo(expected);
        }
        assertThat(json.path("kind").asText()).isEqualTo("PRETRAINING");
        assertThat(json.path("addBos").asBoolean()).isTrue();
        assertThat(json.at("/sources/0/maximumEpochs").asDouble()).isEqualTo(2);
        double trained = json.at("/sources/1/splits/train/tokens").asLong() > 0 ? 0.75 : 1.0;
        assertThat(json.at("/sources/0/weight").asDouble()).isEqualTo(trained);
        JsonNode corpus = new JsonMapper().readTree(work.resolve("corpus.json").toFile());
        assertThat(corpus.path("dataset").asText())
                .isEqualTo(Digest.ofFile(work.resolve("dataset.json")).value());
    }

    @Test
    void everyFileIsEqualForAnyThreadsBucketsAndOrderOfTasks() throws IOException {
        Path one = run("one", 1, 16, RECIPE);
        Path two = run("two", 2, 64, RECIPE);
        assertThat(contents(two)).isEqualTo(contents(one));

        Path other = run("other", 1, 1, RECIPE);
        for (String produced : List.of("shards", "receipts/shards", "dataset.json", "shards.json")) {
            FileTree.delete(other.resolve(produced));
        }
        CorpusReport report = io.rootstock.corpus.engine.count.CountsJson.read(
                Files.readString(other.resolve("report.json")), CorpusReport.class);
        new ShardJob(new BackwardEngine(other), other, Recipes.plan(folder, RECIPE, tokenizer), JobControl.NONE)
                .run(report.withSources(List.of()));
        assertThat(contents(other)).isEqualTo(contents(one));
    }

    /** Runs units from the last to the first. */
    private record BackwardEngine(Path workspace) implements DataEngine {
        @Override
        public List<Receipt> each(Stage stage, List<WorkUnit> units, JobControl control) throws IOException {
            List<Receipt> receipts = new ArrayList<>();
            for (WorkUnit unit : units.reversed()) {
                receipts.addFirst(TaskExecution.unit(workspace, stage, unit, control.cancelled()));
            }
            return receipts;
        }

        @Override
        public List<Receipt> exchange(Exchange exchange, List<WorkUnit> units, JobControl control) {
            throw new UnsupportedOperationException();
        }
    }

    private static Map<String, String> contents(Path work) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (String file : List.of("corpus.json", "report.json", "dataset.json", "shards.json")) {
            contents.put(file, Files.readString(work.resolve(file)));
        }
        try (Stream<Path> shards = Files.list(work.resolve("shards"))) {
            for (Path shard : shards.toList()) {
                contents.put(
                        shard.getFileName().toString(), Digest.ofFile(shard).value());
            }
        }
        return contents;
    }

    @Test
    void aSecondRunWritesNoShardAndRepairsAnAlteredOne() throws IOException {
        Path work = run("work", 1, 16, RECIPE);
        Map<String, String> before = contents(work);
        List<ShardIndex.ShardFile> files = ShardIndex.read(work).files();
        for (ShardIndex.ShardFile file : files) {
            Files.setLastModifiedTime(work.resolve(file.path()), FileTime.fromMillis(0));
        }
        Files.writeString(work.resolve(files.getFirst().path()), "altered");
        assertThatThrownBy(() -> StoredDataset.store(work, new DirectoryArtifactStore(folder.resolve("store"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(files.getFirst().path())
                .hasMessageContaining("run the recipe again");

        run("work", 1, 16, RECIPE);
        assertThat(contents(work)).isEqualTo(before);
        long kept = 0;
        for (ShardIndex.ShardFile file : files) {
            kept += Files.getLastModifiedTime(work.resolve(file.path())).toMillis() == 0 ? 1 : 0;
        }
        // The unit of the altered shard writes all of its shards.
        int rewritten = ShardIndex.read(work).units().getFirst().shards().size();
        assertThat(kept).isEqualTo(files.size() - rewritten);
    }

    @Test
    void anotherSeedOrTokenizerChangesTheShardsAndAnotherWeightOnlyTheManifest() throws IOException {
        Path work = run("work", 1, 16, RECIPE);
        Map<String, String> before = contents(work);
        run("work", 1, 16, RECIPE.replace("weight: 3", "weight: 7"));
        Map<String, String> weighted = contents(work);
        assertThat(weighted.get("dataset.json")).isNotEqualTo(before.get("dataset.json"));
        before.forEach((name, digest) -> {
            if (name.endsWith(".shard")) {
                assertThat(weighted).containsEntry(name, digest);
            }
        });
        run("work", 1, 16, RECIPE.replace("seed: 5", "seed: 6"));
        assertThat(contents(work).get("shards.json")).isNotEqualTo(before.get("shards.json"));
        tokenizer = Tokenizers.ofBytes(folder.resolve("bytes"));
        run("work", 1, 16, RECIPE);
        ShardIndex index = ShardIndex.read(work);
        assertThat(index.tokenizer()).isNotEqualTo(before.get("shards.json"));
        assertThat(contents(work).get("shards.json")).isNotEqualTo(before.get("shards.json"));
    }

    @Test
    void withoutATokenizerTheReportCountsSplitsAndNoShardIsLeft() throws IOException {
        Path work = run("work", 1, 16, RECIPE);
        CorpusReport held = new RecipeRun(work, 1, 16).run(Recipes.plan(folder, TEXT_RECIPE), JobControl.NONE);
        assertThat(held.sources().getFirst().splits())
                .extracting(SplitReport::split)
                .containsExactly("train", "validation", "test");
        assertThat(held.sources().getFirst().splits()).allMatch(split -> split.tokens() == 0);
        assertThat(work.resolve("shards")).doesNotExist();
        assertThat(work.resolve("dataset.json")).doesNotExist();
        assertThat(work.resolve("shards.json")).doesNotExist();

        String all = TEXT_RECIPE.replaceAll("splits: .*\n", "");
        CorpusReport text = new RecipeRun(work, 1, 16).run(Recipes.plan(folder, all), JobControl.NONE);
        assertThat(text.sources())
                .flatExtracting(SourceReport::splits)
                .extracting(SplitReport::split, SplitReport::documents)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("train", 1400L),
                        org.assertj.core.groups.Tuple.tuple("train", 1L));
    }

    @Test
    void aStoredDatasetIsReadByItsDigest() throws IOException {
        Path work = run("work", 1, 16, RECIPE);
        ArtifactStore store = new DirectoryArtifactStore(folder.resolve("store"));
        Digest digest = StoredDataset.store(work, store);
        DatasetManifest manifest = DatasetManifest.read(store, digest);
        assertThat(StoredDataset.store(work, store)).isEqualTo(digest);
        assertThat(store.putDirectory(tokenizer).value()).isEqualTo(manifest.tokenizerDigest());
        long rows = 0;
        for (DatasetManifest.Source source : manifest.sources()) {
            for (DatasetManifest.Split split : source.splits().values()) {
                for (DatasetManifest.ShardReference reference : split.shards()) {
                    try (Shard shard = Shard.open(store.verified(Digest.parse(reference.digest())))) {
                        assertThat(shard.rows()).isEqualTo(reference.rows());
                        assertThat(shard.tokens()).isEqualTo(reference.tokens());
                        rows += shard.rows();
                    }
                }
            }
        }
        assertThat(rows).isEqualTo(1401);
    }

    @Test
    void aLargeUnitHasSeveralShardsAndEachDocumentIsWhole() throws IOException {
        tokenizer = Tokenizers.ofBytes(folder.resolve("bytes"));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            lines.append(row(i + " " + "abcdefgh ".repeat(180_000)));
        }
        Files.writeString(folder.resolve("large.jsonl"), lines);
        String recipe = """
                version: 1
                sources: [{name: large, files: large.jsonl}]
                tokenizer: tokenizers/bytes
                """;
        Path work = run("work", 1, 16, recipe);
        List<ShardIndex.ShardFile> files = ShardIndex.read(work).files();
        assertThat(files).extracting(ShardIndex.ShardFile::rows).containsExactly(3L, 2L);
        assertThat(files.getFirst().tokens()).isGreaterThanOrEqualTo(ShardWriter.TOKENS_PER_SHARD);
        assertThat(files.stream().mapToLong(ShardIndex.ShardFile::tokens).sum()).isEqualTo(5 * (180_000L * 9 + 2 + 2));
    }

    @Test
    void aPlanWithoutTheTokenizersFilesDoesNotRun() throws IOException {
        RecipePlan plan = Recipes.plan(folder, RECIPE);
        assertThatThrownBy(() -> new RecipeRun(folder.resolve("work"), 1, 16).run(plan, JobControl.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tokenizers/small");
        assertThat(folder.resolve("work")).doesNotExist();
    }

    private Path run(String name, int threads, int buckets, String recipe) throws IOException {
        Path work = folder.resolve(name);
        new RecipeRun(work, threads, buckets).run(Recipes.plan(folder, recipe, tokenizer), JobControl.NONE);
        return work;
    }
}
