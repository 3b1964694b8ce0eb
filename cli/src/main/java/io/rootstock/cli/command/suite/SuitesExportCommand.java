package io.rootstock.cli.command.suite;

import io.rootstock.cli.client.ArtifactDownload;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Progress;
import io.rootstock.cli.suite.SuiteDownload;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteRevision;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock suites export}. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        header = "Write the files of a suite to a folder",
        description = "The folder can be given to `suites create --from`, and its task files to lm-evaluation-harness.",
        footer = {"", "Example:", "  rootstock suites export base --to ./base"})
final class SuitesExportCommand extends ServiceCommand {
    @Parameters(paramLabel = "SUITE", description = "Suite (newest revision), or SUITE/revisions/NUMBER")
    private String suite;

    @Option(names = "--to", paramLabel = "FOLDER", required = true, description = "Target folder; must not exist")
    private Path folder;

    @Override
    protected int run(Clients clients, Console console) {
        SuiteRevision revision = SuitesShowCommand.get(clients, suite);
        long bytes =
                revision.getFilesList().stream().mapToLong(SuiteFile::getBytes).sum();
        try (Progress progress = Progress.open(console, "export")) {
            ArtifactDownload download =
                    new ArtifactDownload(clients, received -> progress.show(received, bytes, Format.bytes(received)));
            new SuiteDownload(download).write(revision, folder);
        }
        console.printJson(revision);
        console.print(
                "%s  %s  %s".formatted(revision.getName(), Format.counted(revision.getFilesCount(), "file"), folder));
        return 0;
    }
}
