package io.rootstock.bench.reference;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import com.google.protobuf.ExtensionRegistry;
import io.grpc.MethodDescriptor;
import io.rootstock.access.v1.Access;
import io.rootstock.access.v1.AccessProto;
import io.rootstock.access.v1.ResourceField;
import io.rootstock.access.v1.Role;
import io.rootstock.cli.display.Labels;
import io.rootstock.inference.openinference.GRPCInferenceServiceGrpc;
import io.rootstock.service.access.MethodAccess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code rpcs.md}: services, methods, messages and enums with their comments, from protoc's descriptor set. */
final class RpcReference {
    private static final String DESCRIPTORS =
            "proto/target/generated-resources/protobuf/descriptor-sets/contracts.protobin";

    /** Methods whose contract is another project's, without the option. */
    private final Map<String, MethodDescriptor<?, ?>> others =
            GRPCInferenceServiceGrpc.getServiceDescriptor().getMethods().stream()
                    .collect(Collectors.toMap(MethodDescriptor::getFullMethodName, method -> method));

    private final Set<String> types = new HashSet<>();
    private final StringBuilder page = new StringBuilder();

    private RpcReference() {}

    static String page(Path root) throws IOException {
        Path descriptors = root.resolve(DESCRIPTORS);
        if (!Files.exists(descriptors)) {
            throw new IOException(descriptors + " not found; build it with: mvn -pl proto compile");
        }
        List<FileDescriptorProto> files = new ArrayList<>();
        try (InputStream in = Files.newInputStream(descriptors)) {
            ExtensionRegistry options = ExtensionRegistry.newInstance();
            AccessProto.registerAllExtensions(options);
            files.addAll(FileDescriptorSet.parseFrom(in, options).getFileList());
        }
        files.sort(Comparator.comparing(FileDescriptorProto::getPackage).thenComparing(FileDescriptorProto::getName));
        RpcReference reference = new RpcReference();
        files.forEach(reference::collectTypes);
        reference.page.append("# RPCs\n\n");
        reference.page.append(
                "Every gRPC service with its messages. Field numbers are the wire format's. Access is the role that a"
                        + " caller needs ([users and roles](../guides/users-and-roles.md)): for the resources that the named fields"
                        + " name, otherwise for any resource.\n\n");
        reference.addContents(files);
        files.forEach(file -> reference.new FilePages(file).add());
        return reference.page.toString().stripTrailing() + "\n";
    }

    private void collectTypes(FileDescriptorProto file) {
        String prefix = "." + file.getPackage() + ".";
        file.getEnumTypeList().forEach(type -> types.add(prefix + type.getName()));
        file.getMessageTypeList().forEach(type -> collectTypes(prefix, type));
    }

    private void collectTypes(String prefix, DescriptorProto message) {
        String name = prefix + message.getName();
        types.add(name);
        message.getNestedTypeList().forEach(nested -> collectTypes(name + ".", nested));
        message.getEnumTypeList().forEach(nested -> types.add(name + "." + nested.getName()));
    }

    private void addContents(List<FileDescriptorProto> files) {
        for (FileDescriptorProto file : files) {
            for (ServiceDescriptorProto service : file.getServiceList()) {
                String name = file.getPackage() + "." + service.getName();
                page.append("- [")
                        .append(name)
                        .append("](")
                        .append(anchor(name))
                        .append(")\n");
            }
        }
        page.append('\n');
    }

    /** GitHub's anchor of a heading that is a qualified name. */
    private static String anchor(String name) {
        return "#" + name.replace(".", "").toLowerCase(Locale.ROOT);
    }

    /** The sections of one file. Paths are those of descriptor.proto's SourceCodeInfo. */
    private final class FilePages {
        private final FileDescriptorProto file;
        private final Map<List<Integer>, String> comments = new HashMap<>();

        FilePages(FileDescriptorProto file) {
            this.file = file;
            for (Location location : file.getSourceCodeInfo().getLocationList()) {
                if (location.hasLeadingComments()) {
                    comments.put(
                            List.copyOf(location.getPathList()),
                            location.getLeadingComments()
                                    .replaceAll("\\s+", " ")
                                    .strip());
                }
            }
        }

        void add() {
            page.append("## ").append(file.getName()).append("\n\n");
            addComment(List.of(FileDescriptorProto.PACKAGE_FIELD_NUMBER));
            for (int i = 0; i < file.getServiceCount(); i++) {
                addService(file.getService(i), List.of(FileDescriptorProto.SERVICE_FIELD_NUMBER, i));
            }
            for (int i = 0; i < file.getMessageTypeCount(); i++) {
                addMessage(
                        file.getPackage(),
                        file.getMessageType(i),
                        List.of(FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER, i));
            }
            for (int i = 0; i < file.getEnumTypeCount(); i++) {
                addEnum(file.getPackage(), file.getEnumType(i), List.of(FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER, i));
            }
        }

        private void addService(ServiceDescriptorProto service, List<Integer> path) {
            addHeading(file.getPackage() + "." + service.getName(), path);
            List<List<String>> rows = new ArrayList<>();
            for (int i = 0; i < service.getMethodCount(); i++) {
                MethodDescriptorProto method = service.getMethod(i);
                rows.add(List.of(
                        Markdown.code(method.getName()),
                        (method.getClientStreaming() ? "stream " : "") + type(method.getInputType()),
                        (method.getServerStreaming() ? "stream " : "") + type(method.getOutputType()),
                        access(service, method),
                        comment(path, ServiceDescriptorProto.METHOD_FIELD_NUMBER, i)));
            }
            page.append(Markdown.table(List.of("RPC", "Request", "Response", "Access", "Description"), rows));
        }

        /** Such as {@code trainer: `name`, viewer: `tokenizer`}. */
        private String access(ServiceDescriptorProto service, MethodDescriptorProto method) {
            Access access = method.getOptions().hasExtension(AccessProto.access)
                    ? method.getOptions().getExtension(AccessProto.access)
                    : MethodAccess.of(others.get(file.getPackage() + "." + service.getName() + "/" + method.getName()))
                            .access();
            if (access.getAnyCaller()) {
                return "any caller";
            }
            Map<Role, List<String>> fields = new LinkedHashMap<>();
            for (ResourceField field : access.getResourcesList()) {
                Role role = field.getRole() == Role.ROLE_UNSPECIFIED ? access.getRole() : field.getRole();
                fields.computeIfAbsent(role, _ -> new ArrayList<>()).add(Markdown.code(field.getField()));
            }
            return fields.isEmpty()
                    ? Labels.of(access.getRole())
                    : fields.entrySet().stream()
                            .map(entry -> Labels.of(entry.getKey()) + ": " + String.join(", ", entry.getValue()))
                            .collect(Collectors.joining("; "));
        }

        private void addMessage(String scope, DescriptorProto message, List<Integer> path) {
            String name = scope + "." + message.getName();
            addHeading(name, path);
            List<List<String>> rows = new ArrayList<>();
            for (int i = 0; i < message.getFieldCount(); i++) {
                FieldDescriptorProto field = message.getField(i);
                rows.add(List.of(
                        Integer.toString(field.getNumber()),
                        Markdown.code(field.getName()),
                        type(message, field),
                        Stream.of(oneof(message, field), comment(path, DescriptorProto.FIELD_FIELD_NUMBER, i))
                                .filter(text -> !text.isEmpty())
                                .collect(Collectors.joining(" "))));
            }
            page.append(
                    rows.isEmpty()
                            ? "No fields.\n\n"
                            : Markdown.table(List.of("Number", "Field", "Type", "Description"), rows));
            for (int i = 0; i < message.getNestedTypeCount(); i++) {
                if (!message.getNestedType(i).getOptions().getMapEntry()) {
                    addMessage(
                            name, message.getNestedType(i), below(path, DescriptorProto.NESTED_TYPE_FIELD_NUMBER, i));
                }
            }
            for (int i = 0; i < message.getEnumTypeCount(); i++) {
                addEnum(name, message.getEnumType(i), below(path, DescriptorProto.ENUM_TYPE_FIELD_NUMBER, i));
            }
        }

        private void addEnum(String scope, EnumDescriptorProto type, List<Integer> path) {
            addHeading(scope + "." + type.getName(), path);
            List<List<String>> rows = new ArrayList<>();
            for (int i = 0; i < type.getValueCount(); i++) {
                rows.add(List.of(
                        Integer.toString(type.getValue(i).getNumber()),
                        Markdown.code(type.getValue(i).getName()),
                        comment(path, EnumDescriptorProto.VALUE_FIELD_NUMBER, i)));
            }
            page.append(Markdown.table(List.of("Number", "Value", "Description"), rows));
        }

        private void addHeading(String name, List<Integer> path) {
            page.append("### ").append(name).append("\n\n");
            addComment(path);
        }

        private void addComment(List<Integer> path) {
            String comment = comments.get(path);
            if (comment != null) {
                page.append(Markdown.text(comment)).append("\n\n");
            }
        }

        private String comment(List<Integer> parent, int field, int index) {
            return Markdown.text(comments.getOrDefault(below(parent, field, index), ""));
        }
    }

    private static List<Integer> below(List<Integer> path, int field, int index) {
        return Stream.concat(path.stream(), Stream.of(field, index)).toList();
    }

    private static String oneof(DescriptorProto message, FieldDescriptorProto field) {
        return field.hasOneofIndex() && !field.getProto3Optional()
                ? "Oneof `" + message.getOneofDecl(field.getOneofIndex()).getName() + "`."
                : "";
    }

    private String type(DescriptorProto message, FieldDescriptorProto field) {
        for (DescriptorProto nested : message.getNestedTypeList()) {
            if (nested.getOptions().getMapEntry() && field.getTypeName().endsWith("." + nested.getName())) {
                return "map of " + type(nested.getField(0)) + " to " + type(nested.getField(1));
            }
        }
        if (field.getLabel() == FieldDescriptorProto.Label.LABEL_REPEATED) {
            return "repeated " + type(field);
        }
        return (field.getProto3Optional() ? "optional " : "") + type(field);
    }

    private String type(FieldDescriptorProto field) {
        return field.getTypeName().isEmpty()
                ? field.getType().name().replace("TYPE_", "").toLowerCase(Locale.ROOT)
                : type(field.getTypeName());
    }

    private String type(String name) {
        String simple = name.substring(name.lastIndexOf('.') + 1);
        return types.contains(name) ? "[" + simple + "](" + anchor(name) + ")" : Markdown.code(name.substring(1));
    }
}
