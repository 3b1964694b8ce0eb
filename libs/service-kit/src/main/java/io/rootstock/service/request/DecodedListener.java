package io.rootstock.service.request;

import io.grpc.ServerCall;
import java.util.function.Consumer;

/** Forwards the requests of a call to its method until one is malformed. */
final class DecodedListener<Q> extends ServerCall.Listener<Decoded<Q>> {
    private final ServerCall.Listener<Q> listener;
    private final DecodedCall<Q, ?> call;
    private final Consumer<Decoded.Malformed<Q>> refusal;

    /** @param refusal ends the call */
    DecodedListener(ServerCall.Listener<Q> listener, DecodedCall<Q, ?> call, Consumer<Decoded.Malformed<Q>> refusal) {
        this.listener = listener;
        this.call = call;
        this.refusal = refusal;
    }

    @Override
    public void onMessage(Decoded<Q> decoded) {
        switch (decoded) {
            case Decoded.Message<Q>(Q request) -> unlessRefused(() -> listener.onMessage(request));
            case Decoded.Malformed<Q> malformed -> refusal.accept(malformed);
        }
    }

    @Override
    public void onHalfClose() {
        unlessRefused(listener::onHalfClose);
    }

    @Override
    public void onReady() {
        unlessRefused(listener::onReady);
    }

    @Override
    public void onCancel() {
        listener.onCancel();
    }

    @Override
    public void onComplete() {
        if (call.isRefused()) {
            listener.onCancel();
        } else {
            listener.onComplete();
        }
    }

    private void unlessRefused(Runnable event) {
        if (!call.isRefused()) {
            event.run();
        }
    }
}
