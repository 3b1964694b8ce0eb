package io.rootstock.bench.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.bench.Lifecycle;
import io.rootstock.bench.controlplane.LargeDatabase;
import io.rootstock.bench.interop.TinyBase;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import io.rootstock.files.FileTree;
import io.rootstock.postgres.EmbeddedPostgres;
import io.rootstock.registry.v1.ListJobsRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The console against the real services, in Chromium: loads every page, a list of 10,000 runs, and a page that stays open during
 * 50,000 events and three restarts of each service.
 */
public final class BrowserBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int POINTS = 20;
    private static final int BATCH = 500;
    private static final Duration SETTLED = Duration.ofMinutes(2);
    private static final List<Service> SERVICES =
            List.of(Service.REGISTRY, Service.TRAINER, Service.TOKENIZER, Service.INFERENCE);

    private final Path console = ProjectRoot.find().resolve("console");
    private final int runs;
    private final int events;
    private final int restarts;

    private BrowserBenchmark(boolean quick) {
        runs = quick ? 1000 : 10_000;
        events = quick ? 2000 : 50_000;
        restarts = quick ? 1 : 3;
    }

    /** Measures; prints a table and the figures. */
    public static void main(String[] arguments) throws IOException, InterruptedException, SQLException {
        List<String> given = List.of(arguments);
        int screenshots = given.indexOf("--screenshots");
        Path home = Files.createTempDirectory("rootstock-console-");
        try (EmbeddedPostgres server = EmbeddedPostgres.start(home.resolve("postgres"), home.resolve("native"))) {
            new BrowserBenchmark(given.contains("--quick"))
                    .run(
                            server.dataSource(),
                            LargeDatabase.settings(home, server.dataSource()),
                            screenshots < 0
                                    ? home.resolve("screenshots")
                                    : Path.of(given.get(screenshots + 1)).toAbsolutePath());
        } finally {
            FileTree.delete(home);
        }
    }

    private void run(PGSimpleDataSource source, Map<String, String> settings, Path screenshots)
            throws IOException, InterruptedException, SQLException {
        try (Lifecycle life = Lifecycle.start("console", settings)) {
            Installation installation = life.installation();
            installation.stop(List.of(Service.REGISTRY, Service.TOKENIZER));
            new LargeDatabase(10, 10, runs, POINTS).fill(source);
            installation.start();
            life.promote(TinyBase.train(life));
            String job = life.clients()
                    .jobs()
                    .listJobs(ListJobsRequest.newBuilder().setPageSize(1).build())
                    .getJobs(0)
                    .getName();
            JsonNode pages = pages(address(installation), screenshots, job.substring("jobs/".length()));
            try (Browser browser = new Browser(console, address(installation))) {
                double opened = browser.open("list", "/console/jobs");
                // The run of the tiny model is one more.
                JsonNode scrolled = browser.scroll("list", runs + 1);
                System.out.printf(
                        "%d runs: list after %.0f ms; scrolled to its end in %.0f ms, at most %d rows in the page%n",
                        runs + 1,
                        opened,
                        scrolled.path("milliseconds").asDouble(),
                        scrolled.path("rows").asInt());
                report(pages);
                System.out.printf("ten_thousand_runs_ms=%.0f%n", opened);
                stayOpen(browser, installation, new PausedRun(source, "job-0"));
            }
        }
    }

    /** Loads every page; returns the results of {@code console/test/browser/run.mjs}. */
    private JsonNode pages(String address, Path screenshots, String job) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "node",
                        "test/browser/run.mjs",
                        address,
                        "-",
                        screenshots.toString(),
                        TinyBase.MODEL,
                        job,
                        TinyBase.MODEL)
                .directory(console.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("run.mjs ended with exit code " + process.exitValue() + ", see above");
        }
        return JSON.readTree(output);
    }

    private static void report(JsonNode result) {
        int problems = 0;
        int errors = 0;
        for (Map.Entry<String, JsonNode> page : result.path("pages").properties()) {
            JsonNode accessibility = page.getValue().path("accessibility");
            problems += accessibility.size();
            errors += page.getValue().path("errors").size();
            accessibility.forEach(problem -> System.out.println(page.getKey() + ": " + problem.asText()));
            page.getValue().path("errors").forEach(error -> System.out.println(page.getKey() + ": " + error.asText()));
        }
        System.out.printf("pages=%d%n", result.path("pages").size());
        System.out.printf("page_errors=%d%n", errors);
        System.out.printf("scripts_kb=%.0f%n", result.path("scriptBytes").asDouble() / 1e3);
        System.out.printf(
                "first_paint_ms=%.0f%n", result.path("firstPaintMillis").asDouble());
        System.out.printf("serious_accessibility=%d%n", problems);
    }

    /** Leaves tabs of a run open while it gets events and the services restart; then compares them with new ones. */
    private void stayOpen(Browser browser, Installation installation, PausedRun run)
            throws IOException, InterruptedException, SQLException {
        run.pause();
        List<String> tabs = List.of("curves", "events");
        for (String tab : tabs) {
            browser.open("open " + tab, path(run, tab));
        }
        run.append(POINTS + 1, POINTS + BATCH);
        long before = memory(browser, tabs);
        List<Service> due = new ArrayList<>();
        for (int i = 0; i < restarts; i++) {
            due.addAll(SERVICES);
        }
        int restarted = due.size();
        int batches = events / BATCH;
        for (int batch = 1; batch < batches; batch++) {
            run.append(POINTS + batch * BATCH + 1L, POINTS + (batch + 1L) * BATCH);
            if (batch % Math.max(1, batches / (restarted + 1)) == 0 && !due.isEmpty()) {
                List<Service> service = List.of(due.removeFirst());
                installation.stop(service);
                installation.start(service);
            }
        }
        for (Service service : due) {
            installation.stop(List.of(service));
            installation.start(List.of(service));
        }
        int differing = 0;
        for (String tab : tabs) {
            double millis = browser.open("new " + tab, path(run, tab));
            long end = System.nanoTime() + SETTLED.toNanos();
            String open = browser.text("open " + tab);
            String fresh = browser.text("new " + tab);
            while (!open.equals(fresh) && System.nanoTime() < end) {
                Thread.sleep(500);
                open = browser.text("open " + tab);
                fresh = browser.text("new " + tab);
            }
            System.out.printf("tab %s of a run with %d events: new page after %.0f ms%n", tab, events, millis);
            if (!fresh.contains(Integer.toString(POINTS + events))) {
                throw new IllegalStateException("the new page does not show step " + (POINTS + events) + ": " + fresh);
            }
            if (!open.equals(fresh)) {
                differing++;
                System.out.println("differs: " + firstDifference(open, fresh));
            }
        }
        System.out.printf("events=%d%n", events);
        System.out.printf("restarts=%d%n", restarted);
        System.out.printf("differing_texts=%d%n", differing);
        System.out.printf("page_growth_mb=%.1f%n", (memory(browser, tabs) - before) / 1e6);
    }

    private static long memory(Browser browser, List<String> tabs) throws IOException {
        long bytes = 0;
        for (String tab : tabs) {
            bytes = Math.max(bytes, browser.memory("open " + tab));
        }
        return bytes;
    }

    private static String path(PausedRun run, String tab) {
        return "/console/jobs/" + run.job() + "?tab=" + tab;
    }

    private static String firstDifference(String open, String fresh) {
        List<String> left = Arrays.asList(open.split("\n", -1));
        List<String> right = Arrays.asList(fresh.split("\n", -1));
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            if (!left.get(i).equals(right.get(i))) {
                return "line " + i + ": '" + left.get(i) + "' and '" + right.get(i) + "'";
            }
        }
        return left.size() + " and " + right.size() + " lines";
    }

    private static String address(Installation installation) {
        return "http://127.0.0.1:"
                + installation.running(Service.REGISTRY).orElseThrow().httpPort();
    }
}
