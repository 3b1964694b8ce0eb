package io.rootstock.service.access;

import io.grpc.ServerCall;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Keeps the events of a call until its listener exists. They are few: messages arrive only after the listener has
 * requested them. All methods run on the event loop of the call.
 */
final class DelayedListener<Q> extends ServerCall.Listener<Q> {
    private final Queue<Consumer<ServerCall.Listener<Q>>> events = new ArrayDeque<>();
    private ServerCall.Listener<Q> delegate;

    /** Delivers the kept events, and all later ones directly. */
    synchronized void setDelegate(ServerCall.Listener<Q> listener) {
        while (!events.isEmpty()) {
            events.remove().accept(listener);
        }
        delegate = listener;
    }

    @Override
    public void onMessage(Q message) {
        deliver(listener -> listener.onMessage(message));
    }

    @Override
    public void onHalfClose() {
        deliver(ServerCall.Listener::onHalfClose);
    }

    @Override
    public void onCancel() {
        deliver(ServerCall.Listener::onCancel);
    }

    @Override
    public void onComplete() {
        deliver(ServerCall.Listener::onComplete);
    }

    @Override
    public void onReady() {
        deliver(ServerCall.Listener::onReady);
    }

    private synchronized void deliver(Consumer<ServerCall.Listener<Q>> event) {
        if (delegate == null) {
            events.add(event);
        } else {
            event.accept(delegate);
        }
    }
}
