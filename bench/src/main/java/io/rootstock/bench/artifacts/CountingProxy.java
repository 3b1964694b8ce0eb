package io.rootstock.bench.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;

/** Forwards connections to a server and counts the bytes in both directions. */
final class CountingProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final ServerSocket listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    private final URI target;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    CountingProxy(URI target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** Bytes from clients to the server. */
    long sent() {
        return sent.get();
    }

    /** Bytes from the server to clients. */
    long received() {
        return received.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target.getPort());
                Thread.ofVirtual().start(() -> copy(client, server, sent));
                Thread.ofVirtual().start(() -> copy(server, client, received));
            } catch (IOException e) {
                // Closed, or a client that has gone.
            }
        }
    }

    private static void copy(Socket from, Socket to, AtomicLong counter) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                counter.addAndGet(count);
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // One side has ended the connection.
        }
    }
}
