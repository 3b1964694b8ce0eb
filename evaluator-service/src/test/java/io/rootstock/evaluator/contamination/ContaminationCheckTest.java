package io.rootstock.evaluator.contamination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.ShardWriter;
import io.rootstock.evaluation.contamination.ContaminatedRow;
import io.rootstock.evaluation.task.request.PromptFormat;
import io.rootstock.evaluation.task.suite.FolderFiles;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.SearchedData;
import io.rootstock.evaluation.v1.TrainingData;
import io.rootstock.evaluation.v1.UnsearchedData;
import io.rootstock.evaluator.TestDatasets;
import io.rootstock.evaluator.TestSuite;
import io.rootstock.evaluator.suite.EvaluatedTask;
import io.rootstock.evaluator.suite.SelectedTasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContaminationCheckTest {
    private static final String VERSION = "models/m/versions/1";
    private static final String FIRST = "the quick brown fox jumps over";
    private static final String SECOND = "오늘은 날씨가 정말 좋아서 공원에 산책하러 갔습니다";
    private static final String THIRD = "a ship sails to the far island";

    @TempDir
    private Path scratch;

    private ArtifactStore store;
    private TestDatasets datasets;
    private List<EvaluatedTask> tasks;
    private final List<String> read = new ArrayList<>();
    private long total;
    private long bytes;
    private long stopAfter = Long.MAX_VALUE;

    @BeforeEach
    void prepare() throws IOException {
        store = new DirectoryArtifactStore(scratch.resolve("store"));
        datasets = new TestDatasets(store, scratch);
        Path suite = scratch.resolve("suite");
        String rows = String.join(
                "\n",
                List.of(FIRST, SECOND, THIRD, "too short").stream()
                        .map(text -> "{\"text\": \"" + text + "\", \"word\": \"w\"}")
                        .toList());
        var _ = new TestSuite(suite)
                .with("suite.yaml", "suite: s\ntasks: [cloze.yaml]\n")
                .with("cloze.yaml", """
                        task: cloze
                        dataset_path: json
                        dataset_kwargs: {data_files: {test: cloze.jsonl}}
                        test_split: test
                        output_type: loglikelihood
                        doc_to_text: text
                        doc_to_target: " {{word}}"
                        metric_list: [{metric: acc}]
                        """)
                .with("cloze.jsonl", rows + "\n")
                .store(store);
        tasks = SelectedTasks.of(new FolderFiles(suite), EvaluationSpec.getDefaultInstance(), PromptFormat.PLAIN);
    }

    private final class Listener implements SearchListener {
        @Override
        public void begin(long totalBytes) {
            total = totalBytes;
        }

        @Override
        public void read(String dataset, long count) {
            bytes += count;
            if (count > 0) {
                read.add(dataset);
            }
            if (bytes > stopAfter) {
                throw new IllegalStateException("stopped");
            }
        }
    }

    private TaskContamination check(TrainingData... data) throws IOException {
        total = 0;
        bytes = 0;
        read.clear();
        return new ContaminationCheck(store, scratch.resolve("contamination"), new Listener())
                .run(tasks, List.of(data))
                .get("cloze");
    }

    private static List<String> noise(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "Document number " + i + " is about nothing at all.")
                .toList();
    }

    private static List<String> with(List<String> documents, String... more) {
        List<String> all = new ArrayList<>(documents);
        all.addAll(List.of(more));
        return all;
    }

    @Test
    void plantedRowsAreFoundWithTheirPlaceInTheTrainingSplits() throws IOException {
        TrainingData data = datasets.documents(
                VERSION,
                "web",
                with(noise(7), "x ".repeat(9000) + "THE quick, brown fox jumps over it", "— " + SECOND),
                List.of(THIRD));
        TaskContamination found = check(data);
        assertThat(found.checked()).isEqualTo(3);
        assertThat(found.unchecked()).isEqualTo(1);
        assertThat(found.flagged()).containsOnlyKeys(0, 1);
        DatasetManifest manifest = DatasetManifest.read(store, Digest.parse(data.getDatasetDigest()));
        List<DatasetManifest.ShardReference> shards =
                manifest.sources().getFirst().split(DatasetManifest.TRAIN).shards();
        ContaminatedRow row = found.of(0).orElseThrow();
        assertThat(row.place().shard()).isEqualTo(shards.getLast().digest());
        assertThat(row.place().document()).isEqualTo(3);
        assertThat(row.share()).isEqualTo(1);
        assertThat(row.dataset()).isEqualTo("datasets/web");
        assertThat(row.version()).isEqualTo(VERSION);
        long tokens = shards.stream()
                .mapToLong(DatasetManifest.ShardReference::tokens)
                .sum();
        assertThat(found.searched())
                .containsExactly(SearchedData.newBuilder()
                        .setData(data)
                        .setDocuments(9)
                        .setTokens(tokens)
                        .setFlaggedRows(2)
                        .build());
        assertThat(total).isEqualTo(2 * tokens).isEqualTo(bytes);
        assertThat(found.message().build().getFlaggedRows()).isEqualTo(2);
    }

    @Test
    void rowsOfFineTuningAreSearchedAndAnswersOfAPreferenceAreApart() throws IOException {
        ShardWriter chats = TestDatasets.shard(DatasetKind.INSTRUCTION);
        int[] chat = TestDatasets.tokens("user\n" + FIRST + "?", "assistant\nyes");
        chats.addExample(chat, new byte[chat.length]);
        ShardWriter classes = TestDatasets.shard(DatasetKind.CLASSIFICATION);
        classes.addLabelled(TestDatasets.tokens(SECOND), 1);
        ShardWriter preferences = TestDatasets.shard(DatasetKind.PREFERENCE);
        // Only the end of the first answer and the beginning of the second one together are the row.
        int[] chosen = TestDatasets.tokens("a ship sails to");
        int[] rejected = TestDatasets.tokens("the far island");
        int[] pair =
                IntStream.concat(IntStream.of(chosen), IntStream.of(rejected)).toArray();
        byte[] mask = new byte[pair.length];
        Arrays.fill(mask, chosen.length, pair.length, (byte) 2);
        preferences.addPair(pair, mask);
        TaskContamination found = check(
                datasets.dataset(VERSION, "chats", DatasetKind.INSTRUCTION, train(chats)),
                datasets.dataset(VERSION, "classes", DatasetKind.CLASSIFICATION, train(classes)),
                datasets.dataset(VERSION, "preferences", DatasetKind.PREFERENCE, train(preferences)));
        assertThat(found.of(0).orElseThrow().dataset()).isEqualTo("datasets/chats");
        assertThat(found.of(1).orElseThrow().dataset()).isEqualTo("datasets/classes");
        assertThat(found.of(2)).isEmpty();
        assertThat(found.searched()).extracting(SearchedData::getDocuments).containsExactly(1L, 1L, 2L);
    }

    private static Map<String, List<ShardWriter>> train(ShardWriter shard) {
        return Map.of(DatasetManifest.TRAIN, List.of(shard));
    }

    @Test
    void dataThatCannotBeReadIsNamedAndNeverClean() throws IOException {
        TrainingData deleted = datasets.documents(VERSION, "deleted", with(noise(3), FIRST), List.of());
        TrainingData kept = datasets.documents("models/m/versions/2", "kept", with(noise(3), THIRD), List.of());
        DatasetManifest manifest = DatasetManifest.read(store, Digest.parse(deleted.getDatasetDigest()));
        remove(manifest.sources()
                .getFirst()
                .split(DatasetManifest.TRAIN)
                .shards()
                .getLast()
                .digest());
        TrainingData unknown = TrainingData.newBuilder()
                .setVersion("models/base/versions/1")
                .setUnknownReason("base of others")
                .build();
        TrainingData absent = deleted.toBuilder()
                .setDataset("datasets/absent")
                .setDatasetDigest("sha256:" + "0".repeat(64))
                .build();
        TaskContamination found = check(deleted, kept, unknown, absent);
        assertThat(found.flagged()).containsOnlyKeys(2);
        assertThat(found.searched()).extracting(SearchedData::getData).containsExactly(kept);
        assertThat(found.unsearched()).extracting(UnsearchedData::getData).containsExactly(deleted, unknown, absent);
        assertThat(found.unsearched().get(0).getReason())
                .startsWith("its artifacts are not in the store, because it was deleted");
        assertThat(found.unsearched().get(1).getReason()).isEqualTo("base of others");
    }

    private void remove(String digest) {
        assertThat(store.removeIfOlder(Digest.parse(digest), Instant.now().plusSeconds(60)))
                .isPresent();
    }

    @Test
    void aSecondCheckDoesNotReadTheDataAgain() throws IOException {
        TrainingData first = datasets.documents(VERSION, "first", with(noise(3), FIRST), List.of());
        TaskContamination once = check(first);
        remove(first.getDatasetDigest());
        assertThat(check(first)).isEqualTo(once);
        assertThat(total).isZero();
        assertThat(read).isEmpty();

        // Only the new dataset of a child is read.
        TrainingData second = datasets.documents("models/m/versions/2", "second", with(noise(5), THIRD), List.of());
        assertThat(check(second, first).flagged()).containsOnlyKeys(0, 2);
        assertThat(read).containsOnly("datasets/second");

        try (var files = Files.list(scratch.resolve("contamination/results"))) {
            for (Path file : files.toList()) {
                Files.writeString(file, "{\"documents\": 4");
            }
        }
        assertThat(check(second, first).searched())
                .as("a damaged result is not used")
                .extracting(SearchedData::getData)
                .containsExactly(second);
        assertThat(read).containsOnly("datasets/second");
    }

    @Test
    void aStoppedSearchLeavesNoResultAndIsRepeated() throws IOException {
        TrainingData data = datasets.documents(VERSION, "web", with(noise(200), FIRST), List.of());
        stopAfter = 4000;
        assertThatThrownBy(() -> check(data)).hasMessage("stopped");
        assertThat(scratch.resolve("contamination/results")).isEmptyDirectory();
        stopAfter = Long.MAX_VALUE;
        assertThat(check(data).flagged()).containsOnlyKeys(0);
    }

    @Test
    void theUnionOfAllDatasetsCounts() throws IOException {
        String words = IntStream.range(0, 9)
                .mapToObj(i -> "word" + i)
                .reduce((a, b) -> a + " " + b)
                .orElseThrow();
        Files.writeString(scratch.resolve("suite/cloze.jsonl"), "{\"text\": \"" + words + "\", \"word\": \"w\"}\n");
        TrainingData one = datasets.documents(VERSION, "one", List.of("-", words.replace("word8", "end")), List.of());
        TrainingData other = datasets.documents(
                "models/m/versions/2", "other", List.of("-", words.replace("word0", "begin")), List.of());
        assertThat(check(one).of(0).orElseThrow().share()).isEqualTo(0.5);
        ContaminatedRow both = check(other, one).of(0).orElseThrow();
        assertThat(both.share()).isEqualTo(1);
        assertThat(both.dataset()).isEqualTo("datasets/other");
    }
}
