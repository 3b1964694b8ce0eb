package io.rootstock.bench.storm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Forwards connections to the S3 server; in a fault, it answers in its place, or breaks the connections. */
final class FaultyProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int CONNECT_MILLIS = 5000;
    private static final byte[] END_OF_HEADERS = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Mode mode = Mode.FORWARD;

    /** Effect on connections. */
    enum Mode {
        FORWARD,
        /** Answers 500, InternalError. */
        ERROR,
        /** Answers 503, SlowDown. */
        OVERLOADED,
        /** TCP reset after the start of the request. */
        RESET,
        /** The connection is accepted, and nothing is answered. */
        HANG
    }

    FaultyProxy(String address, InetSocketAddress target) throws IOException {
        this.listener = new ServerSocket(0, 64, InetAddress.getByName(address));
        this.target = target;
        Thread.ofVirtual().name("s3 proxy").start(this::accept);
    }

    /** The proxy's address, {@code http://host:port}. */
    String address() {
        return "http://" + listener.getInetAddress().getHostAddress() + ":" + listener.getLocalPort();
    }

    /** Changes the mode; open connections are broken. */
    void become(Mode next) {
        mode = next;
        open.forEach(FaultyProxy::reset);
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(FaultyProxy::reset);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // Closed, or a client that has gone.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            switch (mode) {
                case FORWARD -> forward(client);
                case ERROR -> answer(client, "500 Internal Server Error", "InternalError");
                case OVERLOADED -> answer(client, "503 Service Unavailable", "SlowDown");
                case RESET -> {
                    readHeaders(client.getInputStream());
                    reset(client);
                }
                case HANG -> client.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException e) {
            // One side has ended the connection.
        } finally {
            open.remove(client);
        }
    }

    private void forward(Socket client) throws IOException {
        try (Socket server = new Socket()) {
            server.connect(target, CONNECT_MILLIS);
            open.add(server);
            try {
                Thread back = Thread.ofVirtual().start(() -> copy(server, client));
                copy(client, server);
                back.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                open.remove(server);
            }
        }
    }

    private static void copy(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // One side has ended the connection.
        }
    }

    private static void answer(Socket client, String status, String code) throws IOException {
        readHeaders(client.getInputStream());
        String body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code
                + "</Code><Message>a fault of the" + " storm</Message></Error>";
        String head = "HTTP/1.1 " + status + "\r\nContent-Type: application/xml\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n";
        client.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
        client.shutdownOutput();
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static void readHeaders(InputStream in) throws IOException {
        int matched = 0;
        while (matched < END_OF_HEADERS.length) {
            int read = in.read();
            if (read < 0) {
                return;
            }
            matched = read == END_OF_HEADERS[matched] ? matched + 1 : read == END_OF_HEADERS[0] ? 1 : 0;
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // Closed already.
        }
    }
}
