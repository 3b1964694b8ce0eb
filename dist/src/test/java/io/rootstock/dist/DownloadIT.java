package io.rootstock.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive that {@code ./rootstock dist} has built, and its launcher; skipped where it has not been built. */
@Tag("matrix")
final class DownloadIT {
    private static final Path TARGET = Path.of("../target");

    @TempDir
    private Path home;

    @Test
    void theArchiveHasItsPartsAndEndsWithItsMarker() throws IOException {
        Path archive = built(".tar.zst");
        List<String> names =
                TarContent.of(archive).stream().map(TarArchiveEntry::getName).toList();
        String root = archive.getFileName().toString().replace(".tar.zst", "/");
        assertThat(names).allMatch(name -> name.startsWith(root));
        assertThat(names.stream().map(name -> name.replaceFirst("/$", ""))).isSorted();
        assertThat(names.getLast()).as("tells complete folders").isEqualTo(root + "version.properties");
        assertThat(names)
                .contains(
                        root + "bin/rootstock",
                        root + "install.sh",
                        root + "lib/launch.sh",
                        root + "lib/cli/rootstock-cli.jar",
                        root + "runtime/bin/java",
                        root + "runtime/lib/src.zip",
                        root + "sbom.cdx.json",
                        root + "licenses/components.tsv",
                        root + "services/registry/quarkus-run.jar",
                        root + "services/tokenizer/quarkus-run.jar",
                        root + "services/trainer/quarkus-run.jar",
                        root + "services/evaluator/quarkus-run.jar")
                .anyMatch(name -> name.matches(".*/services/inference/(quarkus-run\\.jar|inference-service)"))
                .anyMatch(name -> name.contains("/native/libtorch/libtorch_cpu."))
                .noneMatch(name -> name.endsWith(".aot") || name.contains("/include/"));
        assertThat(Files.readString(archive.resolveSibling(archive.getFileName() + ".sha256")))
                .startsWith(Digests.sha256(archive) + "  ");
    }

    @Test
    void theLauncherNeedsNoJavaOfTheSystem() throws Exception {
        Path folder = folder();
        assertThat(run(folder.resolve("bin/rootstock"), "--version")).contains("rootstock ");
        Path link = Files.createSymbolicLink(home.resolve("rootstock"), folder.resolve("bin/rootstock"));
        assertThat(run(link, "status", "--home", home.resolve("data").toString()))
                .contains("stopped");
    }

    @Test
    void aHalfUnpackedFolderIsRefused() throws Exception {
        Path launcher = Files.createDirectories(home.resolve("half/bin")).resolve("rootstock");
        Files.copy(folder().resolve("bin/rootstock"), launcher);
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        assertThat(run(launcher, "--version"))
                .contains(
                        "error: " + home.toRealPath().resolve("half") + " is incomplete",
                        "hint: unpack the archive again");
    }

    private static Path folder() throws IOException {
        String name = built(".tar.zst").getFileName().toString().replace(".tar.zst", "");
        Path folder = TARGET.resolve("dist").resolve(name);
        assumeThat(folder).isDirectory();
        return folder.toRealPath();
    }

    private static Path built(String ending) throws IOException {
        assumeThat(TARGET).isDirectory();
        try (Stream<Path> files = Files.list(TARGET)) {
            Optional<Path> archive =
                    files.filter(file -> file.toString().endsWith(ending)).findFirst();
            assumeThat(archive).isPresent();
            return archive.orElseThrow();
        }
    }

    private String run(Path program, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(program.toString()), Stream.of(arguments))
                        .toList())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("HOME", home.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
