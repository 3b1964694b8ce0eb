package io.rootstock.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.rootstock.cli.Rootstock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rootstock admin} with the packaged services: a backup and its restoration. */
@Tag("matrix")
final class BackupIT {
    private static final String TOKENIZER = "prose";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aBackupIsVerifiedAndRestoredIntoAnEmptyHomeOnly() throws IOException {
        Path home = folder.resolve("home");
        Path backup = folder.resolve("backup");
        Path text =
                Files.writeString(folder.resolve("text.txt"), "A backup holds what a restoration needs. ".repeat(20));
        try (Installation installation = installation(home)) {
            List<Service> _ = installation.start(List.of(Service.REGISTRY, Service.TOKENIZER));
            assertThat(run(home, "tokenizer", "train", TOKENIZER, "--file", text.toString(), "--vocabulary", "270"))
                    .isZero();
            assertThat(run(home, "admin", "backup", "--to", backup.toString())).isZero();
            assertThat(out.toString()).contains("backup-2", "4 artifacts");
            assertThat(run(home, "admin", "verify")).isZero();
            assertThat(run(home, "admin", "verify", "--from", backup.toString()))
                    .isZero();
            assertThat(out.toString()).contains("none dangling");
            assertThat(run(home, "admin", "restore", "--from", backup.toString()))
                    .isEqualTo(1);
            assertThat(err.toString()).contains("the registry service is running", "rootstock down");
            assertThat(run(
                            home,
                            "admin",
                            "backup",
                            "--to",
                            home.resolve("artifacts").toString()))
                    .isEqualTo(1);
            assertThat(err.toString()).contains("--to", "is the installation's artifact store");
        }
        assertThat(run(home, "admin", "restore", "--from", backup.toString())).isEqualTo(1);
        Path other = folder.resolve("other");
        assertThat(run(other, "admin", "restore", "--from", backup.toString())).isZero();
        try (Installation restored = installation(other)) {
            List<Service> _ = restored.start(List.of(Service.REGISTRY, Service.TOKENIZER));
            assertThat(run(other, "tokenizer", "encode", TOKENIZER, "A backup")).isZero();
        }
    }

    private int run(Path home, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(Stream.concat(Stream.of(arguments), Stream.of("--home", home.toString()))
                        .toArray(String[]::new));
    }

    private static Installation installation(Path home) {
        Path root = ProjectRoot.find();
        for (Service service : List.of(Service.REGISTRY, Service.TOKENIZER)) {
            assumeThat(service.jar(root)).exists();
        }
        return new Installation(home, root, OptionalInt.of(0), Map.of());
    }
}
