package io.rootstock.bench.startup;

import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.bench.service.FixedRegistry;
import io.rootstock.bench.service.Form;
import io.rootstock.bench.service.RunningService;
import io.rootstock.files.FileTree;
import io.rootstock.registry.v1.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /** Measurements of one packaging; the figures are their medians. */
    private static final class Measured {
        private final List<Double> firstAnswers = new ArrayList<>();
        private final List<Double> idle = new ArrayList<>();
        private final List<Double> firstTokens = new ArrayList<>();
        private final List<Double> idleWithModel = new ArrayList<>();
        private final List<Double> rates = new ArrayList<>();
    }

    private static void measure(Path empty, int nothing, Path home, int registry)
            throws IOException, InterruptedException {
        Map<Form, Measured> measured = new EnumMap<>(Form.class);
        for (Form form : Form.values()) {
            measured.put(form, new Measured());
        }
        // The first round fills the disk cache and loads this client's classes, and is not counted.
        for (int round = 0; round <= STARTS; round++) {
            for (Form form : Form.values()) {
                try (RunningService service = new RunningService(form, empty, nothing)) {
                    double answer = service.firstAnswer();
                    TimeUnit.SECONDS.sleep(IDLE_SECONDS);
                    if (round > 0) {
                        measured.get(form).firstAnswers.add(answer);
                        measured.get(form).idle.add(service.residentMegabytes());
                    }
                }
            }
        }
        for (int round = 0; round <= MODEL_STARTS; round++) {
            for (Form form : Form.values()) {
                try (RunningService service = new RunningService(form, home, registry)) {
                    double token = service.firstToken(RandomModel.NAME);
                    TimeUnit.SECONDS.sleep(IDLE_SECONDS);
                    if (round > 0) {
                        measured.get(form).firstTokens.add(token);
                        measured.get(form).idleWithModel.add(service.residentMegabytes());
                    }
                }
            }
        }
        rates(measured, home, registry);
        print(measured);
    }

    /**
     * Measures generation speed: all packagings run at once and take turns, so that each pair sees the same machine.
     */
    private static void rates(Map<Form, Measured> measured, Path home, int registry) throws IOException {
        try (RunningService jvm = new RunningService(Form.JVM, home, registry)) {
            jvm.firstToken(RandomModel.NAME);
            try (RunningService executable = new RunningService(Form.NATIVE, home, registry)) {
                executable.firstToken(RandomModel.NAME);
                for (int round = -2; round < RATES; round++) {
                    double ofJvm = jvm.tokensPerSecond(RandomModel.NAME, RATE_TOKENS);
                    double ofExecutable = executable.tokensPerSecond(RandomModel.NAME, RATE_TOKENS);
                    if (round >= 0) {
                        measured.get(Form.JVM).rates.add(ofJvm);
                        measured.get(Form.NATIVE).rates.add(ofExecutable);
                    }
                }
            }
        }
    }

    private static void print(Map<Form, Measured> measured) {
        System.out.println("medians of " + STARTS + " starts without a model and " + MODEL_STARTS
                + " with one of 26 million weights; memory " + IDLE_SECONDS + " s after the first answer");
        System.out.printf(
                "%-20s %16s %15s %10s %15s %10s %8s%n",
                "form", "first answer ms", "first token ms", "idle MB", "with model MB", "tokens/s", "disk MB");
        measured.forEach((form, of) -> System.out.printf(
                Locale.ROOT,
                "%-20s %16.1f %15.1f %10.1f %15.1f %10s %8.1f%n",
                form.title(),
                median(of.firstAnswers),
                median(of.firstTokens),
                median(of.idle),
                median(of.idleWithModel),
                of.rates.isEmpty() ? "" : String.format(Locale.ROOT, "%.1f", median(of.rates)),
                form.size() / 1048576.0));
        List<Double> ratios = new ArrayList<>();
        for (int pair = 0; pair < RATES; pair++) {
            ratios.add(measured.get(Form.NATIVE).rates.get(pair)
                    / measured.get(Form.JVM).rates.get(pair));
        }
        System.out.printf(
                Locale.ROOT,
                "native_tokens_per_second_ratio=%.3f%nnative_first_token_ms=%.1f%njvm_first_token_ms=%.1f%n"
                        + "aot_first_token_ms=%.1f%nnative_first_answer_ms=%.1f%njvm_first_answer_ms=%.1f%n"
                        + "aot_first_answer_ms=%.1f%nnative_idle_rss_mb=%.1f%n",
                median(ratios),
                median(measured.get(Form.NATIVE).firstTokens),
                median(measured.get(Form.JVM).firstTokens),
                median(measured.get(Form.AOT).firstTokens),
                median(measured.get(Form.NATIVE).firstAnswers),
                median(measured.get(Form.JVM).firstAnswers),
                median(measured.get(Form.AOT).firstAnswers),
                median(measured.get(Form.NATIVE).idle));
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
