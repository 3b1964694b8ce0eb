package io.rootstock.tokenizer.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.chat.Turn;
import io.rootstock.corpus.source.Row;
import io.rootstock.corpus.source.RowFields.RowRefusedException;
import io.rootstock.corpus.source.RowHandler;
import io.rootstock.corpus.source.SourceLimits;
import io.rootstock.corpus.source.SourceOptions;
import io.rootstock.service.Errors;
import io.rootstock.tokenizer.row.RowLabels;
import io.rootstock.tokenizer.row.RowReader;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.ReadSourceRowsRequest;
import io.rootstock.tokenizer.v1.ReadSourceRowsResponse;
import io.rootstock.tokenizer.v1.RefusedRow;
import io.rootstock.tokenizer.v1.SourceMessage;
import io.rootstock.tokenizer.v1.SourceRow;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Consumer;

/** Reads the rows of uploaded files as input of a model, with the expected label or answer if a row has one. */
public final class SourceRows {
    /** Characters of a row; bounds the messages of the stream. */
    private static final int MAX_CHARACTERS = 1 << 20;

    private final ReadSourceRowsRequest request;
    private final List<SourceFile> files;
    private final SourceShapes.Decided shapes;
    private final SourceLimits limits;

    /**
     * @param files file of each source, in order
     * @param limits bounds of rows and of decompressed files
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT naming the invalid fields, or file and line of a row whose
     *     shape is unclear
     */
    public SourceRows(ReadSourceRowsRequest request, List<SourceFile> files, SourceLimits limits) {
        boolean known = request.getKind() == DatasetKind.DATASET_KIND_CLASSIFICATION
                || request.getKind() == DatasetKind.DATASET_KIND_INSTRUCTION;
        if (!known) {
            throw Errors.invalidArgument("kind", "must be CLASSIFICATION or INSTRUCTION");
        }
        PrepareDatasetRequest.Builder preparation = PrepareDatasetRequest.newBuilder()
                .setKind(request.getKind())
                .setFields(request.getFields())
                .setColumns(request.getColumns())
                .setDelimiter(request.getDelimiter());
        for (int source = 0; source < request.getSourcesCount(); source++) {
            preparation.addSources(request.getSources(source).toBuilder()
                    .clearWeight()
                    .clearSplit()
                    .setName("source " + source));
        }
        RequestCheck.require(preparation.build(), files);
        this.request = request;
        this.files = List.copyOf(files);
        this.limits = limits;
        this.shapes = new SourceShapes(preparation.build(), files, this::options, false).decide();
    }

    /**
     * Reads all rows.
     *
     * @param rows receives accepted and rejected rows, in order
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT naming file and line if the rest of a file cannot be read
     */
    public void read(Consumer<ReadSourceRowsResponse> rows) {
        for (int index = 0; index < files.size(); index++) {
            SourceFile file = files.get(index);
            DatasetSource source = request.getSources(index);
            file.read(
                    options(source),
                    opened -> Files.newInputStream(opened.path()),
                    "sources[" + index + "]",
                    new Handler(index, source, rows));
        }
    }

    private SourceOptions options(DatasetSource source) {
        return new SourceOptions(
                SourceOptions.encoding(source.getEncoding()),
                SourceOptions.delimiter(request.getDelimiter()),
                SourceOptions.columns(request.getColumns()),
                0,
                limits);
    }

    private final class Handler implements RowHandler {
        private final String file;
        private final DatasetSource source;
        private final RowReader reader;
        private final RowLabels labels;
        private final Consumer<ReadSourceRowsResponse> rows;

        Handler(int index, DatasetSource source, Consumer<ReadSourceRowsResponse> rows) {
            this.file = files.get(index).name();
            this.reader = shapes.reader(index, source);
            this.labels = new RowLabels(shapes.shapes().get(index).form().fields());
            this.source = source;
            this.rows = rows;
        }

        @Override
        public void row(Row row) {
            try {
                SourceRow.Builder content = request.getKind() == DatasetKind.DATASET_KIND_CLASSIFICATION
                        ? labelled(labels, row.fields(), source.getLabel())
                        : question(reader.question(row.fields()));
                rows.accept(ReadSourceRowsResponse.newBuilder()
                        .setAccepted(content.setFile(file).setLine(row.line()))
                        .build());
            } catch (RowRefusedException refusal) {
                refused(row.line(), refusal.getMessage());
            }
        }

        @Override
        public void refused(long line, String reason) {
            rows.accept(ReadSourceRowsResponse.newBuilder()
                    .setRejected(
                            RefusedRow.newBuilder().setFile(file).setLine(line).setReason(reason))
                    .build());
        }
    }

    private static SourceRow.Builder labelled(RowLabels labels, JsonNode row, String labelOfSource) {
        SourceRow.Builder content = SourceRow.newBuilder().setText(bounded(labels.text(row)));
        labels.optional(row, labelOfSource).map(SourceRows::bounded).ifPresent(content::setExpected);
        return content;
    }

    private static SourceRow.Builder question(RowReader.Question question) {
        SourceRow.Builder content = SourceRow.newBuilder();
        for (Turn turn : question.prompt()) {
            content.addMessages(SourceMessage.newBuilder().setRole(turn.role()).setContent(turn.content()));
        }
        bounded(String.join("", question.prompt().stream().map(Turn::content).toList()));
        question.answer().map(SourceRows::bounded).ifPresent(content::setExpected);
        return content;
    }

    private static String bounded(String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw new RowRefusedException(
                    "has " + text.length() + " characters, the maximum is " + MAX_CHARACTERS + "; shorten it");
        }
        return text;
    }
}
