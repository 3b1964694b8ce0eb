package io.rootstock.cli.command.admin;

import io.rootstock.cli.command.CommonOptions;
import io.rootstock.cli.display.Console;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rootstock admin restore}. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        header = "Restore a backup into an empty installation",
        description = "Restores into the data directory, or into the database and artifact store of the environment"
                + " (ROOTSTOCK_REGISTRY_DATABASE_URL, ROOTSTOCK_ARTIFACTS_URL), which must have no models, jobs, files,"
                + " tokenizers or datasets; the services must be stopped. Every artifact is verified. An interrupted"
                + " restoration can be repeated.",
        footer = {
            "",
            "Examples:",
            "  rootstock admin restore --from /mnt/backup --home /srv/rootstock",
            "  rootstock up --home /srv/rootstock"
        })
public final class AdminRestoreCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "LOCATION",
            description = "Directory, or s3://BUCKET/PREFIX with the credentials of the environment")
    private String location;

    @Option(names = "--backup", paramLabel = "NAME", description = "Name of the backup [default: the newest]")
    private String backup;

    @Override
    public Integer call() {
        Console console = common.console();
        int code = common.installation().restore(BackupLocation.of(location), Optional.ofNullable(backup));
        console.note(code == 0 ? "hint: start the services with rootstock up" : "the backup was not restored");
        return code == 0 ? 0 : 1;
    }
}
