package io.rootstock.client;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Adds the current token to every call. */
public final class TokenCredentials extends CallCredentials {
    /** Header with the token. */
    public static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** Prefix of the token in the header. */
    public static final String SCHEME = "Bearer ";

    private final Supplier<String> token;

    public TokenCredentials(TokenFile token) {
        this(token::current);
    }

    public TokenCredentials(Supplier<String> token) {
        this.token = token;
    }

    @Override
    public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, SCHEME + token.get());
        applier.apply(headers);
    }
}
