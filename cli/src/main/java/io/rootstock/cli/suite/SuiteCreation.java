package io.rootstock.cli.suite;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Progress;
import io.rootstock.cli.suite.RowCheck.TaskRows;
import io.rootstock.evaluation.v1.CreateSuiteRevisionRequest;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteRevision;
import java.util.List;

/**
 * A revision of a suite that was created from files of this machine, or had the same files.
 *
 * @param rows numbers of rows in the order of the suite
 */
public record SuiteCreation(SuiteRevision revision, List<TaskRows> rows) {

    /**
     * Renders the rows, uploads the files that the installation does not have, and creates the revision. Its description is
     * the one of suite.yaml if the request has none.
     *
     * @param allRows whether all rows are rendered; else the first row of each task
     * @param request request without files
     * @throws io.rootstock.yaml.InvalidFileException with file, line and remedy of the first malformed row
     */
    public static SuiteCreation create(
            Clients clients, LocalSuite local, boolean allRows, CreateSuiteRevisionRequest request, Console console) {
        List<TaskRows> rows = check(local, allRows, console);
        List<SuiteFile> contents = local.contents();
        upload(clients, local, contents, console);
        CreateSuiteRevisionRequest.Builder complete = request.toBuilder().addAllFiles(contents);
        if (request.getDescription().isEmpty()) {
            complete.setDescription(local.suite().description());
        }
        return new SuiteCreation(
                clients.suites().createSuiteRevision(complete.build()).getRevision(), rows);
    }

    private static List<TaskRows> check(LocalSuite local, boolean allRows, Console console) {
        try (Progress progress = Progress.open(console, "check")) {
            return new RowCheck(local, allRows, progress).run();
        }
    }

    private static void upload(Clients clients, LocalSuite local, List<SuiteFile> contents, Console console) {
        long bytes = contents.stream().mapToLong(SuiteFile::getBytes).sum();
        try (Progress progress = Progress.open(console, "upload")) {
            local.upload(
                    clients,
                    contents,
                    sent -> progress.show(sent, bytes, Format.bytes(sent) + " of " + Format.bytes(bytes)));
        }
    }
}
