package io.rootstock.bench.startup;

import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.bench.rounds.Figures;
import io.rootstock.bench.rounds.Samples;
import io.rootstock.bench.rounds.SideBySide;
import io.rootstock.bench.service.FixedRegistry;
import io.rootstock.bench.service.Form;
import io.rootstock.bench.service.RunningService;
import io.rootstock.files.FileTree;
import io.rootstock.registry.v1.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Measures the packagings of the service in alternation, so that other activity of the machine affects all of them:
 * first without a model, then with one, whose file is verified, loaded and warmed up before the first response; then
 * the generation speed.
 */
public final class StartupBenchmark {
    private static final int STARTS = 7;
    private static final int MODEL_STARTS = 5;
    private static final int RATES = 9;
    private static final int RATE_TOKENS = 256;
    private static final int IDLE_SECONDS = 3;

    private StartupBenchmark() {}

    /** Measures; prints a table and the figures. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("rootstock-startup");
        try {
            Path empty = Files.createDirectories(folder.resolve("empty"));
            Path home = Files.createDirectories(folder.resolve("home"));
            Version version = RandomModel.write(
                    new DirectoryArtifactStore(home.resolve("artifacts")),
                    Files.createDirectories(folder.resolve("model")));
            try (FixedRegistry nothing = new FixedRegistry(List.of());
                    FixedRegistry registry = new FixedRegistry(List.of(version))) {
                measure(empty, nothing.port(), home, registry.port());
            }
        } finally {
            FileTree.delete(folder);
        }
    }

    /** One start of a packaging: milliseconds until the first response, resident megabytes some seconds later. */
    private record Start(double milliseconds, double megabytes) {}

    /** Measures of one packaging. */
    private record Measured(Samples<Start> empty, Samples<Start> withModel) {}

    private static void measure(Path empty, int nothing, Path home, int registry)
            throws IOException, InterruptedException {
        List<Form> forms = List.of(Form.values());
        // The warm-up round fills the disk cache and loads this client's classes.
        List<Samples<Start>> starts = SideBySide.run(
                1,
                STARTS,
                forms.stream()
                        .<SideBySide.Turn<Start>>map(
                                form -> () -> start(form, empty, nothing, RunningService::firstAnswer))
                        .toList());
        List<Samples<Start>> modelStarts = SideBySide.run(
                1,
                MODEL_STARTS,
                forms.stream()
                        .<SideBySide.Turn<Start>>map(form ->
                                () -> start(form, home, registry, service -> service.firstToken(RandomModel.NAME)))
                        .toList());
        Map<Form, Measured> measured = new EnumMap<>(Form.class);
        for (int form = 0; form < forms.size(); form++) {
            measured.put(forms.get(form), new Measured(starts.get(form), modelStarts.get(form)));
        }
        print(measured, rates(home, registry));
    }

    /** Milliseconds that a service needs to do something. */
    @FunctionalInterface
    private interface Duration {
        double of(RunningService service) throws IOException;
    }

    private static Start start(Form form, Path home, int registry, Duration duration)
            throws IOException, InterruptedException {
        try (RunningService service = new RunningService(form, home, registry)) {
            double milliseconds = duration.of(service);
            TimeUnit.SECONDS.sleep(IDLE_SECONDS);
            return new Start(milliseconds, service.residentMegabytes());
        }
    }

    /**
     * Returns tokens per second of the jar and of the executable; both run at once and take turns, so that each pair
     * sees the same machine.
     */
    private static Map<Form, Samples<Double>> rates(Path home, int registry) throws IOException, InterruptedException {
        try (RunningService jvm = new RunningService(Form.JVM, home, registry)) {
            jvm.firstToken(RandomModel.NAME);
            try (RunningService executable = new RunningService(Form.NATIVE, home, registry)) {
                executable.firstToken(RandomModel.NAME);
                List<Samples<Double>> rates = SideBySide.run(
                        2,
                        RATES,
                        List.of(
                                () -> jvm.tokensPerSecond(RandomModel.NAME, RATE_TOKENS),
                                () -> executable.tokensPerSecond(RandomModel.NAME, RATE_TOKENS)));
                return Map.of(Form.JVM, rates.getFirst(), Form.NATIVE, rates.getLast());
            }
        }
    }

    private static void print(Map<Form, Measured> measured, Map<Form, Samples<Double>> rates) {
        System.out.println("medians of " + STARTS + " starts without a model and " + MODEL_STARTS
                + " with one of 26 million weights; memory " + IDLE_SECONDS + " s after the first answer");
        System.out.printf(
                "%-20s %16s %15s %10s %15s %10s %8s%n",
                "form", "first answer ms", "first token ms", "idle MB", "with model MB", "tokens/s", "disk MB");
        measured.forEach((form, of) -> System.out.printf(
                Locale.ROOT,
                "%-20s %16.1f %15.1f %10.1f %15.1f %10s %8.1f%n",
                form.title(),
                of.empty.median(Start::milliseconds),
                of.withModel.median(Start::milliseconds),
                of.empty.median(Start::megabytes),
                of.withModel.median(Start::megabytes),
                rates.containsKey(form)
                        ? String.format(Locale.ROOT, "%.1f", rates.get(form).median(Double::doubleValue))
                        : "",
                form.size() / 1048576.0));
        Figures.print(
                "native_tokens_per_second_ratio",
                rates.get(Form.NATIVE).medianRatio(rates.get(Form.JVM), Double::doubleValue));
        for (Form form : List.of(Form.NATIVE, Form.JVM, Form.AOT)) {
            String name = form.name().toLowerCase(Locale.ROOT);
            Figures.print(name + "_first_token_ms", measured.get(form).withModel.median(Start::milliseconds));
            Figures.print(name + "_first_answer_ms", measured.get(form).empty.median(Start::milliseconds));
        }
        Figures.print("native_idle_rss_mb", measured.get(Form.NATIVE).empty.median(Start::megabytes));
    }
}
