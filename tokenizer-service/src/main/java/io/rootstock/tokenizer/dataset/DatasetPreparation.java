package io.rootstock.tokenizer.dataset;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.corpus.source.CountedInput;
import io.rootstock.corpus.source.RefusedRow;
import io.rootstock.corpus.source.Row;
import io.rootstock.corpus.source.RowFields.RowRefusedException;
import io.rootstock.corpus.source.RowHandler;
import io.rootstock.corpus.source.SourceOptions;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.tokenizer.row.RowReader;
import io.rootstock.tokenizer.split.Example;
import io.rootstock.tokenizer.split.SplitDataset;
import io.rootstock.tokenizer.split.SplitOverlap;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PrepareDatasetProgress;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.PrepareDatasetResponse;
import io.rootstock.tokenizer.v1.SourceShape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Prepares one dataset. Not safe for several threads; each instance is used once. */
public final class DatasetPreparation {
    private static final int ROWS_PER_PROGRESS = 1000;
    private static final long BYTES_PER_PROGRESS = 1 << 20;

    /** Characters per document of a text file: long enough to learn from, short enough to shuffle and to split. */
    private static final int TEXT_CHUNK = 2048;

    /**
     * Characters per document if the order is kept: without shuffling, documents can be long and keep their context.
     */
    private static final int ORDERED_TEXT_CHUNK = 1 << 16;

    private final PrepareDatasetRequest asked;
    private final List<SourceFile> files;
    private final Tokenizer tokenizer;
    private final String tokenizerDigest;
    private final ArtifactStore store;
    private final PreparationSettings settings;
    private final Consumer<PrepareDatasetResponse> listener;
    private final Refusals refusals = new Refusals();
    private final long[] acceptedRows;

    /** The request with the detected kind. */
    private PrepareDatasetRequest request;

    private DatasetKind kind = DatasetKind.PRETRAINING;
    private int maxTokens;
    private long bytesBefore;
    private long bytesRead;
    private long tokens;
    private long rows;

    /**
     * @param request the request, validated by this constructor
     * @param files file of each source, in order
     * @param tokenizerDigest digest of the tokenizer's directory
     * @param store store for shards and manifest
     * @param listener receives the shape of each source and then the progress; an exception from it aborts the
     *     preparation
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT naming the invalid fields
     */
    public DatasetPreparation(
            PrepareDatasetRequest request,
            List<SourceFile> files,
            Tokenizer tokenizer,
            String tokenizerDigest,
            ArtifactStore store,
            PreparationSettings settings,
            Consumer<PrepareDatasetResponse> listener) {
        RequestCheck.require(request, files);
        this.asked = request;
        this.request = request;
        this.files = List.copyOf(files);
        acceptedRows = new long[files.size()];
        this.tokenizer = tokenizer;
        this.tokenizerDigest = tokenizerDigest;
        this.store = store;
        this.settings = settings;
        this.listener = listener;
    }

    /**
     * Detects the shapes of the sources, then reads, validates, tokenizes and splits them; stores shards and manifest
     * unless validate_only is set.
     *
     * @return the dataset without name and time; its digest is empty with validate_only
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT naming file, line and reason of a row whose shape is unclear,
     *     of rejected rows, if they exceed the permitted number, and of a file whose rest cannot be read
     */
    public Dataset.Builder prepare() {
        SourceShapes.Decided decided = new SourceShapes(asked, files, this::options, true).decide();
        request = asked.toBuilder().setKind(decided.kind()).build();
        if (request.getKind() != asked.getKind()) {
            RequestCheck.require(request, files);
        }
        kind = kind(decided.kind());
        int limit = request.getMaxTokens() == 0 ? RequestCheck.DEFAULT_MAX_TOKENS : request.getMaxTokens();
        maxTokens = kind == DatasetKind.PRETRAINING ? 0 : limit;
        List<SourceShape> shapes = IntStream.range(0, files.size())
                .mapToObj(source -> decided.report(source, request.getSources(source), files.get(source)))
                .toList();
        shapes.forEach(shape -> listener.accept(
                PrepareDatasetResponse.newBuilder().setShape(shape).build()));
        List<String> names = files.stream().map(SourceFile::name).toList();
        try (SplitDataset splits = new SplitDataset(request, kind, tokenizer, store, names, settings.folder())) {
            return prepare(decided, splits).addAllShapes(shapes);
        }
    }

    private Dataset.Builder prepare(SourceShapes.Decided decided, SplitDataset splits) {
        RowEncoder encoder = new RowEncoder(tokenizer, maxTokens, truncates());
        for (int source = 0; source < files.size(); source++) {
            read(source, decided.reader(source, request.getSources(source)), encoder, splits);
        }
        refusals.requireAtMost(request.getMaximumRefusedRows());
        splits.finish();
        Statistics statistics = new Statistics(splits);
        statistics.requireUsable(request);
        Dataset.Builder dataset = statistics
                .describe(request)
                .setKind(request.getKind())
                .setTokenizer(request.getTokenizer())
                .setTokenizerDigest(tokenizerDigest)
                .addAllDuplicateRows(splits.overlap().map(SplitOverlap::first).orElse(List.of()))
                .setDuplicateRowCount(splits.overlap().map(SplitOverlap::count).orElse(0L))
                .addAllRefusedRows(refusals.rows())
                .setRefusedRowCount(refusals.count());
        dataset.addAllWarnings(DatasetWarnings.of(
                dataset,
                request,
                splits,
                Arrays.stream(acceptedRows).boxed().toList(),
                encoder.truncatedRows(),
                maxTokens));
        if (!request.getValidateOnly()) {
            dataset.setDigest(manifest(statistics.sources(request), splits.labels())
                    .write(store)
                    .value());
        }
        tell("");
        return dataset;
    }

    private static DatasetKind kind(io.rootstock.tokenizer.v1.DatasetKind decided) {
        return switch (decided) {
            case DATASET_KIND_PRETRAINING -> DatasetKind.PRETRAINING;
            case DATASET_KIND_INSTRUCTION -> DatasetKind.INSTRUCTION;
            case DATASET_KIND_CLASSIFICATION -> DatasetKind.CLASSIFICATION;
            case DATASET_KIND_PREFERENCE -> DatasetKind.PREFERENCE;
            case DATASET_KIND_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalArgumentException("kind " + decided);
        };
    }

    private DatasetManifest manifest(List<DatasetManifest.Source> sources, List<String> labels) {
        return new DatasetManifest(
                DatasetManifest.FORMAT_VERSION,
                kind,
                tokenizerDigest,
                tokenizer.size(),
                tokenizer.rule().addBos(),
                tokenizer.rule().eosId(),
                maxTokens,
                labels,
                sources);
    }

    private boolean truncates() {
        return switch (request.getLongRows()) {
            case LONG_ROW_HANDLING_TRUNCATE -> true;
            case LONG_ROW_HANDLING_REJECT -> false;
            case LONG_ROW_HANDLING_UNSPECIFIED, UNRECOGNIZED -> kind == DatasetKind.CLASSIFICATION;
        };
    }

    private void read(int index, RowReader reader, RowEncoder encoder, SplitDataset splits) {
        SourceFile file = files.get(index);
        DatasetSource source = request.getSources(index);
        RowHandler handler = new RowHandler() {
            @Override
            public void row(Row row) {
                try {
                    Example example = encoder.encode(reader.read(row.fields()));
                    tokens += example.tokens().length;
                    splits.add(index, row.line(), example);
                    acceptedRows[index]++;
                } catch (RowRefusedException refusal) {
                    refused(row.line(), refusal.getMessage());
                }
                if (++rows % ROWS_PER_PROGRESS == 0) {
                    tell(source.getName());
                }
            }

            @Override
            public void refused(long line, String reason) {
                refusals.add(new RefusedRow(file.name(), line, reason));
            }
        };
        file.read(options(source), opened -> open(opened, source.getName()), "sources[" + index + "]", handler);
        bytesBefore += file.totalBytes();
        bytesRead = bytesBefore;
    }

    private InputStream open(SourceFile file, String source) throws IOException {
        return new CountedInput(Files.newInputStream(file.path()), BYTES_PER_PROGRESS, read -> {
            bytesRead = bytesBefore + read;
            tell(source);
        });
    }

    private SourceOptions options(DatasetSource source) {
        int chunk = request.getSplitInOrder() ? ORDERED_TEXT_CHUNK : TEXT_CHUNK;
        return new SourceOptions(
                SourceOptions.encoding(source.getEncoding()),
                SourceOptions.delimiter(request.getDelimiter()),
                SourceOptions.columns(request.getColumns()),
                kind == DatasetKind.PRETRAINING ? chunk : 0,
                settings.limits());
    }

    private void tell(String source) {
        PrepareDatasetProgress.Builder progress = PrepareDatasetProgress.newBuilder()
                .setSource(source)
                .setBytesRead(bytesRead)
                .setBytesTotal(files.stream().mapToLong(SourceFile::totalBytes).sum())
                .setTokens(tokens)
                .setRefusedRows(refusals.count());
        listener.accept(
                PrepareDatasetResponse.newBuilder().setProgress(progress).build());
    }
}
