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

/** A web server over an artifact store's folder, with ranges, that fails as servers and networks do when it is told to. */
final class WebStore implements AutoCloseable {
    static final int MEBIBYTE = 1 << 20;

    private final Path folder;
    private final HttpServer server;
    private final List<Long> starts = new CopyOnWriteArrayList<>();
    private Manner manner = Manner.WELL;

    /** How it answers. */
    enum Manner {
        WELL,
        /** Hangs up after a mebibyte of each answer. */
        BIT_BY_BIT,
        /** Falls silent after a mebibyte, until it is told to answer otherwise. */
        SILENT,
        /** Answers 503. */
        AWAY,
        /** Sends one byte that is not the file's. */
        DAMAGING
    }

    WebStore(Path folder) throws IOException {
        this.folder = folder;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/artifacts/", this::answer);
        server.start();
    }

    /** The setting that lets a service fetch artifacts here. */
    String setting() {
        return "rootstock.inference.artifacts=http://127.0.0.1:"
                + server.getAddress().getPort() + "/artifacts";
    }

    /** The bytes that answers began with, in the order of the requests. */
    List<Long> starts() {
        return starts;
    }

    synchronized void behave(Manner next) {
        manner = next;
        notifyAll();
    }

    private synchronized Manner manner() {
        return manner;
    }

    private synchronized void awaitChange() {
        while (manner == Manner.SILENT) {
            try {
                wait();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Manner now = manner();
            Path file = folder.resolve(exchange.getRequestURI().getPath().substring("/artifacts/".length()));
            if (now == Manner.AWAY || !Files.exists(file)) {
                exchange.sendResponseHeaders(now == Manner.AWAY ? 503 : 404, -1);
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

    private void send(Manner now, OutputStream body, byte[] bytes, int start) throws IOException {
        if (now == Manner.DAMAGING) {
            bytes[bytes.length / 2]++;
        }
        boolean whole = now == Manner.WELL || now == Manner.DAMAGING;
        int count = whole ? bytes.length - start : Math.min(MEBIBYTE, bytes.length - start);
        body.write(bytes, start, count);
        body.flush();
        if (now == Manner.SILENT) {
            awaitChange();
        }
    }

    @Override
    public void close() {
        behave(Manner.AWAY);
        server.stop(0);
    }
}
