package io.rootstock.trainer.engine.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.rootstock.cuda.Geometry;
import io.rootstock.cuda.KernelArguments;
import io.rootstock.files.FileTree;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Runs the kernels' source, compiled for the host by g++, in main memory. */
public final class HostCalls implements CudaCalls {
    /** By compute type; the compiled libraries stay loaded until the process ends. */
    private static final Map<DType, HostCalls> COMPILED = new EnumMap<>(DType.class);

    private final KernelArguments arguments = new KernelArguments(Arena.global());
    private final SymbolLookup library;

    /** Compiles the kernels, once for all tests of this process; without g++ the test is skipped. */
    public static synchronized HostCalls compiled(DType computeType) throws IOException, InterruptedException {
        if (!COMPILED.containsKey(computeType)) {
            Path folder = Files.createTempDirectory("rootstock-test-kernels-");
            try {
                COMPILED.put(computeType, new HostCalls(compile(folder, computeType)));
            } finally {
                FileTree.delete(folder);
            }
        }
        return COMPILED.get(computeType);
    }

    private static Path compile(Path folder, DType computeType) throws IOException, InterruptedException {
        StringBuilder program = new StringBuilder();
        try (InputStream in = HostCalls.class.getResourceAsStream("host.h")) {
            program.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        program.append(CudaSource.text());
        CudaSource.KERNELS.forEach(name -> program.append("HOST(").append(name).append(")\n"));
        Path source = Files.writeString(folder.resolve(computeType + ".cpp"), program);
        Path library = folder.resolve(computeType + ".so");
        List<String> command = new ArrayList<>(List.of("g++", "-std=c++20", "-O1", "-shared", "-fPIC", "-pthread"));
        command.addAll(CudaSource.options(computeType));
        command.addAll(List.of("-o", library.toString(), source.toString()));
        Process compiler;
        try {
            compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return Assumptions.abort("g++ is not installed");
        }
        String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (compiler.waitFor() != 0) {
            throw new AssertionError(output);
        }
        return library;
    }

    private HostCalls(Path library) {
        this.library = SymbolLookup.libraryLookup(library, Arena.global());
    }

    @Override
    public void launch(String kernel, Geometry geometry, Object... given) {
        MethodHandle function = Linker.nativeLinker()
                .downcallHandle(
                        library.findOrThrow("host_" + kernel),
                        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
        MemorySegment pointers = arguments.write(given);
        try {
            int _ = (int) function.invokeExact(geometry.gridX(), geometry.gridY(), geometry.threads(), pointers);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Tensor upload(Input input) {
        Tensor tensor = Tensor.empty(input.type(), input.elements());
        tensor.memory().copyFrom(input.values());
        return tensor;
    }
}
