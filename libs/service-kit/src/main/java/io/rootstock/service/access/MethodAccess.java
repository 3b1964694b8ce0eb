package io.rootstock.service.access;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.rootstock.access.v1.Access;
import io.rootstock.access.v1.AccessProto;
import io.rootstock.access.v1.ResourceField;
import io.rootstock.access.v1.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The access that a method needs: its option {@code rootstock.access.v1.access}.
 *
 * @param access the option; role unspecified: the method is refused
 * @param writes whether the method has side effects
 */
public record MethodAccess(Access access, boolean writes) {
    private static final Access ANY_CALLER =
            Access.newBuilder().setAnyCaller(true).build();
    private static final Access VIEWERS =
            Access.newBuilder().setRole(Role.ROLE_VIEWER).build();
    private static final Pattern DOT = Pattern.compile("\\.");

    /** Whether the audit log records the method: what viewers and all callers may do changes nothing. */
    boolean audited() {
        return writes && !access.getNotAudited() && !access.getAnyCaller() && access.getRole() != Role.ROLE_VIEWER;
    }

    /** A resource in a request, and the role that it needs. */
    public record Named(String resource, Role role) {}

    /** Returns the access of a method; contracts of others, which have no such option, are listed here. */
    public static MethodAccess of(io.grpc.MethodDescriptor<?, ?> method) {
        boolean writes = !method.isSafe();
        String service = method.getServiceName() == null ? "" : method.getServiceName();
        return switch (service) {
            case "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection" ->
                new MethodAccess(ANY_CALLER, false);
            case "inference.GRPCInferenceService" -> new MethodAccess(VIEWERS, false);
            default ->
                method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema
                        ? new MethodAccess(of(schema.getMethodDescriptor()), writes)
                        : new MethodAccess(Access.getDefaultInstance(), writes);
        };
    }

    private static Access of(MethodDescriptor method) {
        return method.getOptions().getExtension(AccessProto.access);
    }

    /** Returns the resources that a request names. */
    public List<Named> resources(Message request) {
        List<Named> named = new ArrayList<>(access.getResourcesCount());
        for (ResourceField field : access.getResourcesList()) {
            Role role = field.getRole() == Role.ROLE_UNSPECIFIED ? access.getRole() : field.getRole();
            texts(request, List.of(DOT.split(field.getField(), -1)))
                    .filter(resource -> !resource.isEmpty())
                    .forEach(resource -> named.add(new Named(resource, role)));
        }
        return named;
    }

    /** Returns the texts at a path, one for each element of repeated fields on the way. */
    private static Stream<String> texts(Message message, List<String> path) {
        FieldDescriptor field = message.getDescriptorForType().findFieldByName(path.getFirst());
        Object value = message.getField(field);
        List<?> values = value instanceof List<?> elements ? elements : List.of(value);
        return values.stream()
                .flatMap(each -> each instanceof Message inner
                        ? texts(inner, path.subList(1, path.size()))
                        : Stream.of((String) each));
    }
}
