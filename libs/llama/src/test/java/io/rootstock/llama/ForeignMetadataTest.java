package io.rootstock.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Parses the metadata of the built library for a native image: every call is present with its linked signature. */
class ForeignMetadataTest {
    private static final String FILE = "/META-INF/native-image/io.rootstock/rootstock-llama/reachability-metadata.json";
    private static final Pattern CALL =
            Pattern.compile("\\{\"returnType\": \"([^\"]*)\", \"parameterTypes\": \\[([^\\]]*)\\]\\}");
    private static final Pattern UPCALL = Pattern.compile("\\{\"class\": \"([^\"]*)\", \"method\": \"([^\"]*)\", "
            + "\"returnType\": \"([^\"]*)\", \"parameterTypes\": \\[([^\\]]*)\\]\\}");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

    private static String metadata;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream file = ForeignMetadataTest.class.getResourceAsStream(FILE)) {
            metadata = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource(Function.class)
    void everyFunctionCanBeCalledInANativeImage(Function function) {
        List<FunctionDescriptor> shapes = new ArrayList<>();
        Matcher calls = CALL.matcher(metadata);
        while (calls.find()) {
            shapes.add(shape(calls.group(1), calls.group(2)));
        }
        assertThat(shapes).doesNotHaveDuplicates().contains(nameless(function.shape()));
    }

    @ParameterizedTest
    @EnumSource(Callback.class)
    void everyCallbackCanBeEnteredInANativeImage(Callback callback) throws NoSuchMethodException {
        Method method = callback.holder()
                .getDeclaredMethod(
                        callback.method(), callback.shape().toMethodType().parameterArray());
        assertThat(Modifier.isStatic(method.getModifiers())).isTrue();
        Matcher upcalls = UPCALL.matcher(metadata);
        List<String> found = new ArrayList<>();
        while (upcalls.find()) {
            found.add(upcalls.group(1) + "." + upcalls.group(2) + shape(upcalls.group(3), upcalls.group(4)));
        }
        assertThat(found).contains(callback.holder().getName() + "." + callback.method() + nameless(callback.shape()));
        assertThat(metadata)
                .contains("{\"type\": \"" + callback.holder().getName() + "\", \"methods\": [{\"name\": \""
                        + callback.method());
    }

    @Test
    void theBuildWroteWhatTheRegistriesSay() {
        assertThat(metadata).isEqualTo(ForeignMetadata.json());
    }

    private static FunctionDescriptor shape(String result, String parameters) {
        MemoryLayout[] arguments = QUOTED.matcher(parameters)
                .results()
                .map(parameter -> new Notation(parameter.group(1)).layout())
                .toArray(MemoryLayout[]::new);
        return result.equals("void")
                ? FunctionDescriptor.ofVoid(arguments)
                : FunctionDescriptor.of(new Notation(result).layout(), arguments);
    }

    private static FunctionDescriptor nameless(FunctionDescriptor shape) {
        MemoryLayout[] arguments =
                shape.argumentLayouts().stream().map(Notation::nameless).toArray(MemoryLayout[]::new);
        return shape.returnLayout()
                .map(result -> FunctionDescriptor.of(Notation.nameless(result), arguments))
                .orElseGet(() -> FunctionDescriptor.ofVoid(arguments));
    }

    /** Parses GraalVM's notation of layouts by its published grammar and the linker's canonical layouts. */
    private static final class Notation {
        private static final Map<String, MemoryLayout> CANONICAL =
                Linker.nativeLinker().canonicalLayouts();

        private final String text;
        private int at;

        Notation(String text) {
            this.text = text.replace(" ", "");
        }

        MemoryLayout layout() {
            MemoryLayout layout = next();
            assertThat(at).as(text).isEqualTo(text.length());
            return nameless(layout);
        }

        private MemoryLayout next() {
            int start = at;
            while (at < text.length() && "(,)".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            String word = text.substring(start, at);
            return switch (word) {
                case "struct" -> MemoryLayout.structLayout(members());
                case "union" -> MemoryLayout.unionLayout(members());
                case "padding" -> MemoryLayout.paddingLayout(number(')'));
                case "sequence" -> {
                    long count = number(',');
                    MemoryLayout element = next();
                    at++;
                    yield MemoryLayout.sequenceLayout(count, element);
                }
                default -> {
                    assertThat(CANONICAL).as(text).containsKey(word);
                    yield CANONICAL.get(word);
                }
            };
        }

        private MemoryLayout[] members() {
            List<MemoryLayout> members = new ArrayList<>();
            do {
                at++;
                members.add(next());
            } while (text.charAt(at) == ',');
            at++;
            return members.toArray(MemoryLayout[]::new);
        }

        private long number(char end) {
            int start = at + 1;
            at = text.indexOf(end, start) + 1;
            return Long.parseLong(text.substring(start, at - 1));
        }

        /** Returns the layout without its members' names, which are not part of the signature. */
        static MemoryLayout nameless(MemoryLayout layout) {
            MemoryLayout plain = switch (layout) {
                case java.lang.foreign.StructLayout struct ->
                    MemoryLayout.structLayout(struct.memberLayouts().stream()
                            .map(Notation::nameless)
                            .toArray(MemoryLayout[]::new));
                case java.lang.foreign.UnionLayout union ->
                    MemoryLayout.unionLayout(union.memberLayouts().stream()
                            .map(Notation::nameless)
                            .toArray(MemoryLayout[]::new));
                case java.lang.foreign.SequenceLayout sequence ->
                    MemoryLayout.sequenceLayout(sequence.elementCount(), nameless(sequence.elementLayout()));
                case java.lang.foreign.AddressLayout _ -> java.lang.foreign.ValueLayout.ADDRESS;
                default -> layout;
            };
            return plain.withoutName();
        }
    }
}
