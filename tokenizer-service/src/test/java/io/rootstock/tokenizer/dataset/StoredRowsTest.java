package io.rootstock.tokenizer.dataset;

import static io.rootstock.tokenizer.dataset.DatasetFixture.inOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetRow;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.ReadDatasetRowsRequest;
import io.rootstock.tokenizer.v1.TextSegment;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredRowsTest {
    @TempDir
    private Path folder;

    private DatasetFixture data;

    @BeforeEach
    void open() {
        data = new DatasetFixture(folder);
    }

    @Test
    void labelledRowsHaveTextAndLabelAndTheRequestedRange() {
        PrepareDatasetRequest.Builder request = inOrder(DatasetKind.DATASET_KIND_CLASSIFICATION);
        data.source(request, data.file("a.jsonl", rows("a", 3)), DatasetSource.newBuilder())
                .source(request, data.file("b.jsonl", rows("b", 3)), DatasetSource.newBuilder());
        Dataset dataset = data.prepare(request);
        assertThat(data.rows(dataset, train()).getFirst())
                .isEqualTo(DatasetRow.newBuilder()
                        .setSource("source-1")
                        .setRow(0)
                        .setLabel("a")
                        .setTokens(4)
                        .addSegments(TextSegment.newBuilder()
                                .setText("<|begin_of_text|>")
                                .setSpecial(true))
                        .addSegments(TextSegment.newBuilder().setText("a 0"))
                        .build());
        assertThat(texts(data.rows(dataset, train().setSkip(2).setMaxRows(2)))).containsExactly("a 2", "b 0");
        assertThat(texts(data.rows(dataset, train().setSource("source-2").setSkip(1))))
                .containsExactly("b 1", "b 2");
        assertThat(data.rows(dataset, train().setSkip(6))).isEmpty();
        assertThat(data.rows(dataset, ReadDatasetRowsRequest.newBuilder().setSplit("test")))
                .isEmpty();
    }

    @Test
    void badRequestsNameTheirField() {
        Dataset dataset =
                data.prepare(inOrder(DatasetKind.DATASET_KIND_CLASSIFICATION), "a.jsonl", rows("a", 3) + rows("b", 3));
        assertThatThrownBy(() ->
                        data.rows(dataset, ReadDatasetRowsRequest.newBuilder().setSplit("dev")))
                .hasMessageContaining("split: must be train, validation or test, was 'dev'");
        assertThatThrownBy(() -> data.rows(dataset, train().setSource("c")))
                .hasMessageContaining("source: 'c' is not a source of the dataset; its sources are source-1");
        assertThatThrownBy(() -> data.rows(dataset, train().setSkip(-1))).hasMessageContaining("skip: must be 0");
        assertThatThrownBy(() -> data.rows(dataset, train().setMaxRows(-1)))
                .hasMessageContaining("max_rows: must be 0");
    }

    @Test
    void aLongDocumentIsSentInMessagesOfBoundedSize() {
        String text = "🏿x".repeat(StoredRows.MESSAGE_CHARACTERS);
        Dataset dataset = data.prepare(
                inOrder(DatasetKind.DATASET_KIND_PRETRAINING), "a.jsonl", "{\"text\": \"" + text + "\"}\n");
        List<DatasetRow> messages = data.rows(dataset, train());
        assertThat(messages).hasSize(4);
        assertThat(messages.stream().map(DatasetRow::getContinued)).containsExactly(true, true, true, false);
        assertThat(String.join("", texts(messages))).isEqualTo(text);
        assertThat(messages)
                .allSatisfy(message -> assertThat(message.getSegmentsList().stream()
                                .mapToInt(segment -> segment.getText().length())
                                .sum())
                        .isLessThanOrEqualTo(StoredRows.MESSAGE_CHARACTERS));
    }

    private static ReadDatasetRowsRequest.Builder train() {
        return ReadDatasetRowsRequest.newBuilder().setSplit("train");
    }

    private static List<String> texts(List<DatasetRow> rows) {
        return rows.stream()
                .map(row -> row.getSegmentsList().stream()
                        .filter(segment -> !segment.getSpecial())
                        .map(TextSegment::getText)
                        .collect(Collectors.joining()))
                .toList();
    }

    private static String rows(String label, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"text\": \"" + label + " " + i + "\", \"label\": \"" + label + "\"}\n")
                .collect(Collectors.joining());
    }
}
