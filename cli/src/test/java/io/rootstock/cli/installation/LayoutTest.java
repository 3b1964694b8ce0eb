package io.rootstock.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.cli.error.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where services and native libraries lie in a source tree and in an unpacked download. */
final class LayoutTest {
    @TempDir
    private Path root;

    private Path download;

    @BeforeEach
    void anUnpackedDownload() throws IOException {
        download = Files.createDirectories(root.resolve("download"));
        Files.writeString(download.resolve("version.properties"), "version=1\nplatform=linux-x86_64\n");
    }

    @Test
    void aFolderWithoutTheMarkerIsASourceTree() {
        Layout layout = Layout.of(root);
        assertThat(layout.program(Service.REGISTRY))
                .isEqualTo(new Program.Jar(root.resolve("registry-service/target/quarkus-app/quarkus-run.jar")));
        assertThat(layout.environment()).isEmpty();
        assertThat(layout.sparkHome()).isEmpty();
        assertThat(layout.remedy()).contains("./rootstock");
    }

    @Test
    void aSourceTreeHasSparkWhereItIsBuilt() throws IOException {
        Files.createDirectories(root.resolve("corpus-spark/target/lib"));
        assertThat(Layout.of(root).sparkHome()).contains(root.resolve("corpus-spark/target"));
    }

    @Test
    void aSourceTreeNamesTheLibtorchThatItsBuildHasFetched() throws IOException {
        assertThat(Layout.of(root).libtorch()).isEqualTo(root.resolve("trainer-service/target/quarkus-app/lib/main"));
        Path fetched = Files.createDirectories(root.resolve("libs/torch/target/native"));
        Layout layout = Layout.of(root);
        assertThat(layout.environment()).isEqualTo(Map.of("ROOTSTOCK_LIBTORCH", fetched.toString()));
        assertThat(layout.libtorch()).isEqualTo(fetched);
        assertThat(layout.libtorchFile()).isEqualTo("libtorch_cpu.");
    }

    @Test
    void servicesOfADownloadRunOnItsJarsAndNativeLibraries() {
        Layout layout = Layout.of(download);
        assertThat(layout.program(Service.TRAINER))
                .isEqualTo(new Program.Jar(download.resolve("services/trainer/quarkus-run.jar")));
        assertThat(layout.environment())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "ROOTSTOCK_LIBTORCH",
                                download.resolve("native/libtorch").toString(),
                        "ROOTSTOCK_LLAMA", download.resolve("native/llama").toString()));
        assertThatThrownBy(() -> Launcher.requireBuilt(Service.TRAINER, layout))
                .isInstanceOfSatisfying(
                        CliException.class,
                        failure -> assertThat(failure.hint()).contains("unpack the download again"));
    }

    @Test
    void aNativeExecutableOfADownloadTakesThePlaceOfTheJar() throws IOException {
        Path executable = download.resolve("services/inference/inference-service");
        Files.createDirectories(executable.getParent());
        Files.writeString(executable, "");
        assertThat(executable.toFile().setExecutable(true)).isTrue();
        Layout layout = Layout.of(download);
        assertThat(layout.program(Service.INFERENCE)).isEqualTo(new Program.Executable(executable));
        Launcher launcher = new Launcher(root, layout, Ports.choose(7400), Map.of());
        List<String> command = launcher.program(Service.INFERENCE);
        assertThat(command)
                .startsWith(executable.toString(), "-Xmx512m")
                .contains("-Dquarkus.grpc.server.port=7403")
                .doesNotContain("-jar");
        assertThat(launcher.program(Service.EVALUATOR))
                .contains("-Drootstock.evaluator.inference-executable=" + executable)
                .noneMatch(word -> word.contains("inference-jar"));
    }
}
