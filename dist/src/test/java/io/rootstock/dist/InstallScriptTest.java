package io.rootstock.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code install.sh} with archives of a small program in the place of the download. */
final class InstallScriptTest {
    private static final Path SCRIPT = Path.of("install.sh").toAbsolutePath();

    private record Result(int code, String output) {}

    @TempDir
    private Path home;

    @BeforeEach
    void aLinuxWithZstd() {
        assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
        assumeThat(Stream.of("/usr/bin/zstd", "/bin/zstd", "/usr/local/bin/zstd")
                        .map(Path::of))
                .as("zstd")
                .anyMatch(Files::isExecutable);
    }

    @Test
    void installsUpgradesAndRemoves() throws Exception {
        Path first = archive("1", true);
        assertThat(install(first)).satisfies(succeeds("installed "));
        assertThat(run(home.resolve(".local/bin/rootstock").toString(), "version"))
                .isEqualTo(new Result(0, "program 1 with version\n"));
        assertThat(prefix().resolve("current/trained")).exists();
        assertThat(install(archive("2", true))).satisfies(succeeds("installed "));
        assertThat(install(archive("3", true))).satisfies(succeeds("installed "));
        assertThat(run(home.resolve(".local/bin/rootstock").toString(), "version")
                        .output())
                .isEqualTo("program 3 with version\n");
        assertThat(versions()).as("the version before stays for its services").hasSize(2);

        Path data = Files.writeString(
                Files.createDirectories(home.resolve(".rootstock")).resolve("x"), "data");
        assertThat(run("sh", SCRIPT.toString(), "--uninstall")).satisfies(succeeds("removed; the data stays in "));
        assertThat(home.resolve(".local/bin/rootstock")).doesNotExist();
        assertThat(prefix()).doesNotExist();
        assertThat(data).hasContent("data");
    }

    @Test
    void refusesAnotherDigest() throws Exception {
        Path archive = archive("1", true);
        Files.writeString(archive.resolveSibling(archive.getFileName() + ".sha256"), "0".repeat(64) + "  x\n");
        assertThat(install(archive)).satisfies(fails("has the SHA-256 " + Digests.sha256(archive) + ", not 000"));
        assertThat(prefix()).doesNotExist();
    }

    @Test
    void refusesAnIncompleteArchiveAndKeepsTheInstalledVersion() throws Exception {
        assertThat(install(archive("1", true))).satisfies(succeeds("installed "));
        assertThat(install(archive("2", false))).satisfies(fails("is incomplete"));
        assertThat(run(home.resolve(".local/bin/rootstock").toString(), "version")
                        .output())
                .isEqualTo("program 1 with version\n");
        assertThat(versions()).hasSize(1);
    }

    @Test
    void refusesOtherPlatformsAndUnknownOptions() throws Exception {
        Path archive = archive("1", true);
        Path other = Files.copy(archive, archive.resolveSibling("rootstock-1-linux-riscv64.tar.zst"));
        assertThat(install(other)).satisfies(fails("is not for " + platform()));
        assertThat(run("sh", SCRIPT.toString(), "--nothing")).satisfies(fails("unknown option --nothing"));
        assertThat(run("sh", SCRIPT.toString(), home.resolve("none").toString()))
                .satisfies(fails("not found"));
    }

    private static Consumer<Result> succeeds(String text) {
        return result -> {
            assertThat(result.code()).as(result.output()).isZero();
            assertThat(result.output()).contains(text);
        };
    }

    private static Consumer<Result> fails(String text) {
        return result -> {
            assertThat(result.code()).as(result.output()).isEqualTo(1);
            assertThat(result.output()).contains("error: ", text, "hint: ");
        };
    }

    private Result install(Path archive) throws Exception {
        return run("sh", SCRIPT.toString(), archive.toString());
    }

    private Path prefix() {
        return home.resolve(".local/share/rootstock");
    }

    private List<Path> versions() throws IOException {
        try (Stream<Path> versions = Files.list(prefix().resolve("versions"))) {
            return versions.toList();
        }
    }

    private static String platform() {
        return System.getProperty("os.arch").equals("aarch64") ? "linux-aarch64" : "linux-x86_64";
    }

    /** An archive whose program prints its version. */
    private Path archive(String version, boolean complete) throws IOException {
        Path folder = home.resolve("built").resolve("rootstock-" + version + "-" + platform());
        program(folder.resolve("bin/rootstock"), "echo \"program " + version + " with $*\"");
        program(folder.resolve("lib/train-aot-caches"), "touch \"$(dirname \"$0\")/../trained\"");
        if (complete) {
            Files.writeString(folder.resolve("version.properties"), "version=" + version + "\n");
        }
        Path archive = folder.resolveSibling(folder.getFileName() + ".tar.zst");
        new Archive(Instant.EPOCH).write(folder, archive);
        Archive.writeDigest(archive);
        return archive;
    }

    private static void program(Path file, String line) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Result run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin:/usr/local/bin");
        builder.environment().put("HOME", home.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
