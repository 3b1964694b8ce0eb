package io.rootstock.cli.command.suite;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.suite.LocalSuite;
import io.rootstock.cli.suite.MissingRowFiles;
import io.rootstock.cli.suite.RowCheck.TaskRows;
import io.rootstock.cli.suite.SuiteCreation;
import io.rootstock.evaluation.task.SuiteFiles;
import io.rootstock.evaluation.task.suite.BuiltInSuites;
import io.rootstock.evaluation.task.suite.FolderFiles;
import io.rootstock.evaluation.v1.CreateSuiteRevisionRequest;
import io.rootstock.evaluation.v1.SuiteRevision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock suites create}. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        header = "Create a suite, or a new revision of it, from a folder",
        description = {
            "Reads suite.yaml, its task files (a subset of lm-evaluation-harness' YAML) and their row files, renders the"
                    + " rows as an evaluator does, and uploads the files that the installation does not have. The same"
                    + " files as in the newest revision give that revision.",
            "--built-in takes the task files of a suite of Rootstock; --data has its row files."
        },
        footer = {
            "",
            "Examples:",
            "  rootstock suites create mine --from ./suite",
            "  rootstock suites create base --built-in base --data ./data"
        })
final class SuitesCreateCommand extends ServiceCommand {
    @Parameters(paramLabel = "NAME", description = "Suite name: lower-case letters, digits and hyphens")
    private String name;

    @Option(names = "--from", paramLabel = "FOLDER", description = "Folder with suite.yaml")
    private Path from;

    @Option(
            names = "--built-in",
            paramLabel = "abilities|base|classifier|emergence|instruct",
            description = "Suite of Rootstock, in place of --from")
    private String builtIn;

    @Option(names = "--data", paramLabel = "FOLDER", description = "Folder with the row files of --built-in")
    private Path data;

    @Option(
            names = "--description",
            paramLabel = "TEXT",
            description = "Description of the revision [default: the one of suite.yaml]")
    private String description;

    @Option(
            names = "--check-rows",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Render all rows before the upload; --no-check-rows: only the first row of each task"
                    + " [default: ${DEFAULT-VALUE}]")
    private boolean checkRows;

    @Option(
            names = "--request-id",
            paramLabel = "ID",
            defaultValue = "",
            description = "Idempotency key: a repeated request with the same ID returns the existing revision")
    private String requestId;

    @Override
    protected int run(Clients clients, Console console) {
        LocalSuite local = LocalSuite.read(files());
        MissingRowFiles.require(local, folder(), console);
        SuiteCreation created = SuiteCreation.create(
                clients,
                local,
                checkRows,
                CreateSuiteRevisionRequest.newBuilder()
                        .setSuite(Names.of("suites", name))
                        .setDescription(description == null ? "" : description)
                        .setRequestId(requestId)
                        .build(),
                console);
        SuiteRevision revision = created.revision();
        List<TaskRows> rows = created.rows();
        console.printJson(revision);
        console.print("%s  %s, %s"
                .formatted(
                        revision.getName(),
                        Format.counted(rows.size(), "task"),
                        Format.counted(rows.stream().mapToLong(TaskRows::rows).sum(), "row")));
        Map<String, Integer> counts = rows.stream().collect(Collectors.toMap(TaskRows::task, TaskRows::rows));
        TaskTable.of(revision, counts).print(console);
        console.note("hint: rootstock eval run MODEL --suite " + Names.id(Names.of("suites", name)));
        return 0;
    }

    private SuiteFiles files() {
        if ((from == null) == (builtIn == null)) {
            throw usage("name one source: --from FOLDER, or --built-in SUITE with --data FOLDER");
        }
        if ((builtIn == null) != (data == null)) {
            throw usage(
                    builtIn == null
                            ? "--data is for --built-in; the row files of --from are in its folder"
                            : "--built-in requires --data FOLDER, the folder with its row files");
        }
        if (!Files.isDirectory(folder())) {
            throw new CliException("folder not found: " + folder(), "check the path");
        }
        if (builtIn != null && !BuiltInSuites.names().contains(builtIn)) {
            throw usage("unknown built-in suite '" + builtIn + "'; known suites: "
                    + String.join(", ", BuiltInSuites.names()));
        }
        FolderFiles files = new FolderFiles(folder());
        return builtIn == null ? files : BuiltInSuites.files(builtIn, files);
    }

    private Path folder() {
        return from == null ? data : from;
    }
}
