package io.rootstock.service.request;

import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A call with the method of the contract. Once a malformed request has ended it, its method sees a cancelled call, and what
 * the method still sends is discarded.
 */
final class DecodedCall<Q, R> extends ServerCall<Q, R> {
    private final ServerCall<Decoded<Q>, R> call;
    private final MethodDescriptor<Q, R> method;
    /** A call is not safe for several threads. */
    private final ReentrantLock lock = new ReentrantLock();

    private boolean closed;
    private volatile boolean refused;

    DecodedCall(ServerCall<Decoded<Q>, R> call, MethodDescriptor<Q, R> method) {
        this.call = call;
        this.method = method;
    }

    /**
     * Ends the call because of a malformed request; has no effect on a closed call.
     *
     * @param report runs before the client learns of the end
     */
    void refuse(Status status, Metadata trailers, Runnable report) {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                refused = true;
                report.run();
                call.close(status, trailers);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@link #refuse} has ended the call. */
    boolean isRefused() {
        return refused;
    }

    @Override
    public void request(int messages) {
        call.request(messages);
    }

    @Override
    public void sendHeaders(Metadata headers) {
        unlessRefused(() -> call.sendHeaders(headers));
    }

    @Override
    public void sendMessage(R message) {
        unlessRefused(() -> call.sendMessage(message));
    }

    @Override
    public void close(Status status, Metadata trailers) {
        unlessRefused(() -> {
            closed = true;
            call.close(status, trailers);
        });
    }

    @Override
    public boolean isReady() {
        return call.isReady();
    }

    @Override
    public boolean isCancelled() {
        return refused || call.isCancelled();
    }

    @Override
    public void setMessageCompression(boolean enabled) {
        call.setMessageCompression(enabled);
    }

    @Override
    public void setCompression(String compressor) {
        call.setCompression(compressor);
    }

    @Override
    public void setOnReadyThreshold(int bytes) {
        call.setOnReadyThreshold(bytes);
    }

    @Override
    public SecurityLevel getSecurityLevel() {
        return call.getSecurityLevel();
    }

    @Override
    public Attributes getAttributes() {
        return call.getAttributes();
    }

    @Override
    public String getAuthority() {
        return call.getAuthority();
    }

    @Override
    public MethodDescriptor<Q, R> getMethodDescriptor() {
        return method;
    }

    private void unlessRefused(Runnable action) {
        lock.lock();
        try {
            if (!refused) {
                action.run();
            }
        } finally {
            lock.unlock();
        }
    }
}
