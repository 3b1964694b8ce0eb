package io.rootstock.registry.grpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.Digest;
import io.rootstock.registry.database.DatabaseException;
import io.rootstock.service.Errors;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Receives a header and content in chunks, and stores the content as an artifact. gRPC delivers a chunk only after the
 * last one is written, so that memory is bounded; a failed upload is discarded.
 *
 * @param <Q> request message
 * @param <A> response message
 */
abstract class ReceivedContent<Q, A> implements StreamObserver<Q> {
    private final ArtifactStore store;
    private final StreamObserver<A> answers;
    private ArtifactWriter writer;
    private long limit;
    private long bytes;
    private boolean failed;

    ReceivedContent(ArtifactStore store, StreamObserver<A> answers) {
        this.store = store;
        this.answers = answers;
    }

    /** Whether the message has the header, and not a chunk. */
    abstract boolean isHeader(Q message);

    abstract ByteString chunk(Q message);

    /** Checks the header and returns the maximum number of bytes of the content. */
    abstract long begin(Q header);

    /** Creates the resource from the stored content and returns the response. */
    abstract A end(long bytes, Digest content);

    @Override
    public void onNext(Q message) {
        if (failed) {
            return;
        }
        try {
            if (isHeader(message)) {
                if (writer != null) {
                    throw Errors.invalidArgument("header", "must be sent once");
                }
                limit = begin(message);
                writer = store.create();
            } else {
                append(chunk(message));
            }
        } catch (IOException e) {
            fail(new UncheckedIOException("cannot store an upload", e));
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
            requireHeader();
            A answer = end(bytes, writer.commit());
            answers.onNext(answer);
            answers.onCompleted();
        } catch (RuntimeException e) {
            fail(e);
        } finally {
            discard();
        }
    }

    private void append(ByteString chunk) throws IOException {
        requireHeader();
        bytes += chunk.size();
        if (bytes > limit) {
            throw Errors.invalidArgument("chunk", "the content is longer than the " + limit + " bytes of the header");
        }
        chunk.writeTo(writer);
    }

    private void requireHeader() {
        if (writer == null) {
            throw Errors.invalidArgument("header", "must be sent first");
        }
    }

    private void fail(RuntimeException failure) {
        failed = true;
        discard();
        answers.onError(failure instanceof DatabaseException e ? Answers.status(e) : failure);
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
