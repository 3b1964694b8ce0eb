package io.rootstock.tokenizer.dataset;

import static io.rootstock.tokenizer.dataset.DatasetFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.SplitStatistics;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetWarningsTest {
    private static final DatasetKind CLASSIFICATION = DatasetKind.DATASET_KIND_CLASSIFICATION;

    @TempDir
    private Path folder;

    private DatasetFixture data;

    @BeforeEach
    void open() {
        data = new DatasetFixture(folder);
    }

    @Test
    void splitsAreStratifiedAndSetBySeed() {
        String rows = rows("common", 188) + rows("rare", 12);
        Dataset dataset = data.prepare(request(CLASSIFICATION).setSeed(3), "a.jsonl", rows);
        assertThat(dataset.getSplitsList().stream().map(SplitStatistics::getRowsPerLabelList))
                .containsExactly(List.of(170L, 10L), List.of(9L, 1L), List.of(9L, 1L));
        assertThat(dataset.getWarningsList()).isEmpty();
        open();
        assertThat(data.prepare(request(CLASSIFICATION).setSeed(3), "a.jsonl", rows)
                        .getDigest())
                .isEqualTo(dataset.getDigest());
        open();
        assertThat(data.prepare(request(CLASSIFICATION).setSeed(4), "a.jsonl", rows)
                        .getDigest())
                .isNotEqualTo(dataset.getDigest());
    }

    @Test
    void classesWithOneRowAreNamed() {
        String singles =
                IntStream.range(0, 12).mapToObj(i -> rows("single-" + i, 1)).collect(Collectors.joining());
        Dataset dataset = data.prepare(request(CLASSIFICATION), "a.jsonl", rows("a", 60) + rows("b", 60) + singles);
        assertThat(dataset.getWarningsList())
                .singleElement()
                .asString()
                .startsWith("12 classes have one row only, too few to learn and to test: single-0, single-1, single-10")
                .endsWith(" and 2 more");
        assertThat(dataset.getLabelsList()).hasSize(14);
    }

    @Test
    void aLabelOfTheTestFileAloneIsNamed() {
        PrepareDatasetRequest.Builder request =
                withTestFile(rows("a", 40) + rows("b", 40), rows("a", 3) + rows("c", 2));
        assertThat(data.prepare(request).getWarningsList())
                .contains(
                        "1 class has rows in the test split (2 rows) but none in the training split: c",
                        "1 class has no row in the test split: b");
    }

    @Test
    void aTestFileWithOtherLabelsIsRefused() {
        PrepareDatasetRequest.Builder request =
                withTestFile(rows("neg", 40) + rows("pos", 40), rows("1", 3) + rows("0", 2));
        assertThat(data.refusal("sources", request))
                .contains("no label of the test split occurs in the training split (for example '0')")
                .contains("write labels alike in all files");
    }

    @Test
    void emptySourcesAndSplitsAreNamed() {
        PrepareDatasetRequest.Builder request = request(CLASSIFICATION);
        data.source(request, data.file("a.jsonl", rows("a", 5) + rows("b", 5)), DatasetSource.newBuilder())
                .source(request, data.file("b.jsonl", "\n"), DatasetSource.newBuilder());
        assertThat(data.prepare(request).getWarningsList())
                .contains(
                        "source 'source-2' has no rows; check its file",
                        "the validation split has no rows; use more rows or a larger fraction");
    }

    @Test
    void aSourceInALanguageThatTheTokenizerSplitsIntoBytesIsNamed() {
        PrepareDatasetRequest.Builder request = request(CLASSIFICATION);
        data.source(request, data.file("a.jsonl", rows("a", 40) + rows("b", 40)), DatasetSource.newBuilder())
                .source(request, data.file("k.jsonl", rows("좋다", 40) + rows("나쁘다", 40)), DatasetSource.newBuilder());
        assertThat(data.prepare(request).getWarningsList())
                .singleElement()
                .isEqualTo("source 'source-2' has 1.5 tokens per character: the tokenizer splits many characters into"
                        + " bytes, which costs time and context; use a tokenizer trained on this language, or a base"
                        + " with one");
    }

    private PrepareDatasetRequest.Builder withTestFile(String rows, String test) {
        PrepareDatasetRequest.Builder request = request(CLASSIFICATION);
        data.source(request, data.file("a.jsonl", rows), DatasetSource.newBuilder())
                .source(
                        request,
                        data.file("t.jsonl", test),
                        DatasetSource.newBuilder().setSplit("test"));
        return request;
    }

    private static String rows(String label, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"text\": \"" + label + " text " + i + "\", \"label\": \"" + label + "\"}\n")
                .collect(Collectors.joining());
    }
}
