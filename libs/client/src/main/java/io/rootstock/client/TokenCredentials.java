package io.rootstock.client;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import java.util.concurrent.Executor;

/** Adds the current token to every call. */
public final class TokenCredentials extends CallCredentials {
    /** Header with the token. */
    public static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** Prefix of the token in the header. */
    public static final String SCHEME = "Bearer ";

    private final TokenFile token;

    public TokenCredentials(TokenFile token) {
        this.token = token;
    }

    @Override
    public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, SCHEME + token.current());
        applier.apply(headers);
    }
}
