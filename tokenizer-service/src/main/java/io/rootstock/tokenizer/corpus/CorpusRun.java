package io.rootstock.tokenizer.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.corpus.worker.CorpusWorker;
import io.rootstock.corpus.worker.WorkerJob;
import io.rootstock.files.FullDisk;
import io.rootstock.service.access.Caller;
import io.rootstock.tokenizer.catalogue.RunningOperations;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.CorpusProgress;
import io.rootstock.tokenizer.v1.CorpusResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** The work of one claim: a worker process from its start to the stored result. */
final class CorpusRun {
    private static final Logger LOG = Logger.getLogger(CorpusRun.class);
    private static final Duration RENEWAL = Duration.ofSeconds(1);
    private static final int LOG_LINES = 20;
    private static final JsonMapper JSON = new JsonMapper();

    private final CorpusLeases.Claim claim;
    private final Parts parts;
    private final StageClock clock = new StageClock(System::nanoTime);
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile boolean ended;
    private volatile Process process;

    /** Parts of the service that all runs use. */
    record Parts(
            CorpusLeases leases,
            CorpusFolders folders,
            CorpusPlanner planner,
            CorpusSettings settings,
            CorpusOutput output,
            WorkerCommand command,
            RecipeTokenizers tokenizers,
            RunningOperations operations) {}

    CorpusRun(CorpusLeases.Claim claim, Parts parts) {
        this.claim = claim;
        this.parts = parts;
    }

    /** Runs the recipe, and reports the end to the database. */
    void run() throws InterruptedException {
        Thread renewal = Thread.ofVirtual().name("corpus-lease").start(this::renew);
        // Its tokenizer is not deleted, and artifacts that it stores are kept.
        try (RunningOperations.Operation _ =
                parts.operations().begin(claim.corpus().getTokenizer())) {
            end(work());
        } catch (ArtifactException e) {
            end(new End.Failed(e.getMessage() + "\nhint: resume the corpus once the artifact store is available"));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.UNAVAILABLE) {
                throw e;
            }
            end(new End.Failed(e.getStatus().getDescription() + "\nhint: correct it, then `rootstock data resume "
                    + claim.id() + "`"));
        } catch (IOException | UncheckedIOException e) {
            LOG.error(claim.corpus().getName() + " failed", e);
            end(new End.Failed((FullDisk.isCauseOf(e) ? "the disk is full: " : "cannot run the recipe: ")
                    + e.getMessage() + "\nhint: correct it, then `rootstock data resume " + claim.id() + "`"));
        } finally {
            renewal.interrupt();
            renewal.join();
        }
    }

    /** Stops the worker process; the corpus is queued again. */
    void stop() {
        stopping.set(true);
        endProcess();
    }

    /** End of a run. */
    private sealed interface End {
        record Succeeded(CorpusResult result) implements End {}

        record Failed(String message) implements End {}

        /** The process ended without a message. */
        record Lost(String reason) implements End {}

        /** This service stops, or the claim ended. */
        record Stopped() implements End {}
    }

    /** Reports the end; repeats it while the database does not respond, until the lease may have expired. */
    private void end(End end) throws InterruptedException {
        LOG.info(claim.corpus().getName() + ": " + end.getClass().getSimpleName());
        for (long left = CorpusLeases.TERM.toSeconds(); ; left--) {
            try {
                report(end);
                return;
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.UNAVAILABLE || left <= 0) {
                    throw e;
                }
                Thread.sleep(RENEWAL);
            }
        }
    }

    private void report(End end) {
        switch (end) {
            case End.Succeeded(CorpusResult result) -> parts.leases().succeed(claim, result);
            case End.Failed(String message) -> parts.leases().fail(claim, message);
            case End.Lost(String reason) -> parts.leases().lost(claim, reason);
            case End.Stopped() -> parts.leases().release(claim);
        }
    }

    private End work() throws IOException, InterruptedException {
        Path folder = parts.folders().create(claim.id());
        Corpus corpus = claim.corpus();
        Path recipe = folder.resolve("recipe.yaml");
        Files.writeString(recipe, corpus.getRecipe().getText());
        Path workspace = folder.resolve("work");
        Path job = folder.resolve("job.json");
        new WorkerJob(
                        recipe.toString(),
                        parts.planner().base(corpus.getRecipe()).toString(),
                        parts.planner().roots(),
                        workspace.toString(),
                        parts.planner().threads(corpus.getExecution()),
                        parts.settings().buckets(),
                        tokenizer(corpus, folder))
                .write(job);
        Path log = folder.resolve("worker.log");
        process = parts.command().of(corpus.getExecution(), job, log).start();
        if (stopping.get() || ended) {
            endProcess();
        }
        Optional<String> message = messages();
        int status = process.waitFor();
        if (stopping.get() || ended) {
            return new End.Stopped();
        }
        return switch (status) {
            case CorpusWorker.FINISHED -> new End.Succeeded(store(corpus, workspace));
            case CorpusWorker.REFUSED, CorpusWorker.FAILED ->
                message.<End>map(End.Failed::new).orElseGet(() -> new End.Lost(ending(status, log)));
            default -> new End.Lost(ending(status, log));
        };
    }

    /** Stores the result as the corpus's creator, whose space is limited. */
    private CorpusResult store(Corpus corpus, Path workspace) throws IOException {
        Caller creator = Stream.of(Caller.LOCAL, Caller.SERVICE)
                .filter(known -> known.name().equals(corpus.getCreator()))
                .findFirst()
                .orElseGet(() -> new Caller(corpus.getCreator(), List.of(), Optional.empty()));
        Context context = creator.in(Context.current());
        Context before = context.attach();
        try {
            return parts.output().store(claim.id(), corpus, workspace);
        } finally {
            context.detach(before);
        }
    }

    private String tokenizer(Corpus corpus, Path folder) {
        return corpus.getTokenizer().isEmpty() || corpus.getTrainsTokenizer()
                ? ""
                : parts.tokenizers()
                        .write(corpus.getTokenizer(), folder.resolve("tokenizer"))
                        .toString();
    }

    /** Reads the worker's output to its end; returns the message of a refusal or failure. */
    private Optional<String> messages() throws IOException {
        Optional<String> message = Optional.empty();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode json = JSON.readTree(line);
                if (json.has("progress")) {
                    clock.progress(json.get("progress"));
                }
                for (String kind : List.of("refused", "failed")) {
                    if (json.has(kind)) {
                        message = Optional.of(json.get(kind).path("message").asText());
                    }
                }
            }
        }
        return message;
    }

    private static String ending(int status, Path log) {
        String last;
        try {
            List<String> lines = Files.readAllLines(log);
            last = String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException e) {
            last = "its log cannot be read: " + e.getMessage();
        }
        return "the worker process ended with exit code " + status + (last.isBlank() ? "" : ":\n" + last);
    }

    /** Renews the lease until it is interrupted; ends the process if the claim has ended. */
    private void renew() {
        Optional<CorpusProgress> stored = Optional.empty();
        try {
            while (!ended) {
                Thread.sleep(RENEWAL);
                Optional<CorpusProgress> progress = clock.latest();
                try {
                    if (parts.leases().renew(claim, progress.equals(stored) ? Optional.empty() : progress)) {
                        stored = progress;
                    } else {
                        ended = true;
                        endProcess();
                    }
                } catch (RuntimeException e) {
                    LOG.warnf(
                            "cannot renew the lease of %s, retrying: %s",
                            claim.corpus().getName(), e.getMessage());
                }
            }
        } catch (InterruptedException _) {
            // The run has ended.
        }
    }

    /** Asks the process to end; {@link Process#destroy} would close its parts.output(). */
    private void endProcess() {
        Process running = process;
        if (running != null) {
            boolean _ = running.toHandle().destroy();
        }
    }

    /** Progress of the current stage with its estimated end, from the lines of a worker. Used by several threads. */
    private static final class StageClock {
        private static final double NANOS = 1e9;

        private final LongSupplier nanoTime;
        private String stage = "";
        private long begun;
        private long firstBytes;
        private Optional<CorpusProgress> latest = Optional.empty();

        /**
         * @param nanoTime clock, such as {@link System#nanoTime}
         */
        StageClock(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        /** Receives a worker's {@code progress}: units that a run before has finished are part of the first one of a stage. */
        synchronized void progress(JsonNode line) {
            String name = line.path("stage").asText();
            long bytesDone = line.path("bytesDone").asLong();
            long now = nanoTime.getAsLong();
            if (!name.equals(stage)) {
                stage = name;
                begun = now;
                firstBytes = bytesDone;
            }
            double seconds = (now - begun) / NANOS;
            long bytes = line.path("bytes").asLong();
            double left = bytesDone > firstBytes ? seconds * (bytes - bytesDone) / (bytesDone - firstBytes) : 0;
            latest = Optional.of(CorpusProgress.newBuilder()
                    .setStage(name)
                    .setDone(line.path("done").asInt())
                    .setTotal(line.path("total").asInt())
                    .setBytesDone(bytesDone)
                    .setBytes(bytes)
                    .setSeconds(seconds)
                    .setSecondsLeft(left)
                    .build());
        }

        /** Newest progress; empty before the first. */
        synchronized Optional<CorpusProgress> latest() {
            return latest;
        }
    }
}
