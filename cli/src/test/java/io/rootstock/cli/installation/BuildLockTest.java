package io.rootstock.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scripts {@code rootstock} and {@code build.sh} in a project whose Maven is a script: it records its call, writes it to the
 * pipe {@code called} where there is one, and waits for a line in the pipe {@code continue} where there is one.
 */
@Timeout(120)
final class BuildLockTest {
    @TempDir
    private Path root;

    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void aBuiltProject() throws IOException {
        Path project = ProjectRoot.find();
        assumeThat(project.resolve("build.sh")).exists();
        for (String script : List.of("rootstock", "build.sh", "test.sh", "TestReport.java", "cli/launch.sh")) {
            Files.createDirectories(root.resolve(script).getParent());
            Files.copy(project.resolve(script), root.resolve(script), StandardCopyOption.COPY_ATTRIBUTES);
        }
        write("bin/mvn", """
            #!/bin/sh
            echo "$*" >>"%1$s/calls"
            [ ! -p "%1$s/called" ] || echo "$*" >"%1$s/called"
            [ ! -p "%1$s/continue" ] || read -r _ <"%1$s/continue"
            """.formatted(root));
        Files.setPosixFilePermissions(root.resolve("bin/mvn"), PosixFilePermissions.fromString("rwx------"));
        write("cli/target/rootstock-cli.jar", "");
        for (Service service : Service.values()) {
            Path jar = service.jar(root);
            Files.createDirectories(jar.getParent());
            Files.createFile(jar);
        }
        write("target/aot-cache-tried", "");
        write("target/built", "");
        Files.setLastModifiedTime(root.resolve("target/built"), FileTime.fromMillis(0));
        write("cli/src/main/Changed.java", "");
    }

    @AfterEach
    void end() {
        processes.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    @Test
    void commandsUseTheOutputsThatExistWhileTheTestsRun() throws Exception {
        Process tests = startTests();
        write("cli/src/main/Changed.java", "class Changed {}");
        Process command = start("bash", "-c", ". ./build.sh && build jobs list");
        assertThat(output(command)).contains("./rootstock test is running", "outputs of the last build");
        assertThat(command.waitFor()).isZero();
        assertThat(calls()).as("no build beside the tests").hasSize(2);
        proceed();
        output(tests);
        proceedAlways();
        assertThat(output(start("bash", "-c", ". ./build.sh && build jobs list")))
                .contains("building changed modules");
        assertThat(calls()).hasSize(3);
    }

    @Test
    void aCommandWithoutOutputsWaitsForTheTests() throws Exception {
        Process tests = startTests();
        Files.delete(root.resolve("cli/target/rootstock-cli.jar"));
        Process command = start("bash", "-c", ". ./build.sh && build jobs list");
        BufferedReader messages = command.inputReader();
        assertThat(messages.readLine()).contains("waiting", "./rootstock test");
        assertThat(calls()).hasSize(2);
        proceed();
        output(tests);
        assertThat(messages.readLine()).contains("building changed modules");
        proceed();
        assertThat(command.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(calls()).hasSize(3);
    }

    @Test
    void aCommandOfTheTestsNeitherWaitsNorBuilds() throws Exception {
        Files.delete(root.resolve("cli/target/rootstock-cli.jar"));
        Process nested = start("bash", "-c", ". ./build.sh && lock_build test && bash -c '. ./build.sh && build up'");
        assertThat(output(nested)).isEmpty();
        assertThat(nested.waitFor()).isZero();
        assertThat(root.resolve("calls")).doesNotExist();
    }

    /** Starts the tests, and returns once Maven runs them, after it has built what has changed. */
    private Process startTests() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", "called", "continue")
                        .directory(root.toFile())
                        .start()
                        .waitFor())
                .isZero();
        Process tests = start("./rootstock", "test");
        assertThat(nextCall()).contains("package");
        proceed();
        assertThat(nextCall()).contains("verify");
        Files.delete(root.resolve("called"));
        return tests;
    }

    private String nextCall() throws IOException {
        try (BufferedReader called = Files.newBufferedReader(root.resolve("called"))) {
            return called.readLine();
        }
    }

    /** Lets a waiting Maven end. */
    private void proceed() throws IOException {
        Files.writeString(root.resolve("continue"), "\n");
    }

    private void proceedAlways() throws IOException {
        Files.delete(root.resolve("continue"));
    }

    private Process start(String... command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
        builder.environment().put("PATH", root.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("GRAALVM_HOME");
        builder.environment().remove("ROOTSTOCK_BUILD_LOCK");
        Process process = builder.start();
        processes.add(process);
        process.getOutputStream().close();
        return process;
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(root.resolve("calls"));
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text);
    }
}
