package io.rootstock.collectives;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.cuda.Stream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the order of the calls to the driver and NCCL. C libraries compiled here replace them and record their calls.
 * That this order synchronizes correctly on a GPU is CUDA's guarantee, not tested here.
 */
class NcclOrderTest {
    private static final String DRIVER = """
        #include <stdio.h>
        static long handles;
        int cuStreamCreate(void** out, unsigned flags) { *out = (void*)++handles; fprintf(stderr, "stream %ld\\n", handles); return 0; }
        int cuStreamDestroy_v2(void* s) { fprintf(stderr, "close stream %ld\\n", (long)s); return 0; }
        int cuStreamWaitEvent(void* s, void* e, unsigned f) { fprintf(stderr, "stream %ld waits for event %ld\\n", (long)s, (long)e); return 0; }
        int cuEventCreate(void** out, unsigned flags) { *out = (void*)++handles; return flags == 2 ? 0 : 1; }
        int cuEventRecord(void* e, void* s) { fprintf(stderr, "event %ld on stream %ld\\n", (long)e, (long)s); return 0; }
        int cuEventDestroy_v2(void* e) { return 0; }
        """;

    private static final String NCCL = """
        #include <stdio.h>
        #include <stdlib.h>
        typedef struct { char bytes[128]; } Id;
        static int calls;
        int ncclGetUniqueId(Id* id) { for (int i = 0; i < 128; i++) id->bytes[i] = i; return 0; }
        int ncclCommInitRank(void** out, int n, Id id, int rank) {
            fprintf(stderr, "join %d of %d\\n", rank, n); *out = (void*)99; return id.bytes[127] == 127 ? 0 : 4; }
        int ncclAllReduce(void* from, void* to, size_t n, int type, int op, void* comm, void* s) {
            fprintf(stderr, "sum %zu of type %d on stream %ld\\n", n, type, (long)s); return from == to && op == 0 && comm == (void*)99 ? 0 : 4; }
        int ncclBroadcast(void* from, void* to, size_t n, int type, int root, void* comm, void* s) {
            fprintf(stderr, "broadcast %zu from %d on stream %ld\\n", n, root, (long)s); return 0; }
        int ncclCommGetAsyncError(void* comm, int* out) {
            char* fails = getenv("FAILS_AT"); *out = fails && ++calls == atoi(fails) ? 6 : 0; return 0; }
        int ncclCommDestroy(void* comm) { fprintf(stderr, "leave\\n"); return 0; }
        int ncclCommAbort(void* comm) { fprintf(stderr, "abort\\n"); return 0; }
        const char* ncclGetErrorString(int code) { return code == 6 ? "remote process exited" : "unknown"; }
        """;

    @TempDir
    Path folder;

    @BeforeEach
    void libraries() throws Exception {
        compile("libcuda.so.1", DRIVER);
        compile("libnccl.so.2", NCCL);
    }

    @Test
    void aSumWaitsForTheWorkBeforeItAndOnlyTheEndWaitsForTheSums() throws Exception {
        assertThat(calls(""))
                .containsExactly(
                        "stream 1", // the work's
                        "stream 2", // the sums'
                        "join 0 of 1",
                        "event 3 on stream 1",
                        "stream 2 waits for event 3",
                        "sum 2 of type 7 on stream 2",
                        "event 4 on stream 1",
                        "stream 2 waits for event 4",
                        "sum 1 of type 8 on stream 2",
                        "event 5 on stream 2",
                        "stream 1 waits for event 5",
                        "event 6 on stream 1",
                        "stream 2 waits for event 6",
                        "broadcast 8 from 0 on stream 2",
                        "event 7 on stream 2",
                        "stream 1 waits for event 7",
                        "leave",
                        "close stream 2",
                        "close stream 1");
    }

    @Test
    void anErrorOfAnEarlierSumAbortsTheGroupBeforeAnythingWaitsForIt() throws Exception {
        assertThat(calls("2"))
                .containsExactly(
                        "stream 1",
                        "stream 2",
                        "join 0 of 1",
                        "event 3 on stream 1",
                        "stream 2 waits for event 3",
                        "sum 2 of type 7 on stream 2",
                        "abort",
                        "close stream 1",
                        "an earlier operation: remote process exited");
    }

    /** Runs {@link #main} in a process and returns the recorded calls. */
    private List<String> calls(String failsAt) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(JavaProgram.command(NcclOrderTest.class)).redirectErrorStream(true);
        builder.environment().put("LD_LIBRARY_PATH", folder.toString());
        builder.environment().put("FAILS_AT", failsAt);
        return output(builder).lines().toList();
    }

    /** Runs the sums of a step and a broadcast in a single process. */
    public static void main(String[] arguments) {
        try (Arena arena = Arena.ofConfined();
                Stream work = Stream.create();
                NcclCollectives group = NcclCollectives.join(Collectives.alone(), work)) {
            MemorySegment values = arena.allocate(8, 8);
            group.beginSum(values, Element.FLOAT32);
            group.beginSum(values, Element.FLOAT64);
            group.finishSums();
            group.broadcast(values, 0);
        } catch (CollectivesException e) {
            System.err.println(e.getMessage());
        }
    }

    private void compile(String name, String source) throws Exception {
        Path file = Files.writeString(folder.resolve(name + ".c"), source);
        try {
            assertThat(output(new ProcessBuilder(
                                    "gcc",
                                    "-shared",
                                    "-fPIC",
                                    "-Wl,-soname," + name,
                                    "-o",
                                    folder + "/" + name,
                                    file + "")
                            .redirectErrorStream(true)))
                    .isEmpty();
        } catch (IOException e) {
            Assumptions.abort("gcc not found");
        }
    }

    private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
