package io.rootstock.collectives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.cuda.Gpu;
import io.rootstock.cuda.Stream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Tests of the NCCL binding that run without a GPU. */
class NcclCollectivesTest {
    @Test
    void withoutNcclTheReasonIsSaid() {
        Assumptions.assumeFalse(Gpu.count() > 0, "there is a GPU");
        assertThatThrownBy(() -> NcclCollectives.join(Collectives.alone(), new Stream(MemorySegment.NULL)))
                .isInstanceOf(EngineMissingException.class)
                .hasMessageContaining("libnccl.so.2: cannot open shared object file")
                .hasMessageContaining("NCCL comes with a CUDA libtorch");
    }

    @Test
    void aMissingLibraryIsRefusedWithTheLinkersWords() {
        assertThatThrownBy(() -> EngineLibrary.open("Install it", "libabsent-one.so.2", "libabsent-two.so.3"))
                .isInstanceOf(EngineMissingException.class)
                .hasMessageContaining("libabsent-one.so.2: cannot open shared object file")
                .hasMessageContaining("libabsent-two.so.3: cannot open shared object file")
                .hasMessageEndingWith(". Install it");
    }

    /**
     * Calls a function with ncclCommInitRank's signature through native code: 128 bytes by value between register
     * arguments.
     */
    @Test
    void anIdentifierPassedByValueArrivesWhole() throws Throwable {
        FunctionDescriptor shape =
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, NcclCollectives.UNIQUE_ID, JAVA_INT);
        MethodHandle target = MethodHandles.lookup()
                .findStatic(
                        NcclCollectivesTest.class,
                        "arrived",
                        MethodType.methodType(
                                int.class, MemorySegment.class, int.class, MemorySegment.class, int.class));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stub = Linker.nativeLinker().upcallStub(target, shape, arena);
            MemorySegment identifier = arena.allocate(NcclCollectives.UNIQUE_ID);
            for (int index = 0; index < 128; index++) {
                identifier.set(JAVA_BYTE, index, (byte) (index * 7));
            }
            int result = (int) Linker.nativeLinker()
                    .downcallHandle(stub, shape)
                    .invokeExact(MemorySegment.ofAddress(12), 34, identifier, 56);
            assertThat(result).isEqualTo(12 + 34 + 56);
        }
    }

    static int arrived(MemorySegment communicator, int processes, MemorySegment identifier, int rank) {
        for (int index = 0; index < 128; index++) {
            if (identifier.get(JAVA_BYTE, index) != (byte) (index * 7)) {
                return -1;
            }
        }
        return (int) communicator.address() + processes + rank;
    }
}
