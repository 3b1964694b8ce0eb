package io.rootstock.bench.cluster.jobs;

import io.rootstock.bench.kill.Patience;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.installation.Service;
import io.rootstock.client.TokenCredentials;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Trains one run undisturbed, then equal ones whose pods, services and nodes are deleted, killed and cut off, and compares
 * their artifacts. Reads {@code ROOTSTOCK_REGISTRY_ENDPOINT}, {@code ROOTSTOCK_TOKEN}, and the variables of {@link Kubectl}.
 */
public final class JobsBenchmark {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration MAX_RUN = Duration.ofMinutes(20);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final int INTERVAL = 40;
    private static final int RANKS = 2;
    private static final long TOKENS = 600_000;
    /** Begins a loop over the workers' processes in a pod; the pattern does not match the shell itself. */
    private static final String WORKERS =
            "for p in $(grep -ls 'worker[.]Worker' /proc/[0-9]*/cmdline | cut -d/ -f3); do ";
    /** Of the memory of a pod, the part that its agent needs. */
    private static final long OTHER_BYTES = 400_000_000;
    /** Fraction of a run after which it is not disturbed any more. */
    private static final double LATE = 0.75;

    /** Disturbances of a run. */
    private static final int MAX = 2;

    private final Patience patience;
    private final Kubectl kubectl;
    private final String dataset;
    private final JobSpec spec;
    private final List<Run> runs = new ArrayList<>();
    /** Number of disturbances by run. */
    private final Map<String, Integer> disturbances = new HashMap<>();

    private final List<Double> resumeSeconds = new ArrayList<>();
    private long steps;
    private int doubleWorkers;

    private JobsBenchmark(Patience patience, Kubectl kubectl, String dataset) {
        this.patience = patience;
        this.kubectl = kubectl;
        this.dataset = dataset;
        this.spec = spec(hyperparameters().setThreads(1));
    }

    private JobSpec spec(Hyperparameters.Builder hyperparameters) {
        return JobSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDataset("datasets/" + dataset)
                .setOutputModel("models/jobs")
                .setArchitecture(Architecture.newBuilder().setDepth(3).setContextLength(128))
                .setHyperparameters(hyperparameters)
                .addQuantizations(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                .build();
    }

    private static Hyperparameters.Builder hyperparameters() {
        return Hyperparameters.newBuilder()
                .setTokens(TOKENS)
                .setCheckpointInterval(INTERVAL)
                .setSeed(7);
    }

    /** A worker of a run with its pod. */
    private record Victim(Run run, Attempt attempt, Kubectl.Pod pod) {}

    /** Arguments: name of the dataset, number of runs. */
    public static void main(String[] arguments) {
        String token = System.getenv("ROOTSTOCK_TOKEN");
        Endpoints endpoints = new Endpoints(
                Map.of(Service.REGISTRY, System.getenv("ROOTSTOCK_REGISTRY_ENDPOINT")),
                Optional.of(new TokenCredentials(() -> token)),
                Optional.empty());
        try (Clients clients = new Clients(endpoints)) {
            new JobsBenchmark(new Patience(LIMIT, clients), Kubectl.fromEnvironment(), arguments[0])
                    .run(Integer.parseInt(arguments[1]));
        }
    }

    private void run(int number) {
        List<Disturbance> plan = new ArrayList<>(List.of(Disturbance.values()));
        if (kubectl.nodes().isEmpty()) {
            System.out.println("skipped: nodes that are powered off and cut off (NODE_COMMAND is not set)");
            plan.removeIf(Disturbance::needsNodes);
        } else {
            requireNoWorkers();
        }
        Run undisturbed = Run.start(patience, spec);
        Map<ArtifactKind, String> expected = undisturbed.join();
        steps = undisturbed.last().orElseThrow().step();
        System.out.printf("undisturbed: %d steps, a checkpoint every %d%n", steps, INTERVAL);
        for (int i = 1; i < number; i++) {
            runs.add(Run.start(patience, spec));
        }
        System.out.printf(
                "%-4s %-55s %-14s %6s %10s %10s %10s%n",
                "no.", "event", "run", "step", "from step", "resumed s", "noticed s");
        int next = 0;
        for (Optional<Victim> victim = victim(); victim.isPresent(); victim = victim()) {
            disturb(next + 1, plan.get(next % plan.size()), victim.get());
            next++;
        }
        report(next, expected);
        trainRanks();
    }

    /**
     * Trains a run of two ranks on two nodes, of which one pod is deleted, beside an undisturbed run of one pod with two threads.
     */
    private void trainRanks() {
        Run one = Run.start(patience, spec(hyperparameters().setThreads(RANKS)));
        Map<ArtifactKind, String> expected = one.join();
        Run ranks = Run.start(patience, spec(hyperparameters().setThreads(1).setRanks(RANKS)));
        runs.clear();
        runs.add(ranks);
        Set<String> nodes = new TreeSet<>();
        for (Disturbance disturbance : List.of(Disturbance.POD_DELETED, Disturbance.POD_KILLED)) {
            Victim victim = victim().orElseThrow();
            List<Kubectl.Pod> pods = kubectl.workers(ranks.id());
            pods.forEach(pod -> nodes.add(pod.node()));
            // Rank 0 reports; the other one has no connection of its own to the registry.
            Kubectl.Pod pod = disturbance == Disturbance.POD_DELETED ? pods.getLast() : pods.getFirst();
            disturb(runs.size(), disturbance, new Victim(ranks, victim.attempt(), pod));
        }
        Map<ArtifactKind, String> artifacts = ranks.join();
        System.out.printf("rank_nodes=%d%n", nodes.size());
        System.out.printf("rank_attempts=%d%n", ranks.attempts().size());
        System.out.printf("ranks_equal_one_pod=%b%n", artifacts.equals(expected));
    }

    /**
     * Waits until the disturbances before are over, then for a worker that trains and has a checkpoint of its own; empty once
     * no run is left to disturb.
     */
    private Optional<Victim> victim() {
        awaitWhole();
        long end = System.nanoTime() + MAX_RUN.toNanos();
        while (!runs.stream().allMatch(this::isOver)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("no worker trains");
            }
            for (Run run : runs) {
                Optional<Attempt> attempt = run.last().filter(last -> last.checkpoints() > 0);
                if (isOver(run) || attempt.isEmpty()) {
                    continue;
                }
                Optional<Kubectl.Pod> pod = kubectl.worker(run.id());
                if (pod.isPresent()) {
                    return Optional.of(new Victim(run, attempt.get(), pod.get()));
                }
            }
            Patience.sleep(POLL);
        }
        return Optional.empty();
    }

    private void awaitWhole() {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!kubectl.isWhole()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("a node or a service is not ready again");
            }
            Patience.sleep(POLL);
        }
    }

    /** Whether a run is not disturbed any more. */
    private boolean isOver(Run run) {
        return run.isDone()
                || disturbances.getOrDefault(run.id(), 0) == MAX
                || run.last().filter(last -> last.step() > LATE * steps).isPresent();
    }

    private void disturb(int number, Disturbance disturbance, Victim victim) {
        disturbances.merge(victim.run().id(), 1, Integer::sum);
        String node = victim.pod().node();
        long start = System.nanoTime();
        switch (disturbance) {
            case POD_DELETED -> kubectl.run("delete", "pod", victim.pod().name(), "--wait=false");
            case POD_KILLED -> kubectl.run("delete", "pod", victim.pod().name(), "--force", "--grace-period=0");
            case WORKER_KILLED -> kubectl.kill(victim.pod(), WORKERS + "kill -9 $p; done");
            case OUT_OF_MEMORY -> exhaustMemory(victim);
            case TRAINER_DELETED -> delete("trainer");
            case TRAINER_KILLED -> kill("trainer");
            case REGISTRY_DELETED -> delete("registry");
            case REGISTRY_KILLED -> kill("registry");
            case NODE_OFF -> kubectl.node("off", node);
            case NODE_CUT -> {
                if (workerStates(node).findAny().isEmpty()) {
                    throw new IllegalStateException(
                            "NODE_COMMAND workers " + node + " lists no worker, but one trains there");
                }
                kubectl.node("cut", node);
            }
        }
        long reported = victim.run().last().orElseThrow().step();
        double noticed = disturbance.needsNodes() ? awaitNotReady(node, start) : 0;
        Attempt after = awaitProgress(victim, disturbance, reported);
        double resumed = seconds(start);
        if (disturbance == Disturbance.NODE_CUT) {
            doubleWorkers += (int)
                    workerStates(node).filter(state -> !state.startsWith("T")).count();
        }
        if (disturbance.needsNodes()) {
            kubectl.node(disturbance == Disturbance.NODE_OFF ? "on" : "join", node);
        }
        if (disturbance.endsAttempt()) {
            resumeSeconds.add(resumed - noticed);
        }
        System.out.printf(
                Locale.ROOT,
                "%-4d %-55s %-14s %6d %10s %10.1f %10.1f%n",
                number,
                disturbance.description(),
                victim.run().id(),
                reached(victim),
                disturbance.endsAttempt() ? Long.toString(after.startStep()) : "same",
                resumed,
                noticed);
    }

    /** States of the worker processes on a node, as ps prints them. */
    private Stream<String> workerStates(String node) {
        return kubectl.node("workers", node).lines().map(String::strip).filter(state -> !state.isEmpty());
    }

    /** Checks that the command of nodes lists no worker before any runs: its own shell may have the class in its arguments. */
    private void requireNoWorkers() {
        for (String node : kubectl.nodeNames()) {
            if (workerStates(node).findAny().isPresent()) {
                throw new IllegalStateException("NODE_COMMAND workers " + node + " lists a worker, but none runs");
            }
        }
    }

    /** Last step that the disturbed worker has reported. */
    private static long reached(Victim victim) {
        return victim.run().attempts().stream()
                .filter(attempt -> attempt.lease() == victim.attempt().lease())
                .findFirst()
                .orElse(victim.attempt())
                .step();
    }

    /** Returns once the pod has ended. */
    private void delete(String service) {
        String _ = kubectl.run("delete", "pod", "-l", "app.kubernetes.io/name=" + service);
    }

    private void kill(String service) {
        kubectl.run("delete", "pod", "-l", "app.kubernetes.io/name=" + service, "--force", "--grace-period=0");
    }

    /** Fills the memory of the pod; the kernel ends the worker, which is made its first choice. */
    private void exhaustMemory(Victim victim) {
        kubectl.kill(
                victim.pod(),
                WORKERS + "echo 1000 >/proc/$p/oom_score_adj; done;"
                        + " limit=$(cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null);"
                        + " head -c $((limit - " + OTHER_BYTES + ")) /dev/zero | tail >/dev/null; true");
    }

    private double awaitNotReady(String node, long start) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (kubectl.isReady(node)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the cluster does not notice that " + node + " does not answer");
            }
            Patience.sleep(POLL);
        }
        return seconds(start);
    }

    /**
     * Waits until another worker has started, or the same one has reported a later step; returns the newest worker.
     *
     * @param reported step that was reported before
     */
    private Attempt awaitProgress(Victim victim, Disturbance disturbance, long reported) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            Attempt last = victim.run().last().orElseThrow();
            boolean other = last.lease() > victim.attempt().lease();
            if (disturbance.endsAttempt()
                    ? other
                    : other || last.step() > reported || victim.run().isDone()) {
                return last;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "run " + victim.run().id() + " does not continue after: " + disturbance.description());
            }
            Patience.sleep(POLL);
        }
    }

    private void report(int events, Map<ArtifactKind, String> expected) {
        int resumed = 0;
        long lostSteps = 0;
        int different = 0;
        for (Run run : runs) {
            Map<ArtifactKind, String> artifacts = run.join();
            if (!artifacts.equals(expected)) {
                different++;
                System.out.println(run.id() + " differs: " + artifacts + ", expected " + expected);
            }
            List<Attempt> attempts = run.attempts();
            resumed += attempts.size() - 1;
            for (int i = 1; i < attempts.size(); i++) {
                Attempt before = attempts.get(i - 1);
                Attempt after = attempts.get(i);
                lostSteps = Math.max(lostSteps, Attempt.lostSteps(before, after));
                if (after.firstMillis() < before.lastMillis()) {
                    doubleWorkers++;
                    System.out.println(run.id() + ": " + before + " and " + after + " overlap");
                }
            }
        }
        System.out.printf("events=%d%n", events);
        System.out.printf("runs=%d%n", runs.size() + 1);
        System.out.printf("resumed=%d%n", resumed);
        System.out.printf(Locale.ROOT, "lost_intervals=%.2f%n", (double) lostSteps / INTERVAL);
        System.out.printf("different_bits=%d%n", different);
        System.out.printf("double_workers=%d%n", doubleWorkers);
        System.out.printf(
                Locale.ROOT,
                "resume_seconds=%.1f%n",
                resumeSeconds.stream().mapToDouble(Double::doubleValue).max().orElse(0));
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
