package io.rootstock.llama;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.UnionLayout;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Writes the metadata that GraalVM needs to compile the calls of {@link Function} and {@link Callback} into a native
 * image: {@code reachability-metadata.json}, which the build puts beside the classes. Generating it ensures that every
 * call of the binding works in the image.
 */
final class ForeignMetadata {
    private ForeignMetadata() {}

    /**
     * Runs as a step of the build.
     *
     * @param arguments output file
     */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        Files.createDirectories(file.toAbsolutePath().getParent());
        String json = json();
        // A file with a new time would have all modules that depend on this one compiled again.
        if (!Files.exists(file) || !Files.readString(file).equals(json)) {
            Files.writeString(file, json);
        }
    }

    /** Returns the complete file; functions with equal signatures share an entry. */
    static String json() {
        String downcalls = entries(Arrays.stream(Function.values()).map(function -> call(function.shape())));
        String upcalls = entries(Arrays.stream(Callback.values()).map(callback ->
                """
                        {"class": "%s", "method": "%s", %s}""".formatted(callback.holder().getName(), callback.method(), signature(callback.shape()))));
        // GraalVM also looks the methods up by name.
        String reflection = entries(Arrays.stream(Callback.values()).map(callback ->
                """
                        {"type": "%s", "methods": [{"name": "%s", "parameterTypes": [%s]}]}""".formatted(callback.holder().getName(), callback.method(), parameterClasses(callback.shape()))));
        return """
                {
                  "reflection": [
                %s
                  ],
                  "foreign": {
                    "downcalls": [
                %s
                    ],
                    "directUpcalls": [
                %s
                    ]
                  }
                }
                """.formatted(reflection, downcalls, upcalls);
    }

    /** Returns the entry of a called function. */
    static String call(FunctionDescriptor shape) {
        return "{" + signature(shape) + "}";
    }

    private static String signature(FunctionDescriptor shape) {
        return "\"returnType\": \"%s\", \"parameterTypes\": [%s]"
                .formatted(
                        shape.returnLayout().map(ForeignMetadata::notation).orElse("void"),
                        shape.argumentLayouts().stream()
                                .map(layout -> '"' + notation(layout) + '"')
                                .collect(joining(", ")));
    }

    /** Returns a layout in GraalVM's notation, without names: {@code struct(jint, padding(4), void*)}. */
    static String notation(MemoryLayout layout) {
        return switch (layout) {
            case AddressLayout _ -> "void*";
            case ValueLayout value -> "j" + value.carrier().getName();
            case PaddingLayout padding -> "padding(" + padding.byteSize() + ")";
            case SequenceLayout sequence ->
                "sequence(" + sequence.elementCount() + ", " + notation(sequence.elementLayout()) + ")";
            case StructLayout struct -> "struct(" + members(struct.memberLayouts().stream()) + ")";
            case UnionLayout union -> "union(" + members(union.memberLayouts().stream()) + ")";
        };
    }

    private static String members(Stream<MemoryLayout> members) {
        return members.map(ForeignMetadata::notation).collect(joining(", "));
    }

    private static String parameterClasses(FunctionDescriptor shape) {
        return shape.toMethodType().parameterList().stream()
                .map(type -> '"' + type.getName() + '"')
                .collect(joining(", "));
    }

    private static String entries(Stream<String> entries) {
        return entries.distinct().map(entry -> "      " + entry).collect(joining(",\n"));
    }
}
