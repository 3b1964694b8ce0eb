package io.rootstock.tokenizer.corpus;

import io.grpc.StatusRuntimeException;
import io.quarkus.runtime.Shutdown;
import io.quarkus.runtime.Startup;
import io.rootstock.tokenizer.catalogue.RunningOperations;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Claims corpora and runs them, one at a time, as long as the service runs. */
@ApplicationScoped
public class CorpusRunner {
    private static final Logger LOG = Logger.getLogger(CorpusRunner.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final Corpora corpora;
    private final CorpusRun.Parts parts;
    private final CorpusSignal signal;
    private volatile boolean stopping;
    private volatile CorpusRun current;
    private Thread thread;

    @Inject
    CorpusRunner(
            Corpora corpora,
            CorpusLeases leases,
            CorpusFolders folders,
            CorpusPlanner planner,
            CorpusSettings settings,
            CorpusOutput output,
            WorkerCommand command,
            RecipeTokenizers tokenizers,
            RunningOperations operations,
            CorpusSignal signal) {
        this.corpora = corpora;
        this.parts = new CorpusRun.Parts(leases, folders, planner, settings, output, command, tokenizers, operations);
        this.signal = signal;
    }

    @Startup
    void start() {
        thread = Thread.ofPlatform().name("corpora").start(this::runAll);
    }

    @Shutdown
    void stop() throws InterruptedException {
        stopping = true;
        CorpusRun running = current;
        if (running != null) {
            running.stop();
        } else {
            thread.interrupt();
        }
        if (!thread.join(STOP_LIMIT)) {
            LOG.warn("a corpus did not stop in " + STOP_LIMIT.toSeconds() + " s; its lease expires");
        }
    }

    private void runAll() {
        String service = host();
        long swept = -1;
        while (!stopping) {
            try {
                long seen = signal.count();
                if (seen != swept) {
                    parts.folders().retain(corpora::needsFiles);
                    swept = seen;
                }
                Optional<CorpusLeases.Claim> claim = parts.leases().claim(service);
                if (claim.isEmpty()) {
                    signal.await(seen);
                } else {
                    run(claim.get());
                }
            } catch (StatusRuntimeException _) {
                pause();
            } catch (InterruptedException _) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.error("a corpus cannot be run; trying again", e);
                pause();
            }
        }
    }

    private void run(CorpusLeases.Claim claim) throws InterruptedException {
        CorpusRun run = new CorpusRun(claim, parts);
        current = run;
        try {
            if (stopping) {
                run.stop();
            }
            run.run();
        } finally {
            current = null;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "this machine";
        }
    }
}
