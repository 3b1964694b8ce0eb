package io.rootstock.service.access;

import com.google.protobuf.Message;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Knowledge of a service about its resources, for authorization and the audit log. Its methods may block. */
public interface ResourceScopes {
    /**
     * Returns the resource that decides who may act on another one: a job's model, a file's owner. Empty if the resource
     * does not exist; the resource itself by default.
     */
    default Optional<String> scope(String resource) {
        return Optional.of(resource);
    }

    /** Returns the state of a resource for the audit log; empty if it does not exist or has none. */
    default Optional<Message> state(String resource) {
        return Optional.empty();
    }

    /** The resources of a service whose names alone decide who may act on them. */
    @ApplicationScoped
    @DefaultBean
    class NoScopes implements ResourceScopes {}
}
