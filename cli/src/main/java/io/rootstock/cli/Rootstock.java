package io.rootstock.cli;

import io.grpc.StatusRuntimeException;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.error.ErrorReport;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import picocli.CommandLine;

/**
 * The program. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted. A failure is told in words, with what to
 * do about it; {@code --verbose} adds the stack trace.
 */
public final class Rootstock {
    private Rootstock() {}

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, false, StandardCharsets.UTF_8);
        int code = commandLine(out, err).execute(arguments);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** The command line, writing to the given streams. */
    public static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new RootCommand())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler(Rootstock::misused)
                .setExecutionExceptionHandler(Rootstock::failed);
        // Texts and option values may begin with @; a file of arguments is not a feature here.
        line.setExpandAtFiles(false);
        calmHelp(line);
        return line;
    }

    /** Help in the order in which options matter, without a synopsis that repeats all of them. */
    private static void calmHelp(CommandLine line) {
        line.getCommandSpec().usageMessage().abbreviateSynopsis(true).sortOptions(false);
        line.getSubcommands().values().forEach(Rootstock::calmHelp);
    }

    private static int misused(ParameterException misuse, String[] arguments) {
        CommandLine command = misuse.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("error: " + misuse.getMessage());
        UnmatchedArgumentException.printSuggestions(misuse, err);
        err.println("  usage and an example: " + command.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception failure, CommandLine line, ParseResult parsed) {
        boolean verbose = parsed.expandedArgs().contains("--verbose");
        PrintWriter err = line.getErr();
        line.getOut().flush();
        lines(failure, verbose).forEach(err::println);
        if (verbose) {
            failure.printStackTrace(err);
        }
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** A failure in words. */
    static List<String> lines(Throwable failure, boolean verbose) {
        List<String> lines = new ArrayList<>();
        switch (failure) {
            case StatusRuntimeException status ->
                lines.addAll(ErrorReport.of(status).lines());
            case CliException mine -> {
                lines.add("error: " + mine.getMessage());
                if (!mine.hint().isEmpty()) {
                    lines.add("  hint: " + mine.hint());
                }
            }
            default -> {
                lines.add("error: " + failure);
                if (!verbose) {
                    lines.add("  this is a defect of rootstock; --verbose shows where it happened");
                }
            }
        }
        return lines;
    }
}
