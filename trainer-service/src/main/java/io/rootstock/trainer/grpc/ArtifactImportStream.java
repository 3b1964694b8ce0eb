package io.rootstock.trainer.grpc;

import io.grpc.stub.StreamObserver;
import io.rootstock.service.Errors;
import io.rootstock.trainer.imports.ArtifactImport;
import io.rootstock.trainer.imports.RefusedImportException;
import io.rootstock.trainer.v1.StoreArtifactsRequest;
import io.rootstock.trainer.v1.StoreArtifactsResponse;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Receives the messages of one import of artifacts; gRPC delivers a message after the previous one is processed. */
final class ArtifactImportStream implements StreamObserver<StoreArtifactsRequest> {
    private final ArtifactImport artifacts;
    private final StreamObserver<StoreArtifactsResponse> answers;
    private boolean failed;

    ArtifactImportStream(ArtifactImport artifacts, StreamObserver<StoreArtifactsResponse> answers) {
        this.artifacts = artifacts;
        this.answers = answers;
    }

    @Override
    public void onNext(StoreArtifactsRequest request) {
        if (failed) {
            return;
        }
        try {
            switch (request.getPartCase()) {
                case ARTIFACTS ->
                    answers.onNext(StoreArtifactsResponse.newBuilder()
                            .addAllMissing(
                                    artifacts.begin(request.getArtifacts().getArtifactsList()))
                            .build());
                case DIGEST -> artifacts.start(request.getDigest());
                case CHUNK -> artifacts.write(request.getChunk().toByteArray());
                case PART_NOT_SET -> throw Errors.invalidArgument("part", "must be artifacts, a digest or a chunk");
            }
        } catch (IOException e) {
            fail(new UncheckedIOException("cannot store an artifact", e));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    @Override
    public void onError(Throwable cancelled) {
        artifacts.close();
    }

    @Override
    public void onCompleted() {
        if (failed) {
            return;
        }
        try {
            artifacts.finish();
            artifacts.close();
            answers.onNext(StoreArtifactsResponse.newBuilder().setComplete(true).build());
            answers.onCompleted();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void fail(RuntimeException failure) {
        failed = true;
        artifacts.close();
        answers.onError(
                failure instanceof RefusedImportException
                        ? Errors.invalidArgument("part", failure.getMessage())
                        : failure);
    }
}
