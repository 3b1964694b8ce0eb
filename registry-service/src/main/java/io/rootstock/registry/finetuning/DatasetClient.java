package io.rootstock.registry.finetuning;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.PrepareDatasetResponse;
import io.rootstock.tokenizer.v1.SourceHeader;
import io.rootstock.tokenizer.v1.SourceServiceGrpc;
import io.rootstock.tokenizer.v1.UploadSourceRequest;
import io.rootstock.tokenizer.v1.UploadSourceResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/** Client of the tokenizer service that uploads sources and prepares datasets. */
public class DatasetClient {
    private static final int CHUNK = 256 << 10;

    private final SourceServiceGrpc.SourceServiceBlockingV2Stub sources;
    private final DatasetServiceGrpc.DatasetServiceBlockingV2Stub datasets;

    /** Creates a client on an open channel, which the caller closes. */
    public DatasetClient(Channel channel) {
        this.sources = SourceServiceGrpc.newBlockingV2Stub(channel);
        this.datasets = DatasetServiceGrpc.newBlockingV2Stub(channel);
    }

    /** Uploads a source and returns its digest. */
    String upload(String fileName, InputStream content) throws InterruptedException, IOException {
        BlockingClientCall<UploadSourceRequest, UploadSourceResponse> call = sources.uploadSource();
        boolean complete = false;
        try {
            boolean open = call.write(UploadSourceRequest.newBuilder()
                    .setHeader(SourceHeader.newBuilder().setFileName(fileName))
                    .build());
            byte[] chunk = content.readNBytes(CHUNK);
            while (open && chunk.length > 0) {
                open = call.write(UploadSourceRequest.newBuilder()
                        .setChunk(ByteString.copyFrom(chunk))
                        .build());
                chunk = content.readNBytes(CHUNK);
            }
            call.halfClose();
            UploadSourceResponse response = call.read();
            complete = true;
            return response.getSource().getDigest();
        } catch (StatusException e) {
            complete = true;
            throw unchecked(e);
        } finally {
            if (!complete) {
                call.cancel("the content cannot be read", null);
            }
        }
    }

    /**
     * Prepares a dataset, or returns it if an equal request has prepared it.
     *
     * @param wanted polled with each message of progress; false cancels the preparation
     * @throws StatusRuntimeException the failure, or CANCELLED
     */
    Dataset prepare(PrepareDatasetRequest request, BooleanSupplier wanted) throws InterruptedException {
        BlockingClientCall<?, PrepareDatasetResponse> call = datasets.prepareDataset(request);
        boolean ended = false;
        try {
            PrepareDatasetResponse response = call.read();
            while (!response.hasDataset() && wanted.getAsBoolean()) {
                response = call.read();
            }
            ended = response.hasDataset();
            return response.getDataset();
        } catch (StatusException e) {
            ended = true;
            throw unchecked(e);
        } finally {
            if (!ended) {
                call.cancel("the dataset is not wanted any more", null);
            }
        }
    }

    private static StatusRuntimeException unchecked(StatusException failure) {
        return failure.getStatus().asRuntimeException(failure.getTrailers());
    }
}
