package io.rootstock.cli.command.admin;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.DeletionCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.registry.v1.DeleteBackupRequest;
import io.rootstock.registry.v1.DeleteBackupResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock admin delete-backup}. */
@Command(
        name = "delete-backup",
        mixinStandardHelpOptions = true,
        header = "Delete a backup with the artifacts that no other backup has",
        description = "Artifacts that a backup stored within the last day stay until a later deletion, because another"
                + " installation may be making a backup in the same location.",
        footer = {"", "Example:", "  rootstock admin delete-backup backup-20260131t080000.000z --from /mnt/backup"})
public final class AdminDeleteBackupCommand extends DeletionCommand {
    @Parameters(paramLabel = "BACKUP", description = "Name of the backup, as in rootstock admin backups")
    private String backup;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "LOCATION",
            description = "Directory on the registry's machine, or s3://BUCKET/PREFIX with the registry's credentials")
    private String location;

    @Override
    protected int run(Clients clients, Console console) {
        return delete(console, backup, "delete " + backup + "?", () -> {
            DeleteBackupResponse response = clients.admin()
                    .deleteBackup(DeleteBackupRequest.newBuilder()
                            .setFrom(BackupLocation.of(location))
                            .setBackup(backup)
                            .build());
            console.print("removed " + Format.counted(response.getRemovedArtifacts(), "artifact") + " ("
                    + Format.bytes(response.getRemovedBytes()) + ")");
            if (response.getKeptArtifacts() > 0) {
                console.note(Format.counted(response.getKeptArtifacts(), "artifact") + " ("
                        + Format.bytes(response.getKeptBytes())
                        + ") of the last day stay until a later deletion");
            }
        });
    }
}
