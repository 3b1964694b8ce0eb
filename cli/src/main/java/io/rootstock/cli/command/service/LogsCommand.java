package io.rootstock.cli.command.service;

import io.rootstock.cli.command.CommonOptions;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.LogFile;
import io.rootstock.cli.installation.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock logs}. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        header = "Print the log of a service on this machine",
        description =
                "Prints the last lines of the log of a service of the data directory. `rootstock jobs logs` prints"
                        + " the events of a job.",
        footer = {"", "Example:", "  rootstock logs trainer --tail 100 -f"})
public final class LogsCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Parameters(
            index = "0",
            paramLabel = "SERVICE",
            description = "Service: registry, tokenizer, trainer, inference or evaluator")
    private Service service;

    @Option(
            names = {"-f", "--follow"},
            description = "Print new lines as they are written, until Ctrl-C")
    private boolean follow;

    @Option(
            names = "--tail",
            paramLabel = "N",
            defaultValue = "50",
            description = "Number of lines at the end of the log to begin with [default: ${DEFAULT-VALUE}]")
    private int lines;

    @Override
    public Integer call() {
        if (lines < 0) {
            throw new CliException("--tail must be at least 0, was " + lines, "omit it to print 50 lines");
        }
        Console console = common.console();
        Path file = common.installation().log(service);
        if (!Files.isRegularFile(file) && !follow) {
            throw new CliException(
                    "the " + service.label() + " service has no log: " + file + " does not exist", "run: rootstock up");
        }
        LogFile log = new LogFile(file);
        log.tail(lines).forEach(line -> print(line, console));
        while (follow && !console.out().checkError()) {
            log.next().forEach(line -> print(line, console));
        }
        return 0;
    }

    private void print(String line, Console console) {
        console.printJson(Map.of("service", service.label(), "line", line));
        console.print(line);
    }
}
