package io.rootstock.cli;

import io.grpc.StatusRuntimeException;
import io.rootstock.cli.command.shell.Candidates;
import io.rootstock.cli.completion.Completion;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.error.ErrorReport;
import io.rootstock.cli.error.OptionNames;
import io.rootstock.cli.installation.Supervisor;
import io.rootstock.yaml.InvalidFileException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Main class. Exit codes: 0 success, 1 failure, 2 usage error, 3 access denied, 130 interrupted. A failure prints an error and a hint;
 * {@code --verbose} adds the stack trace.
 */
public final class Rootstock {
    private static final int ACCESS_DENIED = 3;

    private Rootstock() {}

    /** Runs one command and exits the JVM with its exit code. */
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        if (arguments.length > 0 && arguments[0].equals(Supervisor.COMMAND)) {
            Supervisor.main(Arrays.copyOfRange(arguments, 1, arguments.length));
            return;
        }
        NativeExecutable.configure();
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, false, StandardCharsets.UTF_8);
        CommandLine line = commandLine(CommandTree.of(arguments), out, err);
        int code = 0;
        if (arguments.length > 0 && arguments[0].equals(Completion.COMMAND)) {
            Candidates.of(line, List.of(arguments).subList(1, arguments.length)).forEach(out::println);
        } else {
            code = line.execute(arguments);
        }
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** The command line with all commands, with output and error streams. */
    public static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return commandLine(CommandTree.allCommands(), out, err);
    }

    /** The command line with the commands of the tree. */
    static CommandLine commandLine(CommandTree tree, PrintWriter out, PrintWriter err) {
        CommandLine line = tree.create(RootCommand.class)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler(Rootstock::reportUsageError)
                .setExecutionExceptionHandler(Rootstock::reportFailure);
        // picocli's own converter is found by reflection, which the native executable does not have.
        line.registerConverter(Path.class, Path::of);
        // Texts and option values may begin with @; argument files are not supported.
        line.setExpandAtFiles(false);
        CommandHelp.format(line);
        return line;
    }

    private static int reportUsageError(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("error: "
                + (failure instanceof UnmatchedArgumentException unmatched ? named(unmatched) : failure.getMessage()));
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("hint: " + command.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    /** Names the unknown options, or else the unknown arguments; the values that follow unknown options are neither. */
    private static String named(UnmatchedArgumentException unmatched) {
        List<String> words = unmatched.getUnmatched();
        List<String> options =
                words.stream().filter(word -> word.startsWith("-")).toList();
        String kind = options.isEmpty() ? "argument" : "option";
        List<String> named = options.isEmpty() ? words : options;
        return "unknown " + kind + (named.size() == 1 ? " '" : "s '") + String.join("', '", named) + "'";
    }

    private static int reportFailure(Exception failure, CommandLine line, ParseResult parsed) {
        boolean verbose = parsed.expandedArgs().contains("--verbose");
        PrintWriter err = line.getErr();
        line.getOut().flush();
        errorLines(failure, new OptionNames(line.getCommandSpec()), verbose).forEach(err::println);
        if (verbose) {
            failure.printStackTrace(err);
        }
        err.flush();
        return ErrorReport.isAccessDenied(failure) ? ACCESS_DENIED : CommandLine.ExitCode.SOFTWARE;
    }

    /** The error and the hint of a failure. */
    static List<String> errorLines(Throwable failure, OptionNames names, boolean verbose) {
        List<String> lines = new ArrayList<>();
        switch (failure) {
            case StatusRuntimeException status ->
                lines.addAll(names.apply(ErrorReport.of(status)).lines());
            case CliException known -> {
                lines.add("error: " + known.getMessage());
                if (!known.hint().isEmpty()) {
                    lines.add("hint: " + known.hint());
                }
            }
            // The hint is the second line of the message.
            case InvalidFileException invalid ->
                lines.addAll(("error: " + invalid.getMessage()).lines().toList());
            default -> {
                lines.add("error: " + failure);
                if (!verbose) {
                    lines.add("hint: unexpected error; report it with the output of --verbose");
                }
            }
        }
        return lines;
    }

    /** Settings of the native executable, which GraalVM compiles from this program. */
    private static final class NativeExecutable {
        private NativeExecutable() {}

        /** Whether this process is the native executable. */
        static boolean isRunning() {
            return System.getProperty("org.graalvm.nativeimage.imagecode") != null;
        }

        /**
         * Sets Netty up before its classes are loaded. It would warn of a machine without a network address other than loopback.
         * Without offsets of fields, which the compiler cannot compute for the executable, its queues and buffers are the plain
         * ones of the JDK; a connection of the command line carries little.
         */
        static void configure() {
            System.setProperty("io.netty.machineId", "00:00:00:00:00:00");
            if (isRunning()) {
                System.setProperty("io.netty.noUnsafe", "true");
            }
        }
    }
}
