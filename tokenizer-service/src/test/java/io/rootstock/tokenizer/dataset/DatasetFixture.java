package io.rootstock.tokenizer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.corpus.source.SourceLimits;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetRow;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.PrepareDatasetResponse;
import io.rootstock.tokenizer.v1.ReadDatasetRowsRequest;
import io.rootstock.tokenizer.v1.SplitFractions;
import io.rootstock.tokenizer.v1.TextSegment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Prepares datasets in a folder with a tokenizer of bytes: a token is a byte, or a special token. */
final class DatasetFixture {
    static final Tokenizer BYTES = new Tokenizer(
            Vocabulary.of(
                    IntStream.range(0, 256)
                            .mapToObj(value -> new byte[] {(byte) value})
                            .toList(),
                    List.of()),
            SplitPattern.GPT2,
            SpecialToken.DEFAULT,
            ChatTemplate.CHATML);

    private final Path folder;
    private final DirectoryArtifactStore store;
    private final List<SourceFile> files = new ArrayList<>();

    final List<PrepareDatasetResponse> reported = new ArrayList<>();

    DatasetFixture(Path folder) {
        this.folder = folder;
        store = new DirectoryArtifactStore(folder.resolve("artifacts"));
    }

    static PrepareDatasetRequest.Builder request(DatasetKind kind) {
        return PrepareDatasetRequest.newBuilder().setKind(kind);
    }

    /** All rows for training, in order. */
    static PrepareDatasetRequest.Builder inOrder(DatasetKind kind) {
        return request(kind).setSplits(SplitFractions.newBuilder().setTrain(1)).setSplitInOrder(true);
    }

    SourceFile file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    SourceFile file(String name, byte[] content) {
        try {
            return new SourceFile(name, Files.write(folder.resolve(name), content), content.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a source to the request. */
    DatasetFixture source(PrepareDatasetRequest.Builder request, SourceFile file, DatasetSource.Builder source) {
        files.add(file);
        request.addSources(source.setName("source-" + files.size()));
        return this;
    }

    /** Prepares a request with the sources that were added, or with one file. */
    Dataset prepare(PrepareDatasetRequest.Builder request) {
        return new DatasetPreparation(
                        request.build(), files, BYTES, "sha256:" + "0".repeat(64), store, settings(), reported::add)
                .prepare()
                .build();
    }

    Dataset prepare(PrepareDatasetRequest.Builder request, String name, String content) {
        return source(request, file(name, content), DatasetSource.newBuilder()).prepare(request);
    }

    private PreparationSettings settings() {
        return new PreparationSettings(folder.resolve("temporary"), SourceLimits.DEFAULT);
    }

    /** Reports about the shapes of the last preparation: {@code ALPACA: row 1 has ...}. */
    List<String> shapes() {
        return reported.stream()
                .filter(PrepareDatasetResponse::hasShape)
                .map(PrepareDatasetResponse::getShape)
                .map(shape -> shape.getShape().name().substring("ROW_SHAPE_".length()) + ": " + shape.getReason())
                .toList();
    }

    /** Returns the message of a request that must be refused for a field. */
    String refusal(String field, PrepareDatasetRequest.Builder request) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, () -> prepare(request));
        assertThat(failure).isNotNull();
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(failure.getStatus().getDescription()).contains(field + ": ");
        return failure.getStatus().getDescription();
    }

    String refusal(String field, PrepareDatasetRequest.Builder request, String name, String content) {
        return source(request, file(name, content), DatasetSource.newBuilder()).refusal(field, request);
    }

    /** Messages of the rows of a split. */
    List<DatasetRow> rows(Dataset dataset, ReadDatasetRowsRequest.Builder request) {
        List<DatasetRow> rows = new ArrayList<>();
        new StoredRows(store, DatasetManifest.read(store, Digest.parse(dataset.getDigest())), BYTES)
                .read(request.build(), rows::add);
        return rows;
    }

    /** Rows of a split as text; {@code [loss]} and {@code {loss of a rejected answer}} are marked. */
    List<String> marked(Dataset dataset, String split) {
        return rows(dataset, ReadDatasetRowsRequest.newBuilder().setSplit(split)).stream()
                .map(row ->
                        row.getSegmentsList().stream().map(DatasetFixture::mark).collect(Collectors.joining()))
                .toList();
    }

    private static String mark(TextSegment segment) {
        String text = segment.getText();
        return !segment.getLoss() ? text : segment.getRejected() ? "{" + text + "}" : "[" + text + "]";
    }
}
