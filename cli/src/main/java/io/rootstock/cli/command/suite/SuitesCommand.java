package io.rootstock.cli.command.suite;

import io.rootstock.cli.client.ArtifactDownload;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeletionCommand;
import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Progress;
import io.rootstock.cli.suite.SuiteDownload;
import io.rootstock.evaluation.v1.DeleteSuiteRequest;
import io.rootstock.evaluation.v1.DeleteSuiteResponse;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteRevision;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock suites}: groups its commands. */
@Command(
        name = "suites",
        mixinStandardHelpOptions = true,
        header = "Create, list, export and delete suites of evaluation tasks",
        footer = {"", "Example:", "  rootstock suites create base --built-in base --data ./data"})
@Subcommands({
    SuitesCreateCommand.class,
    SuitesListCommand.class,
    SuitesShowCommand.class,
    SuitesRevisionsCommand.class,
    SuitesCommand.ExportCommand.class,
    SuitesCommand.DeleteCommand.class
})
public final class SuitesCommand extends GroupCommand {
    /** {@code rootstock suites delete}. */
    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            header = "Delete a suite with its revisions",
            description = "Fails while an evaluation uses it. `rootstock prune` frees its files.",
            footer = {"", "Example:", "  rootstock suites delete mine"})
    static final class DeleteCommand extends DeletionCommand {
        @Parameters(paramLabel = "SUITE", description = "Suite name")
        private String suite;

        @Override
        protected int run(Clients clients, Console console) {
            String name = Names.of("suites", suite);
            return delete(console, name, "delete " + name + " with its revisions?", () -> {
                DeleteSuiteResponse _ = clients.suites()
                        .deleteSuite(
                                DeleteSuiteRequest.newBuilder().setName(name).build());
            });
        }
    }

    /** {@code rootstock suites export}. */
    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            header = "Write the files of a suite to a folder",
            description =
                    "The folder can be given to `suites create --from`, and its task files to lm-evaluation-harness.",
            footer = {"", "Example:", "  rootstock suites export base --to ./base"})
    static final class ExportCommand extends ServiceCommand {
        @Parameters(paramLabel = "SUITE", description = "Suite (newest revision), or SUITE/revisions/NUMBER")
        private String suite;

        @Option(names = "--to", paramLabel = "FOLDER", required = true, description = "Target folder; must not exist")
        private Path folder;

        @Override
        protected int run(Clients clients, Console console) {
            SuiteRevision revision = SuitesShowCommand.get(clients, suite);
            long bytes = revision.getFilesList().stream()
                    .mapToLong(SuiteFile::getBytes)
                    .sum();
            try (Progress progress = Progress.open(console, "export")) {
                ArtifactDownload download = new ArtifactDownload(
                        clients, received -> progress.show(received, bytes, Format.bytes(received)));
                new SuiteDownload(download).write(revision, folder);
            }
            console.printJson(revision);
            console.print("%s  %s  %s"
                    .formatted(revision.getName(), Format.counted(revision.getFilesCount(), "file"), folder));
            return 0;
        }
    }
}
