package io.rootstock.inference.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A web server for an artifact store's folder, with range requests and simulated failures. */
final class WebStore implements AutoCloseable {
    static final int MEBIBYTE = 1 << 20;

    private final Path folder;
    private final HttpServer server;
    private final List<Long> starts = new CopyOnWriteArrayList<>();
    private Behavior behavior = Behavior.NORMAL;

    /** Behavior of the server. */
    enum Behavior {
        NORMAL,
        /** Closes the connection after 1 MiB of each response. */
        TRUNCATE,
        /** Stalls after 1 MiB of a response, until the behavior changes. */
        STALL,
        /** Responds with status 503. */
        UNAVAILABLE,
        /** Changes one byte of the file. */
        CORRUPT
    }

    WebStore(Path folder) throws IOException {
        this.folder = folder;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/artifacts/", this::answer);
        server.start();
    }

    /** Returns the setting with which a service downloads artifacts from this server. */
    String setting() {
        return "rootstock.inference.artifacts=http://127.0.0.1:"
                + server.getAddress().getPort() + "/artifacts";
    }

    /** Returns the start offset in bytes of each response, in the order of the requests. */
    List<Long> starts() {
        return starts;
    }

    synchronized void setBehavior(Behavior next) {
        behavior = next;
        notifyAll();
    }

    private synchronized Behavior behavior() {
        return behavior;
    }

    private synchronized void awaitBehaviorChange() {
        while (behavior == Behavior.STALL) {
            try {
                wait();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Behavior now = behavior();
            Path file = folder.resolve(exchange.getRequestURI().getPath().substring("/artifacts/".length()));
            if (now == Behavior.UNAVAILABLE || !Files.exists(file)) {
                exchange.sendResponseHeaders(now == Behavior.UNAVAILABLE ? 503 : 404, -1);
                return;
            }
            byte[] bytes = Files.readAllBytes(file);
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            String range = exchange.getRequestHeaders().getFirst("Range");
            int start = range == null ? 0 : Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
            starts.add((long) start);
            exchange.sendResponseHeaders(start == 0 ? 200 : 206, bytes.length - start);
            send(now, exchange.getResponseBody(), bytes, start);
        }
    }

    private void send(Behavior now, OutputStream body, byte[] bytes, int start) throws IOException {
        if (now == Behavior.CORRUPT) {
            bytes[bytes.length / 2]++;
        }
        boolean whole = now == Behavior.NORMAL || now == Behavior.CORRUPT;
        int count = whole ? bytes.length - start : Math.min(MEBIBYTE, bytes.length - start);
        body.write(bytes, start, count);
        body.flush();
        if (now == Behavior.STALL) {
            awaitBehaviorChange();
        }
    }

    @Override
    public void close() {
        setBehavior(Behavior.UNAVAILABLE);
        server.stop(0);
    }
}
