package io.rootstock.service.access;

import com.google.protobuf.Message;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GlobalInterceptor;
import io.rootstock.access.v1.Role;
import io.rootstock.client.TokenCredentials;
import io.rootstock.service.StrayExceptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Refuses calls whose caller lacks the role that the method needs for the resources of the request, with
 * PERMISSION_DENIED, records calls with side effects in the audit log, and gives the method its caller. Runs on the thread
 * of the method.
 */
@GlobalInterceptor
@ApplicationScoped
public class AuthorizationInterceptor implements ServerInterceptor, Prioritized {
    /** Outside of the interceptor that converts exceptions, so that the log has the status that the caller receives. */
    private static final int PRIORITY = 1000;

    private static final String HEALTH = "grpc.health.v1.Health";

    private final ResourceScopes scopes;
    private final AuditLog log;
    private final ConcurrentMap<String, MethodAccess> methods = new ConcurrentHashMap<>();

    /** Required by the CDI client proxy. */
    AuthorizationInterceptor() {
        scopes = null;
        log = null;
    }

    /** Creates the interceptor. */
    @Inject
    public AuthorizationInterceptor(ResourceScopes scopes, AuditLog log) {
        this.scopes = scopes;
        this.log = log;
    }

    @Override
    public int getPriority() {
        return PRIORITY;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        MethodDescriptor<Q, R> method = call.getMethodDescriptor();
        if (HEALTH.equals(method.getServiceName())) {
            return next.startCall(call, headers);
        }
        MethodAccess access = methods.computeIfAbsent(method.getFullMethodName(), _ -> MethodAccess.of(method));
        Caller caller = AuthenticatedCall.of(call).caller();
        Context context = CallerToken.in(caller.in(Context.current()), headers.get(TokenCredentials.AUTHORIZATION));
        if (!access.audited()) {
            return new CheckingListener<>(Contexts.interceptCall(context, call, headers, next), call, access, caller);
        }
        AuditedCall<Q, R> audited = new AuditedCall<>(call, headers, caller, log, scopes);
        return new CheckingListener<>(Contexts.interceptCall(context, audited, headers, next), audited, access, caller);
    }

    private final class CheckingListener<Q> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, ?> call;
        private final MethodAccess access;
        private final Caller caller;
        private boolean refused;

        CheckingListener(ServerCall.Listener<Q> delegate, ServerCall<Q, ?> call, MethodAccess access, Caller caller) {
            super(delegate);
            this.call = call;
            this.access = access;
            this.caller = caller;
        }

        @Override
        public void onMessage(Q message) {
            if (refused) {
                return;
            }
            try {
                List<MethodAccess.Named> resources = access.resources((Message) message);
                if (call instanceof AuditedCall<?, ?> audited) {
                    audited.begin((Message) message, resources);
                }
                require(caller, access, resources);
            } catch (RuntimeException e) {
                refused = true;
                StatusRuntimeException refusal = StrayExceptions.toStatus(e);
                call.close(refusal.getStatus(), refusal.getTrailers() == null ? new Metadata() : refusal.getTrailers());
                return;
            }
            super.onMessage(message);
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                super.onHalfClose();
            }
        }

        @Override
        public void onComplete() {
            if (call instanceof AuditedCall<?, ?> audited) {
                AuthenticatedCall.of(call).refused().ifPresent(status -> audited.end(status.getCode()));
            }
            super.onComplete();
        }

        @Override
        public void onCancel() {
            if (call instanceof AuditedCall<?, ?> audited) {
                audited.end(Status.Code.CANCELLED);
            }
            super.onCancel();
        }
    }

    /** For methods without resources. Those of admins are about all resources, so that one prefix is not enough. */
    private static boolean hasInGeneral(Caller caller, Role role) {
        return role == Role.ROLE_ADMIN ? caller.hasEverywhere(role) : caller.has(role);
    }

    private void require(Caller caller, MethodAccess access, List<MethodAccess.Named> resources) {
        if (access.access().getAnyCaller()) {
            return;
        }
        Role role = access.access().getRole();
        if (role == Role.ROLE_UNSPECIFIED || (resources.isEmpty() && !hasInGeneral(caller, role))) {
            throw caller.denied(role, "");
        }
        for (MethodAccess.Named named : resources) {
            if (caller.hasEverywhere(named.role())) {
                continue;
            }
            // A resource that does not exist is refused like one of others, so that names cannot be probed.
            if (scopes.scope(named.resource())
                    .filter(scope -> caller.has(named.role(), scope))
                    .isEmpty()) {
                throw caller.denied(named.role(), named.resource());
            }
        }
    }
}
