package io.rootstock.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests {@code bench/lib/python.sh} with requirements that install nothing, so that it needs no registry. */
@Tag("matrix")
class PythonPeersTest {
    private static final Path BENCH = Path.of("").toAbsolutePath();

    @TempDir
    Path folder;

    private record Result(int code, String output, String progress) {}

    @BeforeEach
    void writeRequirements() throws IOException {
        Files.createDirectories(folder.resolve("requirements"));
        requirements("constraints", "");
        requirements("empty", "# nothing\n");
    }

    @Test
    void aNameWithoutRequirementsIsSkippedWithTheReason() throws Exception {
        Result result = run("python_peers unknown || echo \"code $?\"", Map.of());
        assertThat(result.output)
                .isEqualTo("skipped: unknown could not be installed (there is no " + folder
                        + "/requirements/unknown.txt)\ncode 1\n");
    }

    @Test
    void aMissingPythonIsSkippedWithTheReason() throws Exception {
        Result result = run("python_peers empty || echo \"code $?\"", Map.of("ROOTSTOCK_PYTHON", "/nowhere/python3"));
        assertThat(result.output)
                .isEqualTo("skipped: empty could not be installed (/nowhere/python3 is not a Python of at least 3.11; "
                        + "ROOTSTOCK_PYTHON names another)\ncode 1\n");
    }

    @Test
    void aFailedInstallationIsSkippedWithPipsReasonAndTriedAgainLater() throws Exception {
        assumePython();
        requirements("absent", "rootstock-no-such-package==1\n");
        Map<String, String> offline = Map.of("PIP_NO_INDEX", "1", "PIP_FIND_LINKS", folder.toString());
        Result result = run("python_peers absent || echo \"code $?\"", offline);
        assertThat(result.output)
                .isEqualTo("skipped: absent could not be installed (ERROR: No matching distribution found for "
                        + "rootstock-no-such-package==1)\ncode 1\n");
        requirements("absent", "# nothing\n");
        assertThat(run("python_peers absent && echo \"$PYTHON\"", offline).output)
                .isEqualTo(folder + "/peers/absent/bin/python\n");
    }

    @Test
    void anEnvironmentIsMadeOnceAndReusedUntilItsRequirementsChange() throws Exception {
        assumePython();
        Result twoCallers = run("python_peers empty & python_peers empty & wait", Map.of());
        assertThat(twoCallers.progress).containsOnlyOnce("installing empty into");
        Path mark = Files.createFile(folder.resolve("peers/empty/mark"));
        Result second = run("python_peers empty && \"$PYTHON\" -c 'print(1)'", Map.of());
        assertThat(second.output).isEqualTo("1\n");
        assertThat(second.progress).isEmpty();
        assertThat(mark).exists();
        requirements("constraints", "torch==1\n");
        assertThat(run("python_peers empty", Map.of()).progress).contains("installing empty into");
        assertThat(mark).doesNotExist();
    }

    @Test
    void anExtendedEnvironmentSeesThePackagesOfTheOther() throws Exception {
        assumePython();
        requirements("child", "# extends: empty\n");
        String module =
                "mkdir -p \"$(\"$PYTHON\" -c 'import sysconfig; print(sysconfig.get_path(\"purelib\"))')/shared_module\"";
        Result result = run(
                "python_peers empty && " + module + " && python_peers child && \"$PYTHON\" -c 'import shared_module'",
                Map.of());
        assertThat(result.code).as(result.progress).isZero();
    }

    @Test
    void hubsAndTheCallersPackagesAreOutOfReach() throws Exception {
        Result result = run(
                "python_peers unknown || echo \"$HF_HUB_OFFLINE ${PYTHONPATH:-none} ${OPENBLAS_CORETYPE:-none}\"",
                Map.of("PYTHONPATH", "/elsewhere", "OPENBLAS_CORETYPE", "Haswell"));
        assertThat(result.output).endsWith("\n1 none none\n");
    }

    static Stream<Path> requirementFiles() throws IOException {
        try (Stream<Path> files = Files.list(BENCH.resolve("requirements"))) {
            return files.toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("requirementFiles")
    void everyRequirementIsPinned(Path file) throws IOException {
        assertThat(Files.readAllLines(file))
                .filteredOn(line -> !line.startsWith("#") && !line.startsWith("-c ") && !line.isBlank())
                .allMatch(line -> line.matches("[A-Za-z0-9._-]+(\\[[a-z,]+])?==\\S+"));
    }

    private void requirements(String name, String lines) throws IOException {
        Files.writeString(folder.resolve("requirements").resolve(name + ".txt"), lines);
    }

    private Result run(String command, Map<String, String> variables) throws IOException, InterruptedException {
        Path progress = folder.resolve("progress");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        "bash",
                        "-c",
                        "set -euo pipefail; . '" + BENCH + "/lib/python.sh'; bench_folder='" + folder + "'; "
                                + command))
                .redirectError(progress.toFile());
        builder.environment()
                .put("ROOTSTOCK_PYTHON_PEERS", folder.resolve("peers").toString());
        builder.environment().putAll(variables);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output, Files.readString(progress));
    }

    /** A build machine may lack Python, or have one that cannot create virtual environments. */
    private void assumePython() throws IOException, InterruptedException {
        Result result = run("python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'", Map.of());
        assumeTrue(result.code == 0, "needs python3 of at least 3.11 with venv");
    }
}
