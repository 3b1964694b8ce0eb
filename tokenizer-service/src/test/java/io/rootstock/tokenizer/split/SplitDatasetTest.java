package io.rootstock.tokenizer.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.tokenizer.split.SplitDataset.LabelIds;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.DuplicateRow;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.SplitFractions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Splits of rows in a file, compared with splits of rows in memory. */
class SplitDatasetTest {
    private static final Tokenizer BYTES = new Tokenizer(
            Vocabulary.of(
                    IntStream.range(0, 256)
                            .mapToObj(value -> new byte[] {(byte) value})
                            .toList(),
                    List.of()),
            SplitPattern.GPT2,
            SpecialToken.DEFAULT,
            ChatTemplate.CHATML);

    @TempDir
    private Path folder;

    @Test
    void splitsAndShardsEqualThoseOfRowsInMemory() {
        DirectoryArtifactStore store = new DirectoryArtifactStore(folder.resolve("artifacts"));
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            DatasetKind kind = List.of(DatasetKind.values()).get(random.nextInt(DatasetKind.values().length));
            PrepareDatasetRequest request = request(random, kind);
            List<String> files = IntStream.range(0, request.getSourcesCount())
                    .mapToObj(source -> source + ".jsonl")
                    .toList();
            NaiveSplitDataset naive = new NaiveSplitDataset(request, kind, BYTES, store, files);
            try (SplitDataset splits = new SplitDataset(request, kind, BYTES, store, files, folder)) {
                for (int source = 0; source < files.size(); source++) {
                    int rows = random.nextInt(120);
                    for (int line = 1; line <= rows; line++) {
                        Example example = example(random, kind);
                        naive.add(source, line, example);
                        splits.add(source, line, example);
                    }
                }
                naive.finish();
                splits.finish();
                assertThat(splits.splits()).as("seed " + seed).isEqualTo(naive.splits());
                assertThat(splits.labels()).isEqualTo(naive.labels());
                for (SplitName split : SplitName.values()) {
                    assertThat(splits.rowsPerLabel(split)).isEqualTo(naive.rowsPerLabel(split));
                    assertThat(splits.assigns(split)).isEqualTo(naive.assigns(split));
                }
                for (int source = 0; source < files.size(); source++) {
                    assertThat(splits.textTokens(source)).isEqualTo(naive.textTokens(source));
                }
                assertThat(splits.overlap().map(SplitOverlap::count).orElse(0L))
                        .isEqualTo(naive.overlap().count());
                assertThat(splits.overlap().map(SplitOverlap::first).orElse(List.of()))
                        .extracting(DuplicateRow::getRow)
                        .isEqualTo(naive.overlap().first().stream()
                                .map(DuplicateRow::getRow)
                                .toList());
            }
        }
    }

    @Test
    void theTemporaryFileIsGoneAtOnceAndRowsComeBack() throws IOException {
        Random random = new Random(1);
        List<Example> examples = new ArrayList<>();
        try (RowSpool spool = new RowSpool(folder)) {
            for (int row = 0; row < 5000; row++) {
                Example example = example(random, DatasetKind.INSTRUCTION);
                examples.add(example);
                spool.add(row + 1, row % 7, example);
            }
            Example large = new Example(new int[1 << 20], null, null, 1L << 40, 3);
            examples.add(large);
            spool.add(9999, 3, large);
            spool.finish();
            try (var files = Files.list(folder)) {
                assertThat(files).isEmpty();
            }
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, spool.size()).boxed().toList());
            Collections.shuffle(order, random);
            for (int row : order) {
                RowSpool.Spooled read = spool.read(row);
                Example expected = examples.get(row);
                assertThat(read.line()).isEqualTo(row == 5000 ? 9999 : row + 1);
                assertThat(spool.label(row)).isEqualTo(row == 5000 ? 3 : row % 7);
                assertThat(Arrays.equals(read.example().tokens(), expected.tokens()))
                        .isTrue();
                assertThat(Arrays.equals(read.example().answer(), expected.answer()))
                        .isTrue();
                assertThat(read.example().bytes()).isEqualTo(expected.bytes());
                assertThat(read.example().characters()).isEqualTo(expected.characters());
            }
        }
    }

    @Test
    void tooManyLabelsAreAColumnOfFreeText() {
        LabelIds labels = new LabelIds();
        for (int label = 0; label < LabelIds.MAX_LABELS; label++) {
            assertThat(labels.add("label " + label, "a.csv", label)).isEqualTo(label);
        }
        assertThat(labels.add("label 7", "a.csv", 1)).isEqualTo(7);
        assertThatThrownBy(() -> labels.add("one more", "a.csv", 70_000))
                .hasMessageContaining("a.csv:70000: has label number 65537, the maximum is 65536");
    }

    private static PrepareDatasetRequest request(Random random, DatasetKind kind) {
        PrepareDatasetRequest.Builder request = PrepareDatasetRequest.newBuilder()
                .setSeed(random.nextLong())
                .setSplitInOrder(random.nextBoolean())
                .setBalanceClasses(kind == DatasetKind.CLASSIFICATION && random.nextBoolean());
        if (random.nextBoolean()) {
            request.setSplits(
                    SplitFractions.newBuilder().setTrain(0.5).setValidation(0.3).setTest(0.2));
        }
        List<String> splits = List.of("", "", "", "train", "validation", "test");
        for (int source = 0; source <= random.nextInt(4); source++) {
            request.addSources(DatasetSource.newBuilder()
                    .setName("source " + source)
                    .setSplit(splits.get(random.nextInt(splits.size()))));
        }
        return request.build();
    }

    /** Short rows of few tokens, so that many are equal. */
    private static Example example(Random random, DatasetKind kind) {
        int[] tokens = random.ints(3 + random.nextInt(4), 'a', 'c').toArray();
        tokens[0] = BYTES.specialTokenId(SpecialToken.BEGIN_OF_TEXT).orElseThrow();
        tokens[tokens.length - 1] =
                BYTES.specialTokenId(SpecialToken.END_OF_TEXT).orElseThrow();
        long bytes = tokens.length - 2L;
        return switch (kind) {
            case PRETRAINING -> new Example(tokens, null, null, bytes, bytes);
            case CLASSIFICATION -> new Example(tokens, null, "label " + random.nextInt(5), bytes, bytes);
            case INSTRUCTION, PREFERENCE -> {
                byte[] answer = new byte[tokens.length];
                for (int i = 0; i < answer.length; i++) {
                    answer[i] = (byte) random.nextInt(kind == DatasetKind.PREFERENCE ? 4 : 2);
                }
                yield new Example(tokens, answer, null, bytes, bytes);
            }
        };
    }
}
