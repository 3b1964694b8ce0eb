package io.rootstock.tokenizer.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.Digest;
import io.rootstock.corpus.source.SourceFormat;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestTexts;
import io.rootstock.tokenizer.catalogue.Catalogue;
import io.rootstock.tokenizer.v1.Source;
import io.rootstock.tokenizer.v1.SourceHeader;
import io.rootstock.tokenizer.v1.SourceServiceGrpc;
import io.rootstock.tokenizer.v1.UploadSourceRequest;
import io.rootstock.tokenizer.v1.UploadSourceResponse;
import io.smallrye.common.annotation.Blocking;
import java.io.IOException;
import java.io.UncheckedIOException;

/** gRPC service that uploads files to the artifact store. */
@GrpcService
public class SourceGrpcService extends SourceServiceGrpc.SourceServiceImplBase {
    private static final int MAX_NAME_LENGTH = 255;

    private final Catalogue<Source> catalogue;
    private final ArtifactStore store;

    SourceGrpcService(Catalogue<Source> catalogue, ArtifactStore store) {
        this.catalogue = catalogue;
        this.store = store;
    }

    @Override
    @Blocking
    public StreamObserver<UploadSourceRequest> uploadSource(StreamObserver<UploadSourceResponse> answers) {
        return new Upload(answers);
    }

    /**
     * One upload. gRPC delivers the next chunk only after the last one is written, so that memory is bounded; a failed
     * upload is deleted.
     */
    private final class Upload implements StreamObserver<UploadSourceRequest> {
        private final StreamObserver<UploadSourceResponse> answers;
        private String fileName;
        private ArtifactWriter writer;
        private long bytes;
        /** Number of bytes that the caller can still store. */
        private long space;

        private boolean failed;

        Upload(StreamObserver<UploadSourceResponse> answers) {
            this.answers = answers;
        }

        @Override
        public void onNext(UploadSourceRequest part) {
            if (failed) {
                return;
            }
            try {
                switch (part.getPartCase()) {
                    case HEADER -> begin(part.getHeader());
                    case CHUNK -> append(part);
                    case PART_NOT_SET -> throw Errors.invalidArgument("part", "must be a header or a chunk");
                }
            } catch (IOException e) {
                fail(new UncheckedIOException("cannot store " + fileName, e));
            } catch (RuntimeException e) {
                fail(e);
            }
        }

        @Override
        public void onError(Throwable cancelled) {
            discard();
        }

        @Override
        public void onCompleted() {
            if (failed) {
                return;
            }
            try {
                if (writer == null) {
                    throw Errors.invalidArgument("header", "must be sent first");
                }
                Digest digest = writer.commit();
                Source source = Source.newBuilder()
                        .setDigest(digest.value())
                        .setFileName(fileName)
                        .setBytes(bytes)
                        .build();
                catalogue.put(digest.hex(), new Catalogue.Entry<>("", "", source));
                Answers.send(
                        answers,
                        UploadSourceResponse.newBuilder().setSource(source).build());
            } catch (RuntimeException e) {
                fail(e);
            } finally {
                discard();
            }
        }

        private void begin(SourceHeader header) {
            if (writer != null) {
                throw Errors.invalidArgument("header", "must be sent once");
            }
            fileName = header.getFileName();
            if (fileName.isBlank() || fileName.length() > MAX_NAME_LENGTH || fileName.contains("/")) {
                throw Errors.invalidArgument(
                        "header.file_name", "must be a file name without folders of 1 to 255 characters");
            }
            RequestTexts.requireVisible(fileName, "header.file_name");
            if (SourceFormat.of(fileName).isEmpty()) {
                throw Errors.invalidArgument(
                        "header.file_name", "'" + fileName + "' must end with " + SourceFormat.SUPPORTED);
            }
            space = catalogue.requireSpace(1);
            writer = store.create();
        }

        private void append(UploadSourceRequest part) throws IOException {
            if (writer == null) {
                throw Errors.invalidArgument("header", "must be sent first");
            }
            bytes += part.getChunk().size();
            if (bytes > space) {
                space = catalogue.requireSpace(bytes);
            }
            part.getChunk().writeTo(writer);
        }

        private void fail(RuntimeException failure) {
            failed = true;
            discard();
            answers.onError(failure);
        }

        private void discard() {
            if (writer != null) {
                try {
                    writer.close();
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot discard an upload", e);
                }
            }
        }
    }
}
