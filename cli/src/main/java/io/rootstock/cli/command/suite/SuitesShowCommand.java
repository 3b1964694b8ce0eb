package io.rootstock.cli.command.suite;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Details;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.evaluation.v1.GetSuiteRevisionRequest;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteRevision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock suites show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        header = "Show the tasks of a suite",
        footer = {"", "Examples:", "  rootstock suites show base", "  rootstock suites show base/revisions/1 --files"})
final class SuitesShowCommand extends ServiceCommand {
    @Parameters(paramLabel = "SUITE", description = "Suite (newest revision), or SUITE/revisions/NUMBER")
    private String suite;

    @Option(names = "--files", description = "List the files with their digests")
    private boolean files;

    @Override
    protected int run(Clients clients, Console console) {
        SuiteRevision revision = get(clients, suite);
        console.printJson(revision);
        long bytes =
                revision.getFilesList().stream().mapToLong(SuiteFile::getBytes).sum();
        new Details()
                .add("revision", revision.getName())
                .add("description", revision.getDescription())
                .add("files", Format.counted(revision.getFilesCount(), "file") + ", " + Format.bytes(bytes))
                .add("created", Format.time(revision.getCreateTime()))
                .print(console);
        console.print("");
        TaskTable.of(revision).print(console);
        if (files) {
            console.print("");
            Table table = new Table("file", "size", "digest");
            revision.getFilesList()
                    .forEach(file -> table.row(file.getPath(), Format.bytes(file.getBytes()), file.getDigest()));
            table.print(console);
        }
        return 0;
    }

    /** Returns a revision by SUITE or SUITE/revisions/NUMBER. */
    static SuiteRevision get(Clients clients, String suite) {
        return clients.suites()
                .getSuiteRevision(GetSuiteRevisionRequest.newBuilder()
                        .setName(Names.of("suites", suite))
                        .build())
                .getRevision();
    }
}
