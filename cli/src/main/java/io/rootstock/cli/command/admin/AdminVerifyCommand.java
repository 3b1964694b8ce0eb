package io.rootstock.cli.command.admin;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Progress;
import io.rootstock.registry.v1.Backup;
import io.rootstock.registry.v1.VerifyRequest;
import io.rootstock.registry.v1.VerifyResponse;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rootstock admin verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        header = "Read all artifacts and compare their digests",
        description =
                "Verifies the installation, or a backup, and lists the artifacts that are referred to and are missing"
                        + " or damaged. Exit code 1 if there are any.",
        footer = {"", "Examples:", "  rootstock admin verify", "  rootstock admin verify --from /mnt/backup"})
public final class AdminVerifyCommand extends ServiceCommand {
    @Option(
            names = "--from",
            paramLabel = "LOCATION",
            description = "Verify a backup: directory on the registry's machine, or s3://BUCKET/PREFIX"
                    + " [default: the installation]")
    private String location;

    @Option(names = "--backup", paramLabel = "NAME", description = "Name of the backup [default: the newest]")
    private String backup;

    @Override
    protected int run(Clients clients, Console console) {
        if (backup != null && location == null) {
            throw usage("--backup needs --from, the location of the backup");
        }
        VerifyRequest.Builder request = VerifyRequest.newBuilder();
        if (location != null) {
            request.setFrom(BackupLocation.of(location));
        }
        if (backup != null) {
            request.setBackup(backup);
        }
        Backup result = Backup.getDefaultInstance();
        try (Progress progress = Progress.open(console, "verify")) {
            BackupReport report = new BackupReport(progress);
            Iterator<VerifyResponse> responses = clients.admin().verify(request.build());
            while (responses.hasNext()) {
                VerifyResponse response = responses.next();
                if (response.hasProgress()) {
                    report.show(response.getProgress());
                } else {
                    result = response.getResult();
                }
            }
        }
        console.printJson(result);
        console.print((result.getName().isEmpty() ? "installation" : result.getName()) + ": "
                + Format.counted(result.getRows(), "row") + ", " + Format.counted(result.getArtifacts(), "artifact")
                + " (" + Format.bytes(result.getArtifactBytes()) + "), "
                + (result.getDanglingTotal() == 0 ? "none" : result.getDanglingTotal()) + " dangling");
        return BackupReport.dangling(result, console);
    }
}
