package io.rootstock.service;

import io.grpc.BindableService;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Optional;

/** Reports whether a service and its parts accept requests, for {@link HealthGrpcService}. */
public interface ServiceHealth {
    /**
     * Whether this name accepts requests; empty if it is unknown.
     *
     * @param name a gRPC service, or the empty string for the whole process
     */
    Optional<Boolean> of(String name);

    /** Whether this name accepts requests also while the service stops. */
    default boolean isLive(String name) {
        return false;
    }

    /** All gRPC services of the process accept requests as long as it runs. */
    @DefaultBean
    @ApplicationScoped
    class RunningServices implements ServiceHealth {
        private final Instance<BindableService> services;

        @Inject
        RunningServices(@Any Instance<BindableService> services) {
            this.services = services;
        }

        @Override
        public Optional<Boolean> of(String name) {
            boolean known = name.isEmpty()
                    || services.stream()
                            .anyMatch(service -> service.bindService()
                                    .getServiceDescriptor()
                                    .getName()
                                    .equals(name));
            return known ? Optional.of(true) : Optional.empty();
        }
    }
}
