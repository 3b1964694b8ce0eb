package io.rootstock.tokenizer.catalogue;

import com.google.protobuf.Message;
import io.rootstock.artifacts.Digest;
import io.rootstock.service.Errors;
import io.rootstock.tokenizer.catalogue.Catalogue.Entry;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Creates resources idempotently: a repeated request returns the existing resource, and a different request for its
 * name is rejected. Of two concurrent equal requests to one service, the second waits for the first; to two services,
 * both create the resource, and both return the one that is stored first.
 */
public final class OnceByName<M extends Message> {
    private final Catalogue<M> catalogue;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    /**
     * @param catalogue storage of the resources
     */
    public OnceByName(Catalogue<M> catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * Returns the existing resource of this request, or creates it.
     *
     * @param name resource name, for errors
     * @param id id in the catalogue
     * @param request the request, without request id and validate_only
     * @param requestId the client's idempotency key, may be empty
     * @param creation creates the resource, which is then stored
     * @throws io.grpc.StatusRuntimeException ALREADY_EXISTS or INVALID_ARGUMENT
     */
    public M getOrCreate(String name, String id, Message request, String requestId, Supplier<M> creation) {
        ReentrantLock lock = locks.computeIfAbsent(id, key -> new ReentrantLock());
        lock.lock();
        try {
            Optional<M> present = find(name, id, request, requestId);
            if (present.isPresent()) {
                return present.get();
            }
            M created = creation.get();
            return catalogue.add(id, new Entry<>(fingerprint(request), requestId, created))
                    ? created
                    : find(name, id, request, requestId)
                            .orElseThrow(() -> Errors.aborted(
                                    "CONCURRENT_DELETION",
                                    name + " was created and deleted meanwhile; repeat the request"));
        } finally {
            lock.unlock();
        }
    }

    /** Returns the resource that an equal request created, if any; for the errors see {@link #getOrCreate}. */
    public Optional<M> find(String name, String id, Message request, String requestId) {
        String fingerprint = fingerprint(request);
        Optional<Entry<M>> present = catalogue.find(id);
        if (present.isPresent()) {
            if (present.get().fingerprint().equals(fingerprint)) {
                return Optional.of(present.get().resource());
            }
            throw Errors.alreadyExists(name, "it was made by another request; choose another name");
        }
        if (catalogue.hasRequest(requestId)) {
            throw Errors.invalidArgument("request_id", "was used for another request; make a new one");
        }
        return Optional.empty();
    }

    /**
     * Deletes a resource. A concurrent request for its name runs before or after.
     *
     * @param name resource name, for errors
     * @param release called before the deletion; an exception keeps the resource
     * @throws io.grpc.StatusRuntimeException NOT_FOUND if it does not exist
     */
    public void delete(String name, String id, Consumer<M> release) {
        ReentrantLock lock = locks.computeIfAbsent(id, key -> new ReentrantLock());
        lock.lock();
        try {
            if (!catalogue.remove(id, release)) {
                throw Errors.notFound(name, "it may have been deleted already");
            }
        } finally {
            lock.unlock();
        }
    }

    private static String fingerprint(Message request) {
        return Digest.of(request.toByteArray()).value();
    }
}
