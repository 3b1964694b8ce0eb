package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.command.alias.ModelsCanaryCommand;
import io.rootstock.cli.command.alias.ModelsCanaryStatusCommand;
import io.rootstock.cli.command.alias.ModelsDemoteCommand;
import io.rootstock.cli.command.alias.ModelsHistoryCommand;
import io.rootstock.cli.command.alias.ModelsPromoteCommand;
import io.rootstock.cli.command.alias.ModelsRollbackCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.LineageTree;
import io.rootstock.registry.v1.GetLineageRequest;
import io.rootstock.registry.v1.GetLineageResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock models}: groups its commands. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        header = "Manage models, their versions and aliases",
        footer = {"", "Example:", "  rootstock models promote javadoc:2"})
@Subcommands({
    ModelsListCommand.class,
    ModelsShowCommand.class,
    ModelsImportCommand.class,
    ModelsExportCommand.class,
    ModelsVersionsCommand.class,
    ModelsEditCommand.class,
    ModelsPromoteCommand.class,
    ModelsRollbackCommand.class,
    ModelsCanaryCommand.class,
    ModelsCanaryStatusCommand.class,
    ModelsDemoteCommand.class,
    ModelsCommand.LineageCommand.class,
    ModelsHistoryCommand.class,
    ModelsDeleteCommand.class,
    ModelsCommand.ArchiveCommand.class,
    ModelsCommand.UnarchiveCommand.class,
    ModelsCommand.PinCommand.class,
    ModelsCommand.UnpinCommand.class,
    ModelsQuantizeCommand.class
})
public final class ModelsCommand extends GroupCommand {
    /** {@code rootstock models archive}. */
    @Command(
            name = "archive",
            mixinStandardHelpOptions = true,
            header = "Archive a version",
            description =
                    "An archived version is not listed by default, is not the latest version and cannot be promoted; its artifacts are kept.",
            footer = {"", "Example:", "  rootstock models archive javadoc:2"})
    static final class ArchiveCommand extends ServiceCommand {
        @Parameters(paramLabel = "MODEL:NUMBER", description = "Version to change")
        private String version;

        @Override
        protected int run(Clients clients, Console console) {
            return Versions.update(clients, console, version, change -> change.setArchived(true));
        }
    }

    /** {@code rootstock models lineage}. */
    @Command(
            name = "lineage",
            mixinStandardHelpOptions = true,
            header = "Show the ancestors and descendants of a version",
            footer = {"", "Example:", "  rootstock models lineage javadoc@production"})
    static final class LineageCommand extends ServiceCommand {
        @Parameters(
                paramLabel = "VERSION",
                description = "Version: MODEL (latest version), MODEL@ALIAS or MODEL:NUMBER")
        private String version;

        @Override
        protected int run(Clients clients, Console console) {
            GetLineageResponse lineage = clients.models()
                    .getLineage(GetLineageRequest.newBuilder()
                            .setName(Names.version(version, "latest"))
                            .build());
            console.printJson(lineage.getRoot());
            LineageTree.lines(lineage.getRoot()).forEach(console::print);
            if (lineage.getTruncated()) {
                console.note("the tree has more versions than are shown");
            }
            return 0;
        }
    }

    /** {@code rootstock models pin}. */
    @Command(
            name = "pin",
            mixinStandardHelpOptions = true,
            header = "Protect a version from deletion",
            description = "A pinned version cannot be deleted and does not expire.",
            footer = {"", "Example:", "  rootstock models pin javadoc:2"})
    static final class PinCommand extends ServiceCommand {
        @Parameters(paramLabel = "MODEL:NUMBER", description = "Version to change")
        private String version;

        @Override
        protected int run(Clients clients, Console console) {
            return Versions.update(clients, console, version, change -> change.setPinned(true));
        }
    }

    /** {@code rootstock models unarchive}. */
    @Command(
            name = "unarchive",
            mixinStandardHelpOptions = true,
            header = "List a version again and permit its promotion",
            description = "Ends `models archive`.",
            footer = {"", "Example:", "  rootstock models unarchive javadoc:2"})
    static final class UnarchiveCommand extends ServiceCommand {
        @Parameters(paramLabel = "MODEL:NUMBER", description = "Version to change")
        private String version;

        @Override
        protected int run(Clients clients, Console console) {
            return Versions.update(clients, console, version, change -> change.setArchived(false));
        }
    }

    /** {@code rootstock models unpin}. */
    @Command(
            name = "unpin",
            mixinStandardHelpOptions = true,
            header = "Permit the deletion of a version",
            description = "Ends `models pin`.",
            footer = {"", "Example:", "  rootstock models unpin javadoc:2"})
    static final class UnpinCommand extends ServiceCommand {
        @Parameters(paramLabel = "MODEL:NUMBER", description = "Version to change")
        private String version;

        @Override
        protected int run(Clients clients, Console console) {
            return Versions.update(clients, console, version, change -> change.setPinned(false));
        }
    }
}
