package io.rootstock.cli.command.admin;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Pages;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.registry.v1.Backup;
import io.rootstock.registry.v1.ListBackupsRequest;
import io.rootstock.registry.v1.ListBackupsResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rootstock admin backups}. */
@Command(
        name = "backups",
        mixinStandardHelpOptions = true,
        header = "List the backups of a location, newest first",
        footer = {"", "Example:", "  rootstock admin backups --from /mnt/backup"})
public final class AdminBackupsCommand extends ServiceCommand {
    @Option(
            names = "--from",
            required = true,
            paramLabel = "LOCATION",
            description = "Directory on the registry's machine, or s3://BUCKET/PREFIX with the registry's credentials")
    private String location;

    @Override
    protected int run(Clients clients, Console console) {
        Table table = new Table("name", "time", "rows", "artifacts", "size", "dangling");
        for (Backup backup : Pages.all(
                token -> clients.admin()
                        .listBackups(ListBackupsRequest.newBuilder()
                                .setFrom(BackupLocation.of(location))
                                .setPageToken(token)
                                .build()),
                ListBackupsResponse::getBackupsList,
                ListBackupsResponse::getNextPageToken)) {
            console.printJson(backup);
            if (backup.getDamaged()) {
                table.row(backup.getName(), "damaged", "", "", "", "");
                continue;
            }
            table.row(
                    backup.getName(),
                    Format.time(backup.getTime()),
                    Long.toString(backup.getRows()),
                    Long.toString(backup.getArtifacts()),
                    Format.bytes(backup.getArtifactBytes()),
                    Long.toString(backup.getDanglingTotal()));
        }
        table.print(console);
        return 0;
    }
}
