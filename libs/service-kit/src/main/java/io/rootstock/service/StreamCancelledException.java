package io.rootstock.service;

/** The client has disconnected or cancelled the stream: stop working for it. */
public final class StreamCancelledException extends RuntimeException {
    public StreamCancelledException() {
        super("the client cancelled the stream");
    }
}
