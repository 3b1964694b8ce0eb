package io.rootstock.bench.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.rootstock.access.v1.Role;
import io.rootstock.bench.security.Rpcs;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import io.rootstock.client.TokenCredentials;
import io.rootstock.registry.v1.CreateAccessTokenRequest;
import io.rootstock.registry.v1.CreatePrincipalRequest;
import io.rootstock.registry.v1.Grant;
import io.rootstock.registry.v1.IdentityServiceGrpc;
import io.rootstock.registry.v1.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every RPC of the services, called by every role: compared with {@code roles.txt}. */
@Timeout(300)
@Tag("matrix")
class RolesIT {
    private static final String INSTALLATION_TOKEN = "the-token-of-the-installation";
    private static final String NO_TOKEN = "without a token";
    /** Streams that wait for events are permitted if they are still open then. */
    private static final int WAIT_SECONDS = 1;

    @TempDir
    Path folder;

    @Test
    void everyRpcAdmitsTheRolesOfTheTableOnly() throws IOException {
        Path root = ProjectRoot.find();
        for (Service service : Service.values()) {
            assumeThat(service.jar(root)).exists();
        }
        Path tokenFile = Files.writeString(folder.resolve("token"), INSTALLATION_TOKEN);
        Installation installation = new Installation(
                folder.resolve("home"),
                root,
                OptionalInt.of(0),
                Map.of("rootstock.auth.token-file", tokenFile.toString()));
        installation.start();
        Map<Service, ManagedChannel> channels = new EnumMap<>(Service.class);
        try {
            Endpoints.local(installation)
                    .addresses()
                    .forEach((service, address) -> channels.put(
                            service,
                            NettyChannelBuilder.forTarget(address)
                                    .usePlaintext()
                                    .build()));
            compare(channels, callers(channels.get(Service.REGISTRY)));
        } finally {
            channels.values().forEach(ManagedChannel::shutdownNow);
            installation.stop();
        }
    }

    private static void compare(Map<Service, ManagedChannel> channels, Map<String, String> callers) {
        Map<String, String> table = Rpcs.roles();
        Map<String, String> unseen = new TreeMap<>(table);
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<Service, ManagedChannel> channel : channels.entrySet()) {
            for (ServiceDescriptor service : Rpcs.services(channel.getKey())) {
                for (MethodDescriptor<?, ?> method : service.getMethods()) {
                    String rpc = Rpcs.name(method);
                    unseen.remove(rpc);
                    callers.forEach((caller, token) -> {
                        Status status = call(channel.getValue(), method, token);
                        if (status.getCode() != expected(table.getOrDefault(rpc, "missing"), caller)
                                && !(isPermitted(status) && expected(table.get(rpc), caller) == Status.Code.OK)) {
                            wrong.add(channel.getKey() + " " + rpc + " by " + caller + ": " + status);
                        }
                    });
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(unseen).as("rows of roles.txt without an RPC").isEmpty();
    }

    /** Returns the status that a call must have; OK stands for every status of the method itself. */
    private static Status.Code expected(String role, String caller) {
        if (caller.equals(NO_TOKEN)) {
            return Status.Code.UNAUTHENTICATED;
        }
        boolean admitted = role.equals("any") || role.equals("viewer") || role.equals(caller) || caller.equals("admin");
        return admitted ? Status.Code.OK : Status.Code.PERMISSION_DENIED;
    }

    private static boolean isPermitted(Status status) {
        return status.getCode() != Status.Code.UNAUTHENTICATED
                && status.getCode() != Status.Code.PERMISSION_DENIED
                && status.getCode() != Status.Code.UNIMPLEMENTED;
    }

    /** A user of each role with its token, and calls without a token. */
    private static Map<String, String> callers(ManagedChannel registry) {
        var admin = IdentityServiceGrpc.newBlockingStub(registry)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers(INSTALLATION_TOKEN)));
        Map<String, String> callers = new LinkedHashMap<>();
        callers.put(NO_TOKEN, "");
        for (Role role : List.of(Role.ROLE_VIEWER, Role.ROLE_TRAINER, Role.ROLE_PROMOTER, Role.ROLE_ADMIN)) {
            String name = role.name().substring("ROLE_".length()).toLowerCase(java.util.Locale.ROOT);
            admin.createPrincipal(CreatePrincipalRequest.newBuilder()
                    .setPrincipal(Principal.newBuilder()
                            .setName("users/" + name)
                            .addGrants(Grant.newBuilder().setRole(role)))
                    .build());
            callers.put(
                    name,
                    admin.createAccessToken(CreateAccessTokenRequest.newBuilder()
                                    .setPrincipal("users/" + name)
                                    .build())
                            .getSecret());
        }
        return callers;
    }

    /** Sends an empty request and returns the status; OK if an answer comes first, or none comes. */
    private static <Q, R> Status call(ManagedChannel channel, MethodDescriptor<Q, R> method, String token) {
        CompletableFuture<Status> result = new CompletableFuture<>();
        ClientCall<Q, R> call = channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS));
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(R message) {
                        result.complete(Status.OK);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        result.complete(status);
                    }
                },
                headers(token));
        call.request(1);
        MethodDescriptor.PrototypeMarshaller<Q> requests =
                (MethodDescriptor.PrototypeMarshaller<Q>) method.getRequestMarshaller();
        call.sendMessage(requests.getMessagePrototype());
        call.halfClose();
        boolean waits = method.getBareMethodName().startsWith("Watch");
        Status status = result.completeOnTimeout(
                        Status.OK.withDescription("no answer"), waits ? WAIT_SECONDS : 60, TimeUnit.SECONDS)
                .join();
        call.cancel("done", null);
        return status;
    }

    private static Metadata headers(String token) {
        Metadata headers = new Metadata();
        if (!token.isEmpty()) {
            headers.put(TokenCredentials.AUTHORIZATION, TokenCredentials.SCHEME + token);
        }
        return headers;
    }
}
