package io.rootstock.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.mixture.Phase;
import io.rootstock.dataset.mixture.SamplerPosition;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.ClassificationBatch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.plan.MicroBatches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingDataTest {
    private static final int CONTEXT = 8;
    private static final MicroBatches WHOLE = ofTokens(1 << 20);

    @TempDir
    Path directory;

    private ArtifactStore store;

    @BeforeEach
    void openStore() {
        store = new DirectoryArtifactStore(directory.resolve("artifacts"));
    }

    @Test
    void theOrderIsAFunctionOfSeedAndStep() throws IOException {
        DatasetManifest manifest = DatasetManifest.read(store, Datasets.documents(store, 100));
        try (Corpus corpus = Corpus.open(store, manifest, DatasetManifest.TRAIN)) {
            PretrainingData first = new PretrainingData(corpus, CONTEXT, 4, ofTokens(32), 11);
            PretrainingData again = new PretrainingData(corpus, CONTEXT, 4, ofTokens(32), 11);
            PretrainingData other = new PretrainingData(corpus, CONTEXT, 4, ofTokens(32), 12);
            List<List<Integer>> forward = IntStream.range(0, 50)
                    .mapToObj(step -> tokens(first.step(step)))
                    .toList();
            assertThat(tokens(again.step(49))).isEqualTo(forward.get(49));
            assertThat(tokens(again.step(7))).isEqualTo(forward.get(7));
            assertThat(tokens(other.step(7))).isNotEqualTo(forward.get(7));
        }
    }

    @Test
    void targetsAreTheNextTokens() throws IOException {
        DatasetManifest manifest = DatasetManifest.read(store, Datasets.documents(store, 100));
        try (Corpus corpus = Corpus.open(store, manifest, DatasetManifest.TRAIN)) {
            LanguageBatch batch = (LanguageBatch)
                    new PretrainingData(corpus, CONTEXT, 3, WHOLE, 1).step(5).getFirst();
            for (int row = 0; row < 3; row++) {
                for (int position = 0; position + 1 < CONTEXT; position++) {
                    assertThat(batch.targets()[row * CONTEXT + position])
                            .isEqualTo(batch.tokens()[row * CONTEXT + position + 1]);
                }
            }
        }
    }

    @Test
    void oneEpochVisitsEveryWindowOnce() throws IOException {
        int[] row = IntStream.range(0, 160).toArray();
        DatasetManifest manifest =
                Datasets.exact(store, List.of(new Datasets.Source("all", 1.0, 1.0, List.of(List.of(row)))));
        try (Corpus corpus = Corpus.open(store, manifest, DatasetManifest.TRAIN)) {
            PretrainingData data = new PretrainingData(corpus, CONTEXT, 4, WHOLE, 3);
            assertThat(data.mostSteps()).isEqualTo(5);
            Set<Integer> seen = new HashSet<>();
            for (int step = 0; step < 5; step++) {
                seen.addAll(tokens(data.step(step)));
            }
            assertThat(seen).hasSize(160);
        }
    }

    @Test
    void sourcesAreMixedByWeightAcrossShards() throws IOException {
        List<Datasets.Source> sources = List.of(
                new Datasets.Source("a", 0.7, 0.0, List.of(List.of(filled(1, 50)), List.of(filled(1, 90)))),
                new Datasets.Source("b", 0.2, 0.0, List.of(List.of(filled(2, 500)))),
                new Datasets.Source("c", 0.1, 0.0, List.of(List.of(filled(3, 30)))));
        try (Corpus corpus = Corpus.open(store, Datasets.exact(store, sources), DatasetManifest.TRAIN)) {
            int[] counts = count(new PretrainingData(corpus, CONTEXT, 10, WHOLE, 3), 30);
            assertThat(counts[1] / 300.0).isCloseTo(0.7, within(0.01));
            assertThat(counts[2] / 300.0).isCloseTo(0.2, within(0.01));
            assertThat(counts[3] / 300.0).isCloseTo(0.1, within(0.01));
        }
    }

    @Test
    void aSourceAtItsMaximumEpochsIsDroppedAndTheOthersKeepTheirProportion() throws IOException {
        List<Datasets.Source> sources = List.of(
                new Datasets.Source("a", 0.5, 2.0, List.of(List.of(filled(1, 80)))),
                new Datasets.Source("b", 0.375, 0.0, List.of(List.of(filled(2, 5000)))),
                new Datasets.Source("c", 0.125, 0.0, List.of(List.of(filled(3, 5000)))));
        try (Corpus corpus = Corpus.open(store, Datasets.exact(store, sources), DatasetManifest.TRAIN)) {
            int[] counts = count(new PretrainingData(corpus, CONTEXT, 10, WHOLE, 3), 42);
            assertThat(counts[1]).isEqualTo(20);
            assertThat(counts[2]).isBetween(299, 301);
            assertThat(counts[3]).isBetween(99, 101);
        }
    }

    @Test
    void aRestoredPositionGivesTheBatchesOfAnUninterruptedRun() throws IOException {
        List<Datasets.Source> sources = List.of(
                new Datasets.Source("a", 0.5, 2.0, List.of(List.of(filled(1, 80)))),
                new Datasets.Source("b", 0.5, 0.0, List.of(List.of(filled(2, 5000)))));
        Curriculum curriculum =
                new Curriculum(List.of(new Phase(0.5, List.of(0.1, 0.9)), new Phase(1, List.of(0.6, 0.4))), 20);
        try (Corpus corpus = Corpus.open(store, Datasets.exact(store, sources), DatasetManifest.TRAIN)) {
            PretrainingData whole = new PretrainingData(corpus, CONTEXT, 10, WHOLE, 3, curriculum);
            for (int step = 0; step < 12; step++) {
                whole.step(step);
            }
            assertThat(whole.sourceTokens()).containsOnlyKeys("a", "b");
            SamplerPosition position = whole.position();
            PretrainingData resumed = new PretrainingData(corpus, CONTEXT, 10, WHOLE, 3, curriculum);
            resumed.restore(12, Optional.of(position));
            PretrainingData older = new PretrainingData(corpus, CONTEXT, 10, WHOLE, 3, curriculum);
            older.restore(12, Optional.empty());
            assertThat(older.position()).isEqualTo(position);
            assertThat(older.sourceTokens()).isEqualTo(whole.sourceTokens());
            for (int step = 12; step < 20; step++) {
                List<Integer> expected = tokens(whole.step(step));
                assertThat(tokens(resumed.step(step))).isEqualTo(expected);
                assertThat(tokens(older.step(step))).isEqualTo(expected);
            }
            assertThat(whole.position().drawn()).containsExactly(20L, 180L);
        }
    }

    @Test
    void everyEpochVisitsEachRowOnceInADifferentOrder() throws IOException {
        DatasetManifest manifest = DatasetManifest.read(store, Datasets.labelled(store, 200));
        try (Corpus corpus = Corpus.open(store, manifest, DatasetManifest.TRAIN)) {
            FineTuningData data = new FineTuningData(corpus, 16, ofTokens(256), ByteTokenizer.END, 4);
            List<List<Integer>> first = IntStream.range(0, 10)
                    .mapToObj(step -> tokens(data.step(step)))
                    .toList();
            List<List<Integer>> second = IntStream.range(10, 20)
                    .mapToObj(step -> tokens(data.step(step)))
                    .toList();
            assertThat(first).isNotEqualTo(second);
            assertThat(labels(data, 0, 10)).isEqualTo(labels(data, 10, 20));
        }
    }

    @Test
    void labelledRowsArePaddedBehindTheirLastToken() throws IOException {
        DatasetManifest manifest = DatasetManifest.read(store, Datasets.labelled(store, 200));
        try (Corpus corpus = Corpus.open(store, manifest, DatasetManifest.TRAIN)) {
            for (Batch batch : new FineTuningData(corpus, 16, ofTokens(128), ByteTokenizer.END, 4).step(0)) {
                ClassificationBatch rows = (ClassificationBatch) batch;
                int longest = 0;
                for (int row = 0; row < rows.rows(); row++) {
                    int last = rows.lastPositions()[row];
                    longest = Math.max(longest, last + 1);
                    assertThat(rows.tokens()[row * rows.length()]).isEqualTo(ByteTokenizer.BEGIN);
                    assertThat(rows.tokens()[row * rows.length() + last]).isEqualTo(ByteTokenizer.END);
                }
                assertThat(longest).isEqualTo(rows.length());
            }
        }
    }

    @Test
    void onlyAnswersHaveALoss() throws IOException {
        DatasetManifest manifest = DatasetManifest.read(store, Datasets.instructions(store, 100));
        try (Corpus corpus = Corpus.open(store, manifest, DatasetManifest.TRAIN)) {
            LanguageBatch batch = (LanguageBatch) new FineTuningData(corpus, 4, WHOLE, ByteTokenizer.END, 4)
                    .step(0)
                    .getFirst();
            // "xyz xyz" and EOS.
            assertThat(batch.lossTokens()).isEqualTo(4 * 8);
            for (int position = 0; position + 1 < batch.length(); position++) {
                if (batch.targets()[position] != LanguageBatch.NO_LOSS) {
                    assertThat(batch.targets()[position]).isEqualTo(batch.tokens()[position + 1]);
                }
            }
        }
    }

    @Test
    void validationPredictsEveryTokenButTheFirstExactlyOnce() throws IOException {
        int[] row = IntStream.range(0, 100).toArray();
        DatasetManifest manifest =
                Datasets.exact(store, List.of(new Datasets.Source("all", 1.0, 0.0, List.of(List.of(row)))));
        try (Corpus corpus = Corpus.open(store, manifest, DatasetManifest.TRAIN)) {
            HeldOutData data = HeldOutData.documents(corpus, CONTEXT, 0, Integer.MAX_VALUE);
            List<Integer> targets = new ArrayList<>();
            data.batches().forEach(batch -> {
                for (int target : ((LanguageBatch) batch).targets()) {
                    if (target != LanguageBatch.NO_LOSS) {
                        targets.add(target);
                    }
                }
            });
            assertThat(targets)
                    .containsExactlyElementsOf(IntStream.range(1, 100).boxed().toList());
            assertThat(data.share()).isEqualTo(1.0);
            assertThat(HeldOutData.documents(corpus, CONTEXT, 0, 3).share()).isCloseTo(24.0 / 99, within(1e-9));
        }
    }

    @Test
    void aPermutationVisitsEveryElementOnce() {
        for (long size : new long[] {1, 2, 3, 10, 1000, 4097}) {
            Permutation permutation = new Permutation(size, 99);
            Set<Long> seen = new HashSet<>();
            for (long place = 0; place < size; place++) {
                seen.add(permutation.at(place));
            }
            assertThat(seen).hasSize((int) size).allMatch(value -> value >= 0 && value < size);
        }
    }

    private static List<Integer> labels(FineTuningData data, int from, int to) {
        List<Integer> labels = new ArrayList<>();
        for (int step = from; step < to; step++) {
            for (Batch batch : data.step(step)) {
                IntStream.of(((ClassificationBatch) batch).labels()).forEach(labels::add);
            }
        }
        return labels.stream().sorted().toList();
    }

    private static int[] count(PretrainingData data, int steps) {
        int[] counts = new int[4];
        for (int step = 0; step < steps; step++) {
            LanguageBatch batch = (LanguageBatch) data.step(step).getFirst();
            for (int row = 0; row < batch.rows(); row++) {
                counts[batch.tokens()[row * CONTEXT]]++;
            }
        }
        return counts;
    }

    private static List<Integer> tokens(List<Batch> batches) {
        return batches.stream()
                .flatMapToInt(batch -> IntStream.of(batch.tokens()))
                .boxed()
                .toList();
    }

    private static MicroBatches ofTokens(int tokens) {
        return new MicroBatches(tokens, 1, 1 << 20, false);
    }

    private static int[] filled(int token, int count) {
        return IntStream.generate(() -> token).limit(count).toArray();
    }
}
