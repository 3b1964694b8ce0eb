package io.rootstock.tokenizer.grpc;

import com.google.protobuf.Timestamp;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.InvalidDatasetException;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.service.Errors;
import io.rootstock.service.FlowControlledStream;
import io.rootstock.service.RequestNames;
import io.rootstock.service.WatchedPage;
import io.rootstock.service.filter.ListQuery;
import io.rootstock.tokenizer.catalogue.Catalogue;
import io.rootstock.tokenizer.catalogue.OnceByName;
import io.rootstock.tokenizer.catalogue.Page;
import io.rootstock.tokenizer.catalogue.RunningOperations;
import io.rootstock.tokenizer.dataset.DatasetPreparation;
import io.rootstock.tokenizer.dataset.SourceFile;
import io.rootstock.tokenizer.dataset.SourceRows;
import io.rootstock.tokenizer.dataset.StoredRows;
import io.rootstock.tokenizer.registry.Registry;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.DeleteDatasetRequest;
import io.rootstock.tokenizer.v1.DeleteDatasetResponse;
import io.rootstock.tokenizer.v1.GetDatasetRequest;
import io.rootstock.tokenizer.v1.GetDatasetResponse;
import io.rootstock.tokenizer.v1.ListDatasetsRequest;
import io.rootstock.tokenizer.v1.ListDatasetsResponse;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.PrepareDatasetResponse;
import io.rootstock.tokenizer.v1.ReadDatasetRowsRequest;
import io.rootstock.tokenizer.v1.ReadDatasetRowsResponse;
import io.rootstock.tokenizer.v1.ReadSourceRowsRequest;
import io.rootstock.tokenizer.v1.ReadSourceRowsResponse;
import io.rootstock.tokenizer.v1.WatchDatasetsRequest;
import io.rootstock.tokenizer.v1.WatchDatasetsResponse;
import io.smallrye.common.annotation.Blocking;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** gRPC service that prepares, lists and reads datasets. */
@GrpcService
public class DatasetGrpcService extends DatasetServiceGrpc.DatasetServiceImplBase {
    private static final String COLLECTION = "datasets";

    private final Catalogue<Dataset> catalogue;
    private final OnceByName<Dataset> once;
    private final LoadedTokenizers tokenizers;
    private final UploadedSources sources;
    private final ArtifactStore store;
    private final ReadingSettings settings;
    private final RunningOperations operations;
    private final Registry registry;

    DatasetGrpcService(
            Catalogue<Dataset> catalogue,
            LoadedTokenizers tokenizers,
            UploadedSources sources,
            ArtifactStore store,
            ReadingSettings settings,
            RunningOperations operations,
            Registry registry) {
        this.catalogue = catalogue;
        this.once = new OnceByName<>(catalogue);
        this.tokenizers = tokenizers;
        this.sources = sources;
        this.store = store;
        this.settings = settings;
        this.operations = operations;
        this.registry = registry;
    }

    @Override
    public void prepareDataset(PrepareDatasetRequest request, StreamObserver<PrepareDatasetResponse> answers) {
        FlowControlledStream.serve(answers, stream -> {
            String id = RequestNames.id(COLLECTION, request.getName(), "name");
            PrepareDatasetRequest asked =
                    request.toBuilder().clearRequestId().clearValidateOnly().build();
            try (RunningOperations.Operation operation = operations.begin(request.getTokenizer())) {
                Dataset dataset = request.getValidateOnly()
                        ? once.find(request.getName(), id, asked, request.getRequestId())
                                .orElseGet(() -> prepare(request, stream))
                        : once.getOrCreate(request.getName(), id, asked, request.getRequestId(), () -> {
                            Dataset prepared = prepare(request, stream);
                            operation.requireLive();
                            return prepared;
                        });
                stream.send(
                        PrepareDatasetResponse.newBuilder().setDataset(dataset).build());
            }
        });
    }

    @Override
    @Blocking
    public void deleteDataset(DeleteDatasetRequest request, StreamObserver<DeleteDatasetResponse> answers) {
        String id = RequestNames.id(COLLECTION, request.getName(), "name");
        once.delete(request.getName(), id, dataset -> registry.release(dataset.getName(), dataset.getCreateTime()));
        Answers.send(answers, DeleteDatasetResponse.getDefaultInstance());
    }

    @Override
    @Blocking
    public void getDataset(GetDatasetRequest request, StreamObserver<GetDatasetResponse> answers) {
        Answers.send(
                answers,
                GetDatasetResponse.newBuilder()
                        .setDataset(find(request.getName()))
                        .build());
    }

    @Override
    @Blocking
    public void listDatasets(ListDatasetsRequest request, StreamObserver<ListDatasetsResponse> answers) {
        Page<Dataset> page =
                page(request.getFilter(), request.getOrderBy(), request.getPageSize(), request.getPageToken());
        Answers.send(
                answers,
                ListDatasetsResponse.newBuilder()
                        .addAllDatasets(page.resources())
                        .setNextPageToken(page.nextPageToken())
                        .build());
    }

    @Override
    public void watchDatasets(WatchDatasetsRequest request, StreamObserver<WatchDatasetsResponse> answers) {
        WatchedPage<Dataset> known = new WatchedPage<>(Dataset::getName);
        Answers.watch(answers, () -> {
            Page<Dataset> page = page(request.getFilter(), request.getOrderBy(), request.getPageSize(), "");
            return known.changes(page.resources())
                    .map(change -> WatchDatasetsResponse.newBuilder()
                            .addAllDatasets(change.resources())
                            .addAllNames(change.names())
                            .setNextPageToken(page.nextPageToken())
                            .build());
        });
    }

    private Page<Dataset> page(String filter, String orderBy, int size, String token) {
        return Page.of(catalogue, COLLECTION, ListQuery.parse(CatalogueFields.DATASETS, filter, orderBy), size, token);
    }

    @Override
    public void readDatasetRows(ReadDatasetRowsRequest request, StreamObserver<ReadDatasetRowsResponse> answers) {
        FlowControlledStream.serve(answers, stream -> {
            Dataset dataset = find(request.getName());
            Tokenizer tokenizer = tokenizers.tokenizer(dataset.getTokenizer(), "name");
            try {
                DatasetManifest manifest = DatasetManifest.read(store, Digest.parse(dataset.getDigest()));
                new StoredRows(store, manifest, tokenizer)
                        .read(
                                request,
                                row -> stream.send(ReadDatasetRowsResponse.newBuilder()
                                        .setRow(row)
                                        .build()));
            } catch (ArtifactException | InvalidDatasetException e) {
                throw Errors.dataLoss(
                        "DATASET_CORRUPT",
                        request.getName() + " cannot be read: " + e.getMessage()
                                + "; prepare it again under another name");
            }
        });
    }

    @Override
    public void readSourceRows(ReadSourceRowsRequest request, StreamObserver<ReadSourceRowsResponse> answers) {
        FlowControlledStream.serve(
                answers,
                stream ->
                        new SourceRows(request, files(request.getSourcesList()), settings.limits()).read(stream::send));
    }

    private Dataset find(String name) {
        return catalogue
                .find(RequestNames.id(COLLECTION, name, "name"))
                .map(Catalogue.Entry::resource)
                .orElseThrow(
                        () -> Errors.notFound(
                                name,
                                "prepare it with `rootstock dataset prepare`, or list the datasets with `rootstock dataset list` or ListDatasets"));
    }

    /** Finds the files of sources, in order. */
    private List<SourceFile> files(List<DatasetSource> requested) {
        List<SourceFile> files = new ArrayList<>();
        for (DatasetSource source : requested) {
            String field = "sources[" + files.size() + "].";
            SourceFile file = sources.find(source.getDigest(), field + "digest");
            String outputs = source.getOutputDigest();
            files.add(outputs.isEmpty() ? file : file.withOutputs(sources.find(outputs, field + "output_digest")));
        }
        return files;
    }

    private Dataset prepare(PrepareDatasetRequest request, FlowControlledStream<PrepareDatasetResponse> stream) {
        long _ = catalogue.requireSpace(1);
        Tokenizer tokenizer = tokenizers.tokenizer(request.getTokenizer(), "tokenizer");
        String tokenizerDigest =
                tokenizers.resource(request.getTokenizer(), "tokenizer").getDigest();
        Progress<PrepareDatasetResponse> progress = new Progress<>(stream);
        DatasetPreparation preparation = new DatasetPreparation(
                request,
                files(request.getSourcesList()),
                tokenizer,
                tokenizerDigest,
                store,
                settings.preparation(),
                response -> {
                    if (response.hasProgress()) {
                        progress.at(() -> response);
                    } else {
                        stream.send(response);
                    }
                });
        Instant now = Instant.now();
        return preparation
                .prepare()
                .setName(request.getName())
                .setCreateTime(
                        Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()))
                .build();
    }
}
