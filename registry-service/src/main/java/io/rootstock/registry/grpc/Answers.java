package io.rootstock.registry.grpc;

import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
import io.rootstock.registry.database.DatabaseException;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.service.Errors;
import io.rootstock.service.FlowControlledStream;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Sends responses, and maps failed transactions to statuses. */
final class Answers {
    /** Bytes of the rows of a page; gRPC clients accept messages of 4 MiB by default. */
    private static final int MAX_PAGE_BYTES = 3 << 20;

    private static final Logger LOG = Logger.getLogger(Answers.class);

    private Answers() {}

    /** Sends one message and completes the call. */
    static <T> void unary(StreamObserver<T> observer, Supplier<T> answer) {
        T message = guarded(answer);
        observer.onNext(message);
        observer.onCompleted();
    }

    /** Runs a server stream's body on a separate thread. */
    static <T> void stream(StreamObserver<T> observer, FlowControlledStream.Body<T> body) {
        FlowControlledStream.serve(observer, stream -> {
            try {
                body.run(stream);
            } catch (DatabaseException e) {
                throw status(e);
            }
        });
    }

    /**
     * Sends the elements of a page to {@code element} and returns the token of the next page: at most as many elements
     * as requested, and at most 3 MiB, but at least one.
     *
     * @param found elements of the query
     */
    static <T extends Message> String page(PageQuery query, List<PageQuery.Listed<T>> found, Consumer<T> element) {
        List<PageQuery.Listed<T>> page = page(found, query.limit() - 1);
        page.forEach(listed -> element.accept(listed.item()));
        return found.size() > page.size() ? query.token(page.getLast().cursor()) : "";
    }

    /** Returns the elements of a page: at most {@code size}, and at most 3 MiB, but at least one. */
    static <T extends Message> List<PageQuery.Listed<T>> page(List<PageQuery.Listed<T>> found, int size) {
        int rows = 0;
        long bytes = 0;
        while (rows < Math.min(size, found.size())) {
            bytes += found.get(rows).item().getSerializedSize();
            if (rows > 0 && bytes > MAX_PAGE_BYTES) {
                break;
            }
            rows++;
        }
        return found.subList(0, rows);
    }

    /** Returns the error that ends watches when the service stops. */
    static RuntimeException stopping() {
        return Errors.unavailable("STOPPING", "the registry is stopping; watch again from the last message");
    }

    private static <T> T guarded(Supplier<T> answer) {
        try {
            return answer.get();
        } catch (DatabaseException e) {
            throw status(e);
        }
    }

    /** Returns the status of a failed transaction; INTERNAL is logged with its cause by the service kit. */
    static RuntimeException status(DatabaseException e) {
        return switch (e.failure()) {
            case UNAVAILABLE -> {
                LOG.warn(e.getMessage());
                yield Errors.unavailable("DATABASE_UNAVAILABLE", "the registry's database is unavailable; try again");
            }
            case ALREADY_EXISTS -> {
                LOG.warn(e.getMessage());
                yield Errors.alreadyExists("a row with this key", "read it and decide whether to retry");
            }
            case ABORTED -> {
                LOG.warn(e.getMessage());
                yield Errors.aborted("CONCURRENT_CHANGE", "a concurrent change won; read again and retry");
            }
            case INVALID_VALUE, INTERNAL -> e;
        };
    }
}
