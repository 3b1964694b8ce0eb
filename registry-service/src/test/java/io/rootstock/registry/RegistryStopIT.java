package io.rootstock.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.WatchAliasesRequest;
import io.rootstock.registry.v1.WatchAliasesResponse;
import io.rootstock.service.ErrorDetails;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls to the packaged service while it stops after SIGTERM. */
@Timeout(180)
class RegistryStopIT {
    private static final int CALLERS = 4;

    @TempDir
    private Path home;

    private final AtomicInteger answers = new AtomicInteger();
    private final Queue<Status.Code> failures = new ConcurrentLinkedQueue<>();

    @Test
    void callsAreAnsweredOrUnavailableAndWatchesEndWithTheReason() throws Exception {
        try (RegistryProcess registry = RegistryProcess.start(home, List.of())) {
            ManagedChannel channel = registry.channel();
            try {
                Iterator<WatchAliasesResponse> watch = ModelServiceGrpc.newBlockingStub(channel)
                        .watchAliases(WatchAliasesRequest.getDefaultInstance());
                assertThat(watch.next().getSynchronized()).isTrue();
                List<Thread> callers = new ArrayList<>();
                for (int i = 0; i < CALLERS; i++) {
                    callers.add(Thread.ofVirtual().start(() -> call(channel, registry.process())));
                }
                RegistryHarness.eventually(() -> answers.get() > CALLERS);
                registry.process().destroy();
                StatusRuntimeException end = catchThrowableOfType(StatusRuntimeException.class, watch::hasNext);
                assertThat(registry.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
                for (Thread caller : callers) {
                    caller.join();
                }
                assertThat(failures).containsOnly(Status.Code.UNAVAILABLE);
                assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                assertThat(ErrorDetails.reason(end)).contains("DRAINING");
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private void call(ManagedChannel channel, Process process) {
        while (process.isAlive()) {
            try {
                var _ = ModelServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(30, TimeUnit.SECONDS)
                        .listModels(ListModelsRequest.getDefaultInstance());
                answers.incrementAndGet();
            } catch (StatusRuntimeException e) {
                failures.add(e.getStatus().getCode());
            }
        }
    }
}
