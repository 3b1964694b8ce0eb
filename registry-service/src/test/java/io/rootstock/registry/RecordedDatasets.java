package io.rootstock.registry;

import com.google.protobuf.Timestamp;
import io.grpc.BindableService;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.rootstock.artifacts.Digest;
import io.rootstock.service.Errors;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.GetDatasetRequest;
import io.rootstock.tokenizer.v1.GetDatasetResponse;
import io.rootstock.tokenizer.v1.PrepareDatasetProgress;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.PrepareDatasetResponse;
import io.rootstock.tokenizer.v1.Source;
import io.rootstock.tokenizer.v1.SourceServiceGrpc;
import io.rootstock.tokenizer.v1.UploadSourceRequest;
import io.rootstock.tokenizer.v1.UploadSourceResponse;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A fake of the tokenizer service's datasets and sources. A dataset is prepared at once, unless preparations are held or
 * refused.
 */
public final class RecordedDatasets {
    /** Digest of every dataset and tokenizer. */
    public static final String DIGEST = "sha256:" + "a".repeat(64);

    private final Map<String, Dataset> datasets = new ConcurrentHashMap<>();
    private final Map<String, String> sources = new ConcurrentHashMap<>();
    private final List<PrepareDatasetRequest> preparations = new CopyOnWriteArrayList<>();
    private final List<String> cancelled = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch released = new CountDownLatch(0);
    private volatile Optional<String> refusal = Optional.empty();

    /** Adds a dataset. */
    public void put(Dataset dataset) {
        datasets.put(dataset.getName(), dataset);
    }

    /** The received preparations. */
    public List<PrepareDatasetRequest> preparations() {
        return List.copyOf(preparations);
    }

    /** Names of datasets whose preparation the client cancelled. */
    public List<String> cancelled() {
        return List.copyOf(cancelled);
    }

    /** The uploaded content of a source, after its file name and a colon. */
    public String source(String digest) {
        return sources.get(digest);
    }

    /** Lets preparations report progress only, until {@link #release}. */
    public void hold() {
        released = new CountDownLatch(1);
    }

    /** Lets preparations end again. */
    public void release() {
        released.countDown();
    }

    /** Rejects preparations because of their rows. */
    public void refuse(String reason) {
        refusal = Optional.of(reason);
    }

    List<BindableService> services() {
        return List.of(new Datasets(), new Sources());
    }

    private final class Datasets extends DatasetServiceGrpc.DatasetServiceImplBase {
        @Override
        public void getDataset(GetDatasetRequest request, StreamObserver<GetDatasetResponse> observer) {
            Dataset dataset = datasets.get(request.getName());
            if (dataset == null) {
                observer.onError(Errors.notFound(request.getName(), "prepare it"));
                return;
            }
            observer.onNext(GetDatasetResponse.newBuilder().setDataset(dataset).build());
            observer.onCompleted();
        }

        @Override
        public void prepareDataset(PrepareDatasetRequest request, StreamObserver<PrepareDatasetResponse> observer) {
            preparations.add(request);
            ServerCallStreamObserver<PrepareDatasetResponse> call =
                    (ServerCallStreamObserver<PrepareDatasetResponse>) observer;
            call.setOnCancelHandler(() -> cancelled.add(request.getName()));
            Thread.ofVirtual().start(() -> prepare(request, call));
        }

        private void prepare(PrepareDatasetRequest request, ServerCallStreamObserver<PrepareDatasetResponse> observer) {
            try {
                while (!released.await(10, TimeUnit.MILLISECONDS) && !observer.isCancelled()) {
                    observer.onNext(PrepareDatasetResponse.newBuilder()
                            .setProgress(PrepareDatasetProgress.getDefaultInstance())
                            .build());
                }
                if (refusal.isPresent()) {
                    observer.onError(Errors.invalidArgument("sources", refusal.get()));
                    return;
                }
                Dataset dataset = Dataset.newBuilder()
                        .setName(request.getName())
                        .setKind(request.getKind())
                        .setTokenizer(request.getTokenizer())
                        .setDigest(DIGEST)
                        .setTokenizerDigest(DIGEST)
                        .setCreateTime(
                                Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond()))
                        .build();
                put(dataset);
                observer.onNext(
                        PrepareDatasetResponse.newBuilder().setDataset(dataset).build());
                observer.onCompleted();
            } catch (InterruptedException | StatusRuntimeException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class Sources extends SourceServiceGrpc.SourceServiceImplBase {
        @Override
        public StreamObserver<UploadSourceRequest> uploadSource(StreamObserver<UploadSourceResponse> observer) {
            return new StreamObserver<>() {
                private final ByteArrayOutputStream content = new ByteArrayOutputStream();
                private String name = "";

                @Override
                public void onNext(UploadSourceRequest message) {
                    if (message.hasHeader()) {
                        name = message.getHeader().getFileName();
                    }
                    content.writeBytes(message.getChunk().toByteArray());
                }

                @Override
                public void onError(Throwable cancelled) {
                    // The client has left.
                }

                @Override
                public void onCompleted() {
                    String digest = Digest.of(content.toByteArray()).value();
                    sources.put(digest, name + ":" + content);
                    observer.onNext(UploadSourceResponse.newBuilder()
                            .setSource(Source.newBuilder().setDigest(digest))
                            .build());
                    observer.onCompleted();
                }
            };
        }
    }
}
