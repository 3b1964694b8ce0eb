package io.rootstock.service.tls;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls a service from four threads, two by gRPC and two by HTTP, until it is stopped. */
final class Load implements AutoCloseable {
    private final AtomicInteger calls = new AtomicInteger();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    private interface Call {
        void run() throws IOException;
    }

    Load(TestClient client, String path) {
        for (int i = 0; i < 2; i++) {
            threads.add(Thread.ofVirtual().start(() -> repeat(client::call)));
            threads.add(Thread.ofVirtual()
                    .start(() -> repeat(() -> {
                        int status = client.get(path);
                        if (status != 200) {
                            throw new IOException(path + " answers " + status);
                        }
                    })));
        }
    }

    private void repeat(Call call) {
        while (!stopped) {
            try {
                call.run();
                calls.incrementAndGet();
            } catch (IOException | StatusRuntimeException e) {
                failures.add(e);
            }
        }
    }

    int calls() {
        return calls.get();
    }

    Queue<Exception> failures() {
        return failures;
    }

    void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Override
    public void close() {
        stopped = true;
    }
}
