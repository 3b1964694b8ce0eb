package io.rootstock.bench.controlplane;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import io.rootstock.files.FileTree;
import io.rootstock.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Latency of a registry with a large database under a steady load: requests start at fixed times, whether earlier ones have been
 * answered or not, and their latency counts from that time. Prints {@code requests_per_second= p99_ms=} and the start of
 * each service with that state.
 */
public final class LoadBenchmark {
    private static final LargeDatabase STATE = new LargeDatabase(1000, 100, 10_000, 1000);
    private static final LargeDatabase QUICK = new LargeDatabase(100, 100, 1000, 100);
    private static final int WATCHERS = 500;
    private static final int RATE = 200;
    private static final int WARM_UP_SECONDS = 20;
    private static final int SECONDS = 60;
    private static final long SEED = 20261127;
    private static final int CHANNELS = 8;

    private final Path home;
    private final LargeDatabase state;
    private final Map<Call, List<Double>> latencies = new EnumMap<>(Call.class);
    private final AtomicInteger failed = new AtomicInteger();

    private LoadBenchmark(Path home, LargeDatabase state) {
        this.home = home;
        this.state = state;
        for (Call call : Call.values()) {
            latencies.put(call, Collections.synchronizedList(new ArrayList<>()));
        }
    }

    /** Entry point; {@code --quick} fills a tenth of the models and jobs. */
    public static void main(String[] arguments) throws IOException, InterruptedException, SQLException {
        Path home = Files.createTempDirectory("rootstock-load-");
        EmbeddedPostgres server = EmbeddedPostgres.start(home.resolve("postgres"), home.resolve("native"));
        try {
            boolean quick = List.of(arguments).contains("--quick");
            new LoadBenchmark(home, quick ? QUICK : STATE).run(server.dataSource());
        } finally {
            server.closeAtOnce();
            FileTree.delete(home);
        }
    }

    private void run(PGSimpleDataSource source) throws IOException, InterruptedException, SQLException {
        try (Installation installation =
                new Installation(home, ProjectRoot.find(), OptionalInt.of(0), LargeDatabase.settings(home, source))) {
            double empty = start(installation, Service.REGISTRY);
            installation.stop(List.of(Service.REGISTRY));
            long begin = System.nanoTime();
            state.fill(source);
            new EndedRuns(state.jobs(), state.points()).fill(home.resolve("trainer/runs"));
            System.out.printf(
                    "%d versions, %d jobs with %d points each, written in %.0f s%n",
                    state.models() * state.versions(), state.jobs(), state.points(), seconds(begin));
            double registry = start(installation, Service.REGISTRY);
            Map<Service, Double> starts = new EnumMap<>(Service.class);
            for (Service service : List.of(Service.TRAINER, Service.TOKENIZER, Service.INFERENCE)) {
                starts.put(service, start(installation, service));
            }
            starts.put(Service.REGISTRY, registry);
            System.out.printf("start of an empty registry: %.1f s; with the state: %s%n", empty, starts);
            installation.stop(List.of(Service.TOKENIZER, Service.INFERENCE));
            String address = installation.endpoint(Service.REGISTRY);
            begin = System.nanoTime();
            try (Watchers watchers = new Watchers(address, WATCHERS)) {
                watchers.awaitSnapshots();
                System.out.printf("%d watchers have all aliases after %.1f s%n", WATCHERS, seconds(begin));
                load(address, WARM_UP_SECONDS);
                latencies.values().forEach(List::clear);
                failed.set(0);
                load(address, SECONDS);
                report(watchers);
            }
            starts.forEach((service, seconds) ->
                    System.out.printf("%s_start_seconds=%.1f%n", service.name().toLowerCase(Locale.ROOT), seconds));
        }
    }

    private static double start(Installation installation, Service service) {
        long begin = System.nanoTime();
        installation.start(List.of(service));
        return seconds(begin);
    }

    /** Sends requests at a fixed rate and waits for all answers. */
    private void load(String address, int seconds) throws InterruptedException {
        List<ManagedChannel> channels = new ArrayList<>();
        for (int i = 0; i < CHANNELS; i++) {
            channels.add(NettyChannelBuilder.forTarget(address).usePlaintext().build());
        }
        Random random = new Random(SEED);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long begin = System.nanoTime();
            for (int i = 0; i < RATE * seconds; i++) {
                long due = begin + i * 1_000_000_000L / RATE;
                Call call = Call.random(random);
                long seed = random.nextLong();
                ManagedChannel channel = channels.get(i % CHANNELS);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                threads.execute(() -> send(call, channel, new Random(seed), due));
            }
        }
        for (ManagedChannel channel : channels) {
            channel.shutdownNow();
        }
    }

    private void send(Call call, ManagedChannel channel, Random random, long due) {
        try {
            call.send(channel, state, random);
            latencies.get(call).add((System.nanoTime() - due) / 1e6);
        } catch (StatusRuntimeException e) {
            if (failed.incrementAndGet() <= 3) {
                System.out.println(call + " failed: " + e.getMessage());
            }
        }
    }

    private void report(Watchers watchers) {
        System.out.printf("%-14s %8s %8s %8s %8s%n", "request", "answers", "p50 ms", "p99 ms", "max ms");
        List<Double> all = new ArrayList<>();
        latencies.forEach((call, times) -> {
            all.addAll(times);
            print(call.name().toLowerCase(Locale.ROOT), times);
        });
        print("all", all);
        System.out.printf("%d moves received by %d watchers%n", watchers.moves(), WATCHERS);
        System.out.printf("requests_per_second=%.0f%n", all.size() / (double) SECONDS);
        System.out.printf("p99_ms=%.1f%n", quantile(all, 0.99));
        System.out.printf("failed=%d%n", failed.get() + watchers.failed());
    }

    private static void print(String name, List<Double> times) {
        System.out.printf(
                "%-14s %8d %8.1f %8.1f %8.1f%n",
                name, times.size(), quantile(times, 0.5), quantile(times, 0.99), quantile(times, 1));
    }

    private static double quantile(List<Double> times, double share) {
        List<Double> sorted = times.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
