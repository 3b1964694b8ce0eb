package io.rootstock.inference.adapter;

import io.grpc.Context;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.gguf.GgufAdapterValidator;
import io.rootstock.inference.engine.adapter.Adapters;
import io.rootstock.inference.model.LoadException;
import io.rootstock.inference.serving.Serving;
import io.rootstock.inference.session.EngineErrors;
import io.rootstock.inference.session.ModelAccess;
import io.rootstock.inference.session.Session;
import io.rootstock.inference.v1.Adapter;
import io.rootstock.llama.LlamaException;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Loads and unloads the adapters of served models. A file is read from the artifact store by its digest, hashed again,
 * validated in Java before native code reads it, and first loaded in a separate process. Adapters belong to a version:
 * the next version starts without adapters.
 */
@ApplicationScoped
public class AdapterLoading {
    private final ModelAccess access;
    private final Serving serving;

    @Inject
    AdapterLoading(ModelAccess access, Serving serving) {
        this.access = access;
        this.serving = serving;
    }

    /** Loads an adapter under a name; loading it again changes only its pin. */
    public Adapter load(String model, String name, String digest, boolean pinned) {
        String id = RequestNames.id(name, "name");
        Digest parsed = digest(digest);
        try (Session session = access.open(model)) {
            Path file = verified(parsed);
            loadFirst(parsed, file, session);
            requireFit(file, session);
            try {
                return adapter(session.engine().adapters().load(id, digest, file, pinned), session);
            } catch (LlamaException e) {
                throw Errors.failedPrecondition(
                        "ADAPTER_DOES_NOT_FIT",
                        "the adapter does not fit " + session.version() + ": " + e.getMessage());
            }
        } catch (RuntimeException e) {
            throw EngineErrors.of(e);
        }
    }

    /** Unloads an adapter; it is freed after the last request that uses it. */
    public void unload(String model, String name) {
        String id = RequestNames.id(name, "name");
        try (Session session = access.open(model)) {
            if (!session.engine().adapters().unload(id)) {
                throw Errors.notFound(
                        session.version() + "/adapters/" + id,
                        "list what is loaded with `rootstock serving adapters list`");
            }
        }
    }

    /** The loaded adapters, sorted by name. */
    public List<Adapter> list(String model) {
        try (Session session = access.open(model)) {
            return session.engine().adapters().list().stream()
                    .map(info -> adapter(info, session))
                    .toList();
        }
    }

    private static void requireFit(Path file, Session session) {
        try {
            GgufAdapterValidator.validate(file, session.model().shape());
        } catch (InvalidCheckpointException e) {
            throw Errors.failedPrecondition("ADAPTER_INVALID", e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void loadFirst(Digest digest, Path file, Session session) {
        Context caller = Context.current();
        try {
            serving.loadFirst(session.model().version(), digest, file, () -> !caller.isCancelled());
        } catch (LoadException e) {
            throw Errors.failedPrecondition("ADAPTER_INVALID", e.getMessage());
        }
    }

    private static Digest digest(String digest) {
        try {
            return Digest.parse(digest);
        } catch (IllegalArgumentException e) {
            throw Errors.invalidArgument("digest", "must be sha256:<64 hexadecimal digits>, was '" + digest + "'");
        }
    }

    private Path verified(Digest digest) {
        try {
            return serving.artifact(digest);
        } catch (NoSuchArtifactException e) {
            throw Errors.notFound("artifacts/" + digest.value(), "put the adapter's GGUF file into the artifact store");
        }
    }

    private static Adapter adapter(Adapters.Info info, Session session) {
        return Adapter.newBuilder()
                .setName(info.name())
                .setVersion(session.version())
                .setDigest(info.digest())
                .setPinned(info.pinned())
                .setActiveRequests(info.activeRequests())
                .build();
    }
}
