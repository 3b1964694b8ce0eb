package io.rootstock.client;

import io.grpc.Metadata;

/** The caller's reason for a call, which the audit log stores. */
public final class CallReason {
    /** Header with the reason in UTF-8. */
    public static final Metadata.Key<byte[]> HEADER =
            Metadata.Key.of("rootstock-reason-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private CallReason() {}
}
