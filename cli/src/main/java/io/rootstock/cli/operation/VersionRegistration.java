package io.rootstock.cli.operation;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.cli.client.Clients;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.tokenizer.v1.DeleteTokenizerRequest;
import io.rootstock.tokenizer.v1.GetTokenizerRequest;
import io.rootstock.tokenizer.v1.ImportTokenizerRequest;
import io.rootstock.tokenizer.v1.Tokenizer;
import java.util.Optional;
import java.util.Set;

/** Registers a version whose artifacts are stored, and its tokenizer. */
public final class VersionRegistration {
    /** Codes of a version that was not registered; after others, such as UNAVAILABLE, it may exist. */
    private static final Set<Status.Code> REFUSALS = Set.of(
            Status.Code.INVALID_ARGUMENT,
            Status.Code.FAILED_PRECONDITION,
            Status.Code.NOT_FOUND,
            Status.Code.ALREADY_EXISTS,
            Status.Code.DATA_LOSS);

    private VersionRegistration() {}

    /**
     * Imports the version's tokenizer, unless it exists, and registers the version; a new tokenizer is deleted if the
     * version is refused.
     *
     * @param model models/{model}
     * @param version with the name and digest of its tokenizer, if it has one
     */
    public static Version register(Clients clients, String model, Version.Builder version) {
        Optional<Tokenizer> existing = tokenizer(clients, version.getTokenizer());
        boolean stored = version.getTokenizer().isEmpty()
                || existing.map(Tokenizer::getDigest)
                        .filter(version.getTokenizerDigest()::equals)
                        .isPresent();
        if (!stored) {
            clients.tokenizers()
                    .importTokenizer(ImportTokenizerRequest.newBuilder()
                            .setName(version.getTokenizer())
                            .setDigest(version.getTokenizerDigest())
                            .build());
        }
        try {
            return clients.models()
                    .createVersion(CreateVersionRequest.newBuilder()
                            .setModel(model)
                            .setVersion(version)
                            .build())
                    .getVersion();
        } catch (StatusRuntimeException refusal) {
            if (!stored
                    && existing.isEmpty()
                    && REFUSALS.contains(refusal.getStatus().getCode())) {
                clients.tokenizers()
                        .deleteTokenizer(DeleteTokenizerRequest.newBuilder()
                                .setName(version.getTokenizer())
                                .build());
            }
            throw refusal;
        }
    }

    /** Returns a tokenizer; empty if it does not exist or the name is empty. */
    public static Optional<Tokenizer> tokenizer(Clients clients, String name) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(clients.tokenizers()
                    .getTokenizer(GetTokenizerRequest.newBuilder().setName(name).build())
                    .getTokenizer());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
