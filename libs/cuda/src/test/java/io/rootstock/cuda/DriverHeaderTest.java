package io.rootstock.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the binding with NVIDIA's header: a C++ compiler checks the argument types of each function. */
class DriverHeaderTest {
    private static final String CHECK = """
        #include <cuda.h>
        #include <cstddef>
        template <class... A>
        constexpr bool fits(CUresult (*)(A...), std::initializer_list<std::size_t> expected) {
            std::initializer_list<std::size_t> actual = {sizeof(A)...};
            if (actual.size() != expected.size()) return false;
            for (std::size_t i = 0; i < actual.size(); i++)
                if (actual.begin()[i] != expected.begin()[i]) return false;
            return true;
        }
        """;

    @Test
    void everyFunctionHasTheHeadersArguments(@TempDir Path folder) throws Exception {
        StringBuilder program = new StringBuilder("#include <initializer_list>\n").append(CHECK);
        for (DriverFunction function : DriverFunction.values()) {
            String sizes = function.arguments().stream()
                    .map(MemoryLayout::byteSize)
                    .map(Object::toString)
                    .collect(Collectors.joining(", "));
            program.append("static_assert(fits(&%1$s, {%2$s}), \"%1$s\");%n".formatted(function.symbol(), sizes));
        }
        assertThat(compiled(folder, program.toString())).isEmpty();
    }

    @Test
    void aWrongShapeWouldBeSeen(@TempDir Path folder) throws Exception {
        String program = "#include <initializer_list>\n" + CHECK
                + "static_assert(fits(&cuMemFree_v2, {4}), \"a pointer of 32 bits\");\n";
        assertThat(compiled(folder, program)).contains("a pointer of 32 bits");
    }

    private static String compiled(Path folder, String program) throws IOException, InterruptedException {
        Path include = header();
        Path source = Files.writeString(folder.resolve("check.cpp"), program);
        Process compiler;
        try {
            compiler = new ProcessBuilder("g++", "-std=c++20", "-fsyntax-only", "-I" + include, source.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return Assumptions.abort("g++ not found");
        }
        String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(compiler.waitFor() == 0).isEqualTo(output.isEmpty());
        return output;
    }

    private static Path header() {
        return Stream.of(System.getenv("CUDA_HOME"), "/usr/local/cuda", "/usr/local/cuda-13.0")
                .filter(home -> home != null && !home.isBlank())
                .map(home -> Path.of(home, "include"))
                .filter(include -> Files.exists(include.resolve("cuda.h")))
                .findFirst()
                .orElseGet(() -> Assumptions.abort("cuda.h not found"));
    }
}
