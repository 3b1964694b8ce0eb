package io.rootstock.tokenizer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.corpus.source.SourceLimits;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.FieldNames;
import io.rootstock.tokenizer.v1.ReadSourceRowsRequest;
import io.rootstock.tokenizer.v1.ReadSourceRowsResponse;
import io.rootstock.tokenizer.v1.RefusedRow;
import io.rootstock.tokenizer.v1.SourceMessage;
import io.rootstock.tokenizer.v1.SourceRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceRowsTest {
    private static final DatasetKind INSTRUCTION = DatasetKind.DATASET_KIND_INSTRUCTION;
    private static final DatasetKind CLASSIFICATION = DatasetKind.DATASET_KIND_CLASSIFICATION;

    @TempDir
    private Path folder;

    private DatasetFixture data;

    @BeforeEach
    void open() {
        data = new DatasetFixture(folder);
    }

    @Test
    void labelledRowsMayLackTheLabelAndBadRowsAreNamed() {
        ReadSourceRowsRequest request = request(CLASSIFICATION)
                .setFields(FieldNames.newBuilder().setText("message"))
                .build();
        String rows =
                "{\"message\": \"win\", \"label\": \"spam\"}\n{\"message\": \"hi\"}\n{\"other\": \"x\"}\nno JSON\n";
        List<ReadSourceRowsResponse> read = read(request, data.file("a.jsonl", rows));
        assertThat(read.get(0).getAccepted())
                .isEqualTo(SourceRow.newBuilder()
                        .setFile("a.jsonl")
                        .setLine(1)
                        .setText("win")
                        .setExpected("spam")
                        .build());
        assertThat(read.get(1).getAccepted().getText()).isEqualTo("hi");
        assertThat(read.get(1).getAccepted().hasExpected()).isFalse();
        assertThat(read.subList(2, 4))
                .extracting(ReadSourceRowsResponse::getRejected)
                .extracting(RefusedRow::getLine)
                .containsExactly(3L, 4L);
        assertThat(read).hasSize(4);
    }

    @Test
    void instructionsEndBeforeTheLastAnswer() {
        String rows = """
                {"instruction": "Add.", "input": "2 and 2", "output": "4"}
                {"instruction": "Add."}
                """;
        List<ReadSourceRowsResponse> alpaca = read(request(INSTRUCTION).build(), data.file("b.jsonl", rows));
        assertThat(alpaca.get(0).getAccepted().getMessagesList()).containsExactly(message("user", "Add.\n\n2 and 2"));
        assertThat(alpaca.get(0).getAccepted().getExpected()).isEqualTo("4");
        assertThat(alpaca.get(1).getAccepted().hasExpected()).isFalse();
        String messages = """
                {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, \
                {"role": "user", "content": "c"}, {"role": "assistant", "content": "d"}]}
                {"messages": [{"role": "user", "content": "a"}]}
                {"messages": [{"role": "assistant", "content": "b"}]}
                """;
        List<ReadSourceRowsResponse> read = read(request(INSTRUCTION).build(), data.file("a.jsonl", messages));
        assertThat(read.get(0).getAccepted().getMessagesList())
                .containsExactly(message("user", "a"), message("assistant", "b"), message("user", "c"));
        assertThat(read.get(0).getAccepted().getExpected()).isEqualTo("d");
        assertThat(read.get(1).getAccepted().hasExpected()).isFalse();
        assertThat(read.get(2).getRejected().getReason()).contains("'messages' has no message before the answer");
    }

    @Test
    void linesAndLineAlignedFilesArePrompts() {
        assertThat(read(request(INSTRUCTION).build(), data.file("a.txt", "one\n\ntwo\n")))
                .extracting(row -> row.getAccepted().getMessages(0).getContent())
                .containsExactly("one", "two");
        ReadSourceRowsRequest aligned = ReadSourceRowsRequest.newBuilder()
                .setKind(INSTRUCTION)
                .addSources(DatasetSource.newBuilder()
                        .setDigest("x")
                        .setOutputDigest("y")
                        .setInstruction("Translate."))
                .build();
        List<ReadSourceRowsResponse> read =
                read(aligned, data.file("en.txt", "a dog\n").withOutputs(data.file("de.txt", "ein Hund\n")));
        assertThat(read.getFirst().getAccepted().getMessagesList())
                .containsExactly(message("user", "Translate.\n\na dog"));
        assertThat(read.getFirst().getAccepted().getExpected()).isEqualTo("ein Hund");
    }

    @Test
    void tooLongRowsAreRejected() {
        assertThat(read(request(CLASSIFICATION).build(), data.file("a.txt", "x".repeat((1 << 20) + 1) + "\nok\n")))
                .satisfiesExactly(
                        row -> assertThat(row.getRejected().getReason()).contains("1048577 characters", "1048576"),
                        row -> assertThat(row.getAccepted().getLine()).isEqualTo(2));
    }

    @Test
    void invalidRequestsNameTheField() {
        assertThatThrownBy(() -> new SourceRows(
                        request(DatasetKind.DATASET_KIND_PREFERENCE).build(),
                        List.of(data.file("a.txt", "x")),
                        SourceLimits.DEFAULT))
                .hasMessageContaining("kind: must be CLASSIFICATION or INSTRUCTION");
        assertThatThrownBy(() -> new SourceRows(
                        request(CLASSIFICATION)
                                .setFields(FieldNames.newBuilder().setOutput("o"))
                                .build(),
                        List.of(data.file("a.txt", "x")),
                        SourceLimits.DEFAULT))
                .hasMessageContaining("fields.output");
    }

    private static ReadSourceRowsRequest.Builder request(DatasetKind kind) {
        return ReadSourceRowsRequest.newBuilder()
                .setKind(kind)
                .addSources(DatasetSource.newBuilder().setDigest("x"));
    }

    private static List<ReadSourceRowsResponse> read(ReadSourceRowsRequest request, SourceFile file) {
        List<ReadSourceRowsResponse> rows = new ArrayList<>();
        new SourceRows(request, List.of(file), SourceLimits.DEFAULT).read(rows::add);
        return rows;
    }

    private static SourceMessage message(String role, String content) {
        return SourceMessage.newBuilder().setRole(role).setContent(content).build();
    }
}
