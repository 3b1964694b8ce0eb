package io.rootstock.artifacts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** HTTP server with ranges for the files below a directory; disconnects after a megabyte of each response. */
final class RangeHandler implements HttpHandler {
    private static final int MAX_BYTES = 1 << 20;

    private final Path root;
    private final List<Long> starts = Collections.synchronizedList(new ArrayList<>());
    private final List<String> tokens = Collections.synchronizedList(new ArrayList<>());

    RangeHandler(Path root) {
        this.root = root;
    }

    List<Long> starts() {
        return starts;
    }

    List<String> tokens() {
        return tokens;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
            Path file = root.resolve(exchange.getRequestURI().getPath().substring("/artifacts/".length()));
            if (!Files.exists(file)) {
                exchange.sendResponseHeaders(404, -1);
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
            exchange.getResponseBody().write(bytes, start, Math.min(MAX_BYTES, bytes.length - start));
        }
    }
}
