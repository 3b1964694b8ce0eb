package io.rootstock.service;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import java.util.concurrent.Executor;

/** Adds the current token to every call. */
final class TokenCredentials extends CallCredentials {
    private final TokenFile token;

    TokenCredentials(TokenFile token) {
        this.token = token;
    }

    @Override
    public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
        Metadata headers = new Metadata();
        headers.put(AuthenticationInterceptor.AUTHORIZATION, AuthenticationInterceptor.SCHEME + token.current());
        applier.apply(headers);
    }
}
