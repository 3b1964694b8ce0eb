package io.rootstock.llama;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgmlTypeTest {
    private static final Llama LLAMA = Llama.shared();

    @ParameterizedTest
    @CsvSource({
        "0, f32, 1, 4", "1, f16, 1, 2", "2, q4_0, 32, 18", "3, q4_1, 32, 20", "8, q8_0, 32, 34",
        "12, q4_K, 256, 144", "14, q6_K, 256, 210", "20, iq4_nl, 32, 18", "30, bf16, 1, 2", "39, mxfp4, 32, 17"
    })
    void aTypeStatesNameAndBlock(int number, String name, int blockElements, int blockBytes) {
        GgmlType type = LLAMA.type(number);

        assertThat(type.number()).isEqualTo(number);
        assertThat(type.name()).isEqualTo(name);
        assertThat(type.blockElements()).isEqualTo(blockElements);
        assertThat(type.blockBytes()).isEqualTo(blockBytes);
        assertThat(type.bytes(512)).isEqualTo(512L / blockElements * blockBytes);
        assertThat(type.dequantizes()).isTrue();
    }

    @Test
    void halfPrecisionBecomesTheFloatsItStandsFor() {
        for (short bits : new short[] {0, 0x3c00, (short) 0xc000, 1, 0x7bff, 0x7c00}) {
            assertThat(converted(1, List.of(bits))).containsExactly(Float.float16ToFloat(bits));
            assertThat(converted(30, List.of(bits))).containsExactly(Float.intBitsToFloat(bits << 16));
        }
    }

    @Test
    void aBlockOfQ8IsItsScaleTimesItsIntegers() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate(34);
            block.set(JAVA_SHORT_UNALIGNED, 0, Float.floatToFloat16(0.25f));
            for (int i = 0; i < 32; i++) {
                block.set(JAVA_BYTE, 2 + i, (byte) (i * 8 - 128));
            }
            MemorySegment floats = arena.allocate(32 * Float.BYTES, Float.BYTES);
            LLAMA.type(8).toFloat(block, floats, 32);
            for (int i = 0; i < 32; i++) {
                assertThat(floats.getAtIndex(JAVA_FLOAT, i)).isEqualTo(0.25f * (i * 8 - 128));
            }
        }
    }

    @Test
    void aBlockOfQ41IsItsScaleTimesItsNibblesPlusItsMinimum() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate(20);
            block.set(JAVA_SHORT_UNALIGNED, 0, Float.floatToFloat16(0.5f));
            block.set(JAVA_SHORT_UNALIGNED, 2, Float.floatToFloat16(-3f));
            for (int i = 0; i < 16; i++) {
                // The low nibbles are the first half of the block, the high ones the second.
                block.set(JAVA_BYTE, 4 + i, (byte) (i | (15 - i) << 4));
            }
            MemorySegment floats = arena.allocate(32 * Float.BYTES, Float.BYTES);
            LLAMA.type(3).toFloat(block, floats, 32);
            for (int i = 0; i < 16; i++) {
                assertThat(floats.getAtIndex(JAVA_FLOAT, i)).isEqualTo(0.5f * i - 3);
                assertThat(floats.getAtIndex(JAVA_FLOAT, 16 + i)).isEqualTo(0.5f * (15 - i) - 3);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 43, 1000})
    void aNumberOfNoTypeIsRefusedBeforeTheLibraryAborts(int number) {
        assertThatThrownBy(() -> LLAMA.type(number))
                .isInstanceOf(LlamaException.class)
                .hasMessage("ggml has no tensor type " + number + "; its types are 0 to 42 in this version");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 31, 36})
    void aTypeThatGgmlDroppedIsRefused(int number) {
        assertThatThrownBy(() -> LLAMA.type(number))
                .isInstanceOf(LlamaException.class)
                .hasMessageContaining("ggml no longer has the tensor type " + number);
    }

    @Test
    void integersAndActivationTypesAreNotConverted() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(1024, 4);
            for (int number : new int[] {9, 24, 26}) {
                GgmlType type = LLAMA.type(number);
                assertThat(type.dequantizes()).isFalse();
                assertThatThrownBy(() -> type.toFloat(memory, memory, type.blockElements()))
                        .isInstanceOf(LlamaException.class)
                        .hasMessageContaining("ggml converts no tensor of type " + type.name());
            }
        }
    }

    @Test
    void memoryThatIsTooSmallAndPartsOfBlocksAreRefused() {
        GgmlType q8 = LLAMA.type(8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment small = arena.allocate(33, 4);
            MemorySegment large = arena.allocate(128, 4);
            assertThatThrownBy(() -> q8.toFloat(small, large, 32)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> q8.toFloat(large, small, 32)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> q8.toFloat(large, large, 31))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("31 elements of q8_0: the number must be a multiple of 32");
        }
    }

    private static float[] converted(int number, List<Short> bits) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(2L * bits.size(), 2);
            for (int i = 0; i < bits.size(); i++) {
                source.setAtIndex(java.lang.foreign.ValueLayout.JAVA_SHORT, i, bits.get(i));
            }
            MemorySegment floats = arena.allocate(4L * bits.size(), 4);
            LLAMA.type(number).toFloat(source, floats, bits.size());
            return floats.toArray(JAVA_FLOAT);
        }
    }
}
