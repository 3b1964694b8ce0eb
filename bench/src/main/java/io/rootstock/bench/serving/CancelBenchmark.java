package io.rootstock.bench.serving;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.rootstock.inference.v1.AbortRequest;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.ModelLoad;
import io.rootstock.inference.v1.Sampling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Cancels requests at random moments, in three ways, while others wait, process their prompt and generate. Measures the
 * time from the cancellation until the service counts one request less, and the slots still in use after all requests
 * ended.
 */
public final class CancelBenchmark {
    private static final int CANCELLATIONS = 1000;
    private static final int SLOTS = 8;
    /** Number of concurrent requests: half of them wait. */
    private static final int LIVE = 2 * SLOTS;

    private static final int FEW_PROMPT_WORDS = 6;
    private static final int MAX_PROMPT_WORDS = 250;
    private static final int MAX_PAUSE_MILLIS = 30;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final LetterService service;
    private final SplittableRandom random = new SplittableRandom(11);
    private final List<Stream> live = new ArrayList<>();
    private final Map<Way, Integer> ways = new EnumMap<>(Way.class);
    private final Map<Stage, Integer> stages = new EnumMap<>(Stage.class);
    private final List<Double> milliseconds = new ArrayList<>();
    private int names;

    private enum Way {
        DROP_OF_THE_CALL,
        DROP_OF_THE_CONNECTION,
        ABORT
    }

    /** Stage of a request, as the client sees it. */
    private enum Stage {
        BEFORE_ITS_FIRST_TOKEN,
        GENERATING
    }

    private CancelBenchmark(LetterService service) {
        this.service = service;
    }

    /** Cancels, counts and prints the figures. Argument: number of cancellations, by default 1,000. */
    public static void main(String[] arguments) throws IOException {
        int cancellations = arguments.length > 0 ? Integer.parseInt(arguments[0]) : CANCELLATIONS;
        try (LetterService service =
                new LetterService("rootstock.inference.slots=" + SLOTS, "rootstock.inference.queue-timeout=10m")) {
            CancelBenchmark benchmark = new CancelBenchmark(service);
            benchmark.run(cancellations);
            int leaked = benchmark.leaked();
            benchmark.print(cancellations, leaked);
        }
    }

    private void run(int cancellations) {
        for (int done = 0; done < cancellations; done++) {
            removeEnded();
            while (live.size() < LIVE) {
                live.add(new Stream());
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(1000 * MAX_PAUSE_MILLIS)));
            // Most of the youngest half wait or process their prompt.
            Stream given = live.remove(random.nextInt(live.size()));
            cancel(given);
            if (done % 20 == 0) {
                System.err.printf("\r%d of %d cancelled   ", done, cancellations);
            }
        }
        System.err.println();
        for (Stream stream : List.copyOf(live)) {
            live.remove(stream);
            stream.call.cancel("the end", null);
            stream.close();
        }
    }

    private void cancel(Stream given) {
        // Wait until the service counts all of them: an arrival would hide the end of another request.
        awaitRequests(live.size() + 1, true);
        Way way = Way.values()[random.nextInt(Way.values().length)];
        ways.merge(way, 1, Integer::sum);
        stages.merge(given.messages.get() == 0 ? Stage.BEFORE_ITS_FIRST_TOKEN : Stage.GENERATING, 1, Integer::sum);
        long start = System.nanoTime();
        switch (way) {
            case DROP_OF_THE_CALL -> given.call.cancel("cancelled", null);
            case DROP_OF_THE_CONNECTION -> given.connection.shutdownNow();
            case ABORT ->
                ControlServiceGrpc.newBlockingStub(service.running().channel())
                        .abort(AbortRequest.newBuilder()
                                .setRequestId(given.name)
                                .build());
        }
        awaitRequests(live.size(), false);
        milliseconds.add((System.nanoTime() - start) / 1e6);
        given.close();
    }

    /**
     * Waits until the service counts at least, or at most, as many requests as live, without those that ended by
     * themselves.
     */
    private void awaitRequests(int wanted, boolean atLeast) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            int ended = (int) live.stream().filter(stream -> stream.ended).count();
            int counted = service.requests();
            if (atLeast ? counted >= wanted - ended : counted <= wanted) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the service counts " + counted + " requests, not " + wanted);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private void removeEnded() {
        live.removeIf(stream -> {
            if (stream.ended) {
                stream.close();
            }
            return stream.ended;
        });
    }

    /** Number of requests that the service still counts 10 seconds after the last cancellation. */
    private int leaked() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (service.requests() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return service.requests();
    }

    private void print(int cancellations, int leaked) {
        ModelLoad load = service.load();
        System.out.println("form of the service: " + service.form().title());
        ways.forEach((way, times) -> System.out.printf("%-26s %6d%n", text(way), times));
        stages.forEach((stage, times) -> System.out.printf("%-26s %6d%n", text(stage), times));
        Quantiles times = Quantiles.of(milliseconds);
        System.out.printf(
                Locale.ROOT,
                "from the cancellation until GetLoad shows it: p50 %.1f, p95 %.1f, p99 %.1f ms%n",
                times.p50(),
                times.p95(),
                times.p99());
        System.out.printf(
                "afterwards: %d of %d slots taken, %d requests wait%n",
                load.getActiveRequests(), load.getSlots(), load.getQueuedRequests());
        System.out.printf(
                Locale.ROOT,
                "cancellations=%d%nslots_leaked=%d%np95_ms_to_free=%.1f%n",
                cancellations,
                leaked,
                times.p95());
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** A request on its own connection; ends by cancellation or when its context is full. */
    private final class Stream {
        private final String name = "cancel-" + names++;
        private final ManagedChannel connection = service.running().connect();
        private final ClientCall<GenerateStreamRequest, GenerateStreamResponse> call =
                connection.newCall(InferenceServiceGrpc.getGenerateStreamMethod(), CallOptions.DEFAULT);
        private final AtomicInteger messages = new AtomicInteger();
        private volatile boolean ended;

        Stream() {
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onMessage(GenerateStreamResponse response) {
                            messages.incrementAndGet();
                            call.request(1);
                        }

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            ended = true;
                        }
                    },
                    new Metadata());
            call.request(1);
            call.sendMessage(GenerateStreamRequest.newBuilder()
                    .setModel(LetterService.MODEL)
                    .setPrompt(("dog " + name + " ").repeat(words()))
                    .setOptions(GenerationOptions.newBuilder()
                            .setMaxTokens(LetterModel.CONTEXT)
                            .setRequestId(name)
                            .setIgnoreEndOfText(true)
                            .setSampling(Sampling.newBuilder().setTemperature(0)))
                    .build());
            call.halfClose();
        }

        /** Number of words of a prompt: half of the prompts are prefilled in one batch, the others in many. */
        private int words() {
            return random.nextBoolean()
                    ? random.nextInt(1, FEW_PROMPT_WORDS)
                    : random.nextInt(FEW_PROMPT_WORDS, MAX_PROMPT_WORDS);
        }

        void close() {
            connection.shutdownNow();
        }
    }
}
