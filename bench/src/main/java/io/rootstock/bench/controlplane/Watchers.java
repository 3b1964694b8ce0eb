package io.rootstock.bench.controlplane;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.WatchAliasesRequest;
import io.rootstock.registry.v1.WatchAliasesResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Streams of all aliases' moves. */
final class Watchers implements AutoCloseable {
    private static final int STREAMS_PER_CHANNEL = 50;

    private final List<ManagedChannel> channels = new ArrayList<>();
    private final CountDownLatch complete;
    private final AtomicLong moves = new AtomicLong();
    private final AtomicInteger failed = new AtomicInteger();
    private volatile boolean closed;

    Watchers(String address, int count) {
        complete = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            if (i % STREAMS_PER_CHANNEL == 0) {
                channels.add(
                        NettyChannelBuilder.forTarget(address).usePlaintext().build());
            }
            ModelServiceGrpc.newStub(channels.getLast())
                    .watchAliases(
                            WatchAliasesRequest.newBuilder()
                                    .setAlias(LargeDatabase.ALIAS)
                                    .build(),
                            new Watcher());
        }
    }

    /** Waits until every watcher has all current aliases. */
    void awaitSnapshots() throws InterruptedException {
        complete.await();
    }

    /** Moves received after the snapshots, by all watchers. */
    long moves() {
        return moves.get();
    }

    /** Streams that ended. */
    int failed() {
        return failed.get();
    }

    @Override
    public void close() {
        closed = true;
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private final class Watcher implements StreamObserver<WatchAliasesResponse> {
        private boolean snapshot = true;

        @Override
        public void onNext(WatchAliasesResponse answer) {
            if (answer.getSynchronized()) {
                snapshot = false;
                complete.countDown();
            } else if (!snapshot) {
                moves.incrementAndGet();
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (closed) {
                return;
            }
            if (failed.incrementAndGet() == 1) {
                System.out.println("a watcher failed: " + failure);
            }
            complete.countDown();
        }

        @Override
        public void onCompleted() {
            onError(new IllegalStateException("the stream ended"));
        }
    }
}
