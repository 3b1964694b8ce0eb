package io.rootstock.service.web;

import com.google.protobuf.Message;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.rootstock.service.web.ForwardedServices.RpcTarget;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The RPCs that can be called over HTTP: those of this process, then those that it forwards. */
@ApplicationScoped
class RpcDirectory {
    private final Map<String, Procedure> procedures = new HashMap<>();

    /** Required by the CDI client proxy. */
    RpcDirectory() {}

    @Inject
    RpcDirectory(LocalCalls local, @Any Instance<ForwardedServices> forwarded) {
        this(
                Stream.concat(
                                local.services().stream().map(service -> new RpcTarget(service, local.channel())),
                                forwarded.stream().flatMap(services -> services.targets().stream()))
                        .toList(),
                local.channel());
    }

    /**
     * @param targets the first one with a method has its calls
     * @param inProcess channel to this process
     */
    RpcDirectory(List<RpcTarget> targets, Channel inProcess) {
        for (RpcTarget target : targets) {
            boolean local = target.channel() == inProcess;
            for (MethodDescriptor<?, ?> method : target.service().getMethods()) {
                procedures.putIfAbsent(
                        method.getFullMethodName(), new Procedure(ofMessages(method), target.channel(), local));
            }
        }
    }

    /**
     * An RPC.
     *
     * @param method its messages are of protobuf
     * @param channel reaches its service
     * @param local whether its service is in this process
     */
    record Procedure(MethodDescriptor<Message, Message> method, Channel channel, boolean local) {
        /** Whether a request is one message: browsers cannot stream requests. */
        boolean takesOneMessage() {
            return method.getType().clientSendsOneMessage();
        }

        boolean streams() {
            return !method.getType().serverSendsOneMessage();
        }

        /** Returns an empty request. */
        Message prototype() {
            return (Message)
                    ((MethodDescriptor.PrototypeMarshaller<?>) method.getRequestMarshaller()).getMessagePrototype();
        }
    }

    /** @param name {@code package.Service/Method} */
    Optional<Procedure> find(String name) {
        return Optional.ofNullable(procedures.get(name));
    }

    @SuppressWarnings("unchecked") // all contracts are of protobuf, whose generated classes are messages
    private static MethodDescriptor<Message, Message> ofMessages(MethodDescriptor<?, ?> method) {
        return (MethodDescriptor<Message, Message>) method;
    }
}
