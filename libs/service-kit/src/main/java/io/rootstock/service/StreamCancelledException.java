package io.rootstock.service;

/** The client is gone or no longer wants the stream: stop working for it. */
public final class StreamCancelledException extends RuntimeException {
    public StreamCancelledException() {
        super("the client cancelled the stream");
    }
}
