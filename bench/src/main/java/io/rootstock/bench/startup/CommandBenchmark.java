package io.rootstock.bench.startup;

import io.rootstock.bench.rounds.Figures;
import io.rootstock.bench.rounds.Samples;
import io.rootstock.bench.rounds.SideBySide;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.Service;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Measures {@code ./rootstock models list} against a running registry, in each form of the command line. */
public final class CommandBenchmark {
    private static final int ROUNDS = 21;
    private static final int WARM_UPS = 2;

    private CommandBenchmark() {}

    /** One run: elapsed time and processor time of the launcher and the command. */
    private record Run(double milliseconds, double processorMilliseconds) {}

    /** Measures; prints a table and the figures. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("rootstock-command");
        try (Installation installation = Installation.onFreePorts(home)) {
            installation.start(List.of(Service.REGISTRY));
            List<CommandForm> forms = Arrays.stream(CommandForm.values())
                    .filter(CommandForm::isBuilt)
                    .toList();
            List<Samples<Run>> samples = SideBySide.run(
                    WARM_UPS,
                    ROUNDS,
                    forms.stream()
                            .<SideBySide.Turn<Run>>map(form -> () -> run(form, home))
                            .toList());
            print(forms, samples);
        } finally {
            FileTree.delete(home);
        }
    }

    private static Run run(CommandForm form, Path home) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        "bash",
                        "-c",
                        "TIMEFORMAT='%R %U %S'; time ./rootstock models list --home \"$0\" >/dev/null",
                        home.toString())
                .redirectErrorStream(true);
        builder.environment().put("ROOTSTOCK_FORM", form.label());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        String[] seconds = output.split(" ", -1);
        if (process.waitFor() != 0 || seconds.length != 3) {
            throw new IllegalStateException("models list failed in form " + form.label() + ": " + output);
        }
        return new Run(
                1e3 * Double.parseDouble(seconds[0]),
                1e3 * (Double.parseDouble(seconds[1]) + Double.parseDouble(seconds[2])));
    }

    private static void print(List<CommandForm> forms, List<Samples<Run>> samples) {
        System.out.println("`rootstock models list`, medians of " + ROUNDS + " runs");
        System.out.printf("%-20s %8s %10s %10s %10s%n", "form", "ms", "least ms", "most ms", "CPU ms");
        for (int form = 0; form < forms.size(); form++) {
            Samples<Run> of = samples.get(form);
            System.out.printf(
                    Locale.ROOT,
                    "%-20s %8.0f %10.0f %10.0f %10.0f%n",
                    forms.get(form).title(),
                    of.median(Run::milliseconds),
                    of.smallest(Run::milliseconds),
                    of.largest(Run::milliseconds),
                    of.median(Run::processorMilliseconds));
        }
        for (CommandForm form : CommandForm.values()) {
            int at = forms.indexOf(form);
            Figures.print(
                    form.label() + "_ms", at < 0 ? Double.NaN : samples.get(at).median(Run::milliseconds));
        }
    }
}
