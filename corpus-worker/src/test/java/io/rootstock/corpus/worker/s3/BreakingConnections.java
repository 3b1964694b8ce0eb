package io.rootstock.corpus.worker.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy of a server on this machine that closes each connection after a number of bytes of the server. */
final class BreakingConnections implements AutoCloseable {
    private final ServerSocket listener;
    private final int port;
    private final int bytes;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger broken = new AtomicInteger();

    BreakingConnections(URI server, int bytes) throws IOException {
        this.port = server.getPort();
        this.bytes = bytes;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** Number of connections that were closed early. */
    int broken() {
        return broken.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                open.add(client);
                Thread.ofVirtual().start(() -> copy(client, server, Integer.MAX_VALUE));
                Thread.ofVirtual().start(() -> copy(server, client, bytes));
            }
        } catch (IOException _) {
            // The listener was closed.
        }
    }

    private void copy(Socket from, Socket to, int most) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[4096];
            int left = most;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, Math.min(read, left));
                left -= Math.min(read, left);
                if (left == 0) {
                    broken.incrementAndGet();
                    return;
                }
            }
        } catch (IOException _) {
            // The other direction has closed both sockets.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket client : open) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
