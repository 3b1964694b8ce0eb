package io.rootstock.service.lifecycle;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A call in flight, which another thread may end. Its method then sees a cancelled call, and what it still sends is
 * discarded.
 */
final class OpenCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private final Consumer<OpenCall<?, ?>> onEnd;
    private final Consumer<Status> statuses;
    /** A call is not safe for several threads. */
    private final ReentrantLock lock = new ReentrantLock();

    private boolean closed;
    private volatile boolean ended;

    /**
     * @param onEnd receives the call once it has ended, in any way; more than once if its client cancels it then
     * @param statuses receives the status that is sent, if any
     */
    OpenCall(ServerCall<Q, R> call, Consumer<OpenCall<?, ?>> onEnd, Consumer<Status> statuses) {
        super(call);
        this.onEnd = onEnd;
        this.statuses = statuses;
    }

    /** Whether the call watches changes, without an end of its own: the contracts name such methods Watch…, and StreamMetrics. */
    boolean isWatch() {
        String method = getMethodDescriptor().getBareMethodName();
        return method != null && (method.startsWith("Watch") || method.equals("StreamMetrics"));
    }

    /** Ends the call with an error; has no effect on a closed call. Returns whether it was open. */
    boolean end(StatusRuntimeException why) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            closed = true;
            ended = true;
            statuses.accept(why.getStatus());
            Metadata trailers = why.getTrailers();
            super.close(why.getStatus(), trailers == null ? new Metadata() : trailers);
        } finally {
            lock.unlock();
        }
        onEnd.accept(this);
        return true;
    }

    /** Whether {@link #end} has ended the call. */
    boolean isEnded() {
        return ended;
    }

    /** Called when the transport has ended the call. */
    void left() {
        onEnd.accept(this);
    }

    @Override
    public void sendHeaders(Metadata headers) {
        unlessClosed(() -> super.sendHeaders(headers));
    }

    @Override
    public void sendMessage(R message) {
        unlessClosed(() -> super.sendMessage(message));
    }

    @Override
    public void close(Status status, Metadata trailers) {
        unlessClosed(() -> {
            closed = true;
            statuses.accept(status);
            super.close(status, trailers);
        });
        onEnd.accept(this);
    }

    @Override
    public boolean isCancelled() {
        return ended || super.isCancelled();
    }

    private void unlessClosed(Runnable action) {
        lock.lock();
        try {
            if (!closed) {
                action.run();
            }
        } finally {
            lock.unlock();
        }
    }
}
