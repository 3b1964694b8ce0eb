package io.rootstock.service.web;

import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.quarkus.grpc.runtime.ServerInterceptorStorage;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Calls of the gRPC services of this process by gRPC's in-process transport, with the interceptors of the gRPC server, and
 * with its flow control, cancellation and deadlines. Each call has a virtual thread. Starts at the first call.
 */
@ApplicationScoped
class LocalCalls {
    /** Quarkus' interceptors tie a call to a Vert.x context, which in-process calls do not have. */
    private static final String TIED_TO_VERTX = "io.quarkus.grpc.";

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("web-call-", 0).factory());
    private final List<ServiceDescriptor> services;
    private final Server server;
    private final ManagedChannel channel;

    /** Required by the CDI client proxy. */
    LocalCalls() {
        services = List.of();
        server = null;
        channel = null;
    }

    @Inject
    LocalCalls(@Any Instance<BindableService> services, Instance<ServerInterceptorStorage> interceptors) {
        this(
                services.stream().toList(),
                interceptors.stream().flatMap(LocalCalls::beans).toList());
    }

    LocalCalls(List<BindableService> services, List<ServerInterceptor> interceptors) {
        String name = InProcessServerBuilder.generateName();
        List<ServerInterceptor> outermostFirst = new ArrayList<>(interceptors);
        outermostFirst.sort(Comparator.comparingInt(LocalCalls::priority).reversed());
        outermostFirst.addFirst(new WebPeer.AsTransport());
        InProcessServerBuilder builder = InProcessServerBuilder.forName(name).executor(threads);
        List<ServiceDescriptor> descriptors = new ArrayList<>();
        for (BindableService service : services) {
            ServerServiceDefinition definition = service.bindService();
            descriptors.add(definition.getServiceDescriptor());
            builder.addService(ServerInterceptors.interceptForward(definition, outermostFirst));
        }
        this.services = List.copyOf(descriptors);
        try {
            server = builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException("the in-process gRPC server did not start", e);
        }
        channel = InProcessChannelBuilder.forName(name)
                .executor(threads)
                .disableRetry()
                .build();
    }

    /** The services that {@link #channel} reaches. */
    List<ServiceDescriptor> services() {
        return services;
    }

    Channel channel() {
        return channel;
    }

    private static Stream<ServerInterceptor> beans(ServerInterceptorStorage storage) {
        return storage.getGlobalInterceptors().stream()
                .filter(type -> !type.getName().startsWith(TIED_TO_VERTX))
                .map(type -> (ServerInterceptor)
                        CDI.current().select(type, Any.Literal.INSTANCE).get());
    }

    private static int priority(ServerInterceptor interceptor) {
        return interceptor instanceof Prioritized prioritized ? prioritized.getPriority() : 0;
    }

    @PreDestroy
    void close() {
        channel.shutdownNow();
        server.shutdownNow();
        threads.shutdownNow();
    }
}
