package io.rootstock.cli.command.admin;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Progress;
import io.rootstock.registry.v1.Backup;
import io.rootstock.registry.v1.CreateBackupRequest;
import io.rootstock.registry.v1.CreateBackupResponse;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rootstock admin backup}. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        header = "Back up the database and the artifacts",
        description = "Writes the database at one time, and all artifacts that it refers to, while the services run."
                + " Artifacts that the location has already are not copied again, also after an interruption."
                + " Exit code 1 if artifacts are missing or damaged; the backup then contains all others.",
        footer = {
            "",
            "Examples:",
            "  rootstock admin backup --to /mnt/backup",
            "  rootstock admin backup --to 's3://backups/rootstock?region=eu-central-1'"
        })
public final class AdminBackupCommand extends ServiceCommand {
    @Option(
            names = "--to",
            required = true,
            paramLabel = "LOCATION",
            description = "Directory on the registry's machine, or s3://BUCKET/PREFIX with the registry's credentials")
    private String location;

    @Override
    protected int run(Clients clients, Console console) {
        Backup backup = Backup.getDefaultInstance();
        try (Progress progress = Progress.open(console, "backup")) {
            BackupReport report = new BackupReport(progress);
            Iterator<CreateBackupResponse> responses = clients.admin()
                    .createBackup(CreateBackupRequest.newBuilder()
                            .setTo(BackupLocation.of(location))
                            .build());
            while (responses.hasNext()) {
                CreateBackupResponse response = responses.next();
                if (response.hasProgress()) {
                    report.show(response.getProgress());
                } else {
                    backup = response.getBackup();
                }
            }
        }
        console.printJson(backup);
        console.print(backup.getName() + ": " + Format.counted(backup.getRows(), "row") + ", "
                + Format.counted(backup.getArtifacts(), "artifact") + " (" + Format.bytes(backup.getArtifactBytes())
                + "), copied " + backup.getCopiedArtifacts() + " (" + Format.bytes(backup.getCopiedBytes()) + ")");
        return BackupReport.dangling(backup, console);
    }
}
