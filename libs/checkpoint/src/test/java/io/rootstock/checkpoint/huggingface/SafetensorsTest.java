package io.rootstock.checkpoint.huggingface;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.NamedTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void theSameContentHasTheSameBytesWhateverTheOrderOfItsMetadata() throws IOException {
        NamedTensor tensor = NamedTensor.of("a", new float[] {1, 2}, 2);
        Map<String, String> forward = new LinkedHashMap<>();
        Map<String, String> backward = new LinkedHashMap<>();
        List<String> names = List.of("format", "labels", "maximum_tokens");
        names.forEach(name -> forward.put(name, name));
        names.reversed().forEach(name -> backward.put(name, name));
        Safetensors.write(folder.resolve("forward"), List.of(tensor), forward);
        Safetensors.write(folder.resolve("backward"), List.of(tensor), backward);
        assertThat(folder.resolve("forward")).hasSameBinaryContentAs(folder.resolve("backward"));
    }

    @Test
    void givesBackWhatWasWritten() throws IOException {
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(
                file,
                List.of(
                        NamedTensor.of("b", new float[] {1, -2, Float.MIN_VALUE, 4, 5, 6}, 2, 3),
                        NamedTensor.of("a", new float[] {7}, 1),
                        NamedTensor.of("scalar", new float[] {8}),
                        NamedTensor.of("none", new float[0], 0, 5)),
                Map.of("format", "pt"));

        try (Safetensors tensors = Safetensors.open(file)) {
            assertThat(tensors.names()).containsExactly("b", "a", "scalar", "none");
            assertThat(tensors.metadata()).containsExactly(Map.entry("format", "pt"));
            assertThat(tensors.tensor("b").shape()).containsExactly(2, 3);
            assertThat(tensors.tensor("b").toArray()).containsExactly(1, -2, Float.MIN_VALUE, 4, 5, 6);
            assertThat(tensors.tensor("scalar").shape()).isEmpty();
            assertThat(tensors.tensor("none").elements()).isZero();
            assertThatThrownBy(() -> tensors.tensor("c")).isInstanceOf(InvalidCheckpointException.class);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void startsItsDataAtAMultipleOfEight() throws IOException {
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, List.of(NamedTensor.of("abc", new float[] {1}, 1)), Map.of());

        long header = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        assertThat(header % 8).isZero();
        assertThat(Files.size(file)).isEqualTo(8 + header + 4);
    }

    @Test
    void widensHalfPrecision() throws IOException {
        Path file = write(
                "{\"h\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},"
                        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[4,8]}}",
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putShort(Float.floatToFloat16(1.5f))
                        .putShort(Float.floatToFloat16(-65504f))
                        .putShort((short) (Float.floatToIntBits(3.140625f) >>> 16))
                        .putShort((short) (Float.floatToIntBits(-0.0f) >>> 16))
                        .array());
        try (Safetensors tensors = Safetensors.open(file)) {
            assertThat(tensors.tensor("h").toArray()).containsExactly(1.5f, -65504f);
            assertThat(tensors.tensor("b").toArray()).containsExactly(3.140625f, -0.0f);
        }
    }

    @Test
    void readsDataThatIsNotAligned() throws IOException {
        Path file = write(
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} ".trim() + " ",
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(2.5f)
                        .array());
        try (Safetensors tensors = Safetensors.open(file)) {
            assertThat(tensors.tensor("x").toArray()).containsExactly(2.5f);
        }
    }

    @Test
    void refusesTwoTensorsOfOneName() {
        NamedTensor tensor = NamedTensor.of("a", new float[] {1}, 1);

        assertThatThrownBy(() -> Safetensors.write(folder.resolve("x"), List.of(tensor, tensor), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(folder.resolve("x")).doesNotExist();
    }

    static Stream<Arguments> damagedHeaders() {
        return Stream.of(
                Arguments.of("not json", "no JSON"),
                Arguments.of("[]", "no JSON object"),
                Arguments.of("{} x", "no JSON"),
                Arguments.of(tensor("F64", "[2]", "[0,8]"), "type 'F64'"),
                Arguments.of(tensor("F32", "2", "[0,8]"), "no shape"),
                Arguments.of(tensor("F32", "[2.5]", "[0,8]"), "no shape"),
                Arguments.of(tensor("F32", "[2]", "[0]"), "no two data_offsets"),
                Arguments.of(tensor("F32", "[3]", "[0,12]"), "out of its range"),
                Arguments.of(tensor("F32", "[2]", "[-8,0]"), "out of its range"),
                Arguments.of(tensor("F32", "[2]", "[8,0]"), "out of its range"),
                Arguments.of(tensor("F32", "[1]", "[0,8]"), "not its shape's size"),
                Arguments.of(tensor("F32", "[-1]", "[0,8]"), "not its shape's size"),
                Arguments.of(tensor("F32", "[4294967296,4294967296]", "[0,8]"), "not its shape's size"),
                Arguments.of(tensor("F32", "[1]", "[0,4]"), "belong to no tensor"),
                Arguments.of(tensor("F32", "[1]", "[4,8]"), "gap"),
                Arguments.of(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                        "overlapping"),
                Arguments.of(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                        "no JSON"),
                Arguments.of("{\"__metadata__\":{\"x\":1}}", "not a string"));
    }

    @ParameterizedTest
    @MethodSource("damagedHeaders")
    void refusesADamagedHeader(String header, String reason) throws IOException {
        Path file = write(header, new byte[8]);

        assertThatThrownBy(() -> Safetensors.open(file))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(reason);
    }

    @Test
    void refusesAHeaderLongerThanTheFile() throws IOException {
        for (long length : new long[] {0, 100, Long.MAX_VALUE, -1}) {
            Path file = folder.resolve("damaged");
            Files.write(
                    file,
                    ByteBuffer.allocate(20)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(length)
                            .array());
            assertThatThrownBy(() -> Safetensors.open(file)).hasMessageContaining("has a header of");
        }
        Path file = Files.write(folder.resolve("short"), new byte[3]);
        assertThatThrownBy(() -> Safetensors.open(file)).hasMessageContaining("too short");
    }

    private static String tensor(String type, String shape, String offsets) {
        return "{\"a\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
    }

    private Path write(String header, byte[] data) throws IOException {
        byte[] text = header.getBytes(UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(data);
        return Files.write(folder.resolve("file.safetensors"), file.array());
    }
}
