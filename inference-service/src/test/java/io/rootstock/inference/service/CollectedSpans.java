package io.rootstock.inference.service;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** An OTLP/HTTP collector of spans, which decodes them by the field numbers of OpenTelemetry's trace.proto. */
final class CollectedSpans implements AutoCloseable {
    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final List<String> raw = new CopyOnWriteArrayList<>();

    /**
     * A span.
     *
     * @param parent id of the parent span, in hexadecimal; empty for a root span
     * @param failed whether its status is ERROR
     * @param attributes values are strings, numbers or lists of strings
     */
    record Span(String name, String trace, String parent, boolean failed, Map<String, Object> attributes) {}

    CollectedSpans() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            raw.add(new String(body, java.nio.charset.StandardCharsets.ISO_8859_1));
            messages(UnknownFieldSet.parseFrom(body), 1)
                    .flatMap(resource -> messages(resource, 2))
                    .flatMap(scope -> messages(scope, 2))
                    .map(CollectedSpans::span)
                    .forEach(spans::add);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Returns the span of this name; empty if it has not arrived. */
    Optional<Span> find(String name) {
        return spans.stream().filter(span -> span.name().equals(name)).findFirst();
    }

    /** Returns all received bytes as ISO 8859-1 characters. */
    String raw() {
        return String.join("", raw);
    }

    private static Span span(UnknownFieldSet span) {
        Map<String, Object> attributes = new TreeMap<>();
        messages(span, 9)
                .forEach(attribute -> attributes.put(
                        text(attribute, 1), value(message(attribute, 2).orElseThrow())));
        boolean failed = message(span, 15)
                .map(status -> status.getField(3).getVarintList())
                .filter(code -> code.equals(List.of(2L)))
                .isPresent();
        return new Span(text(span, 5), hex(span, 1), hex(span, 4), failed, attributes);
    }

    private static Object value(UnknownFieldSet value) {
        if (value.hasField(1)) {
            return text(value, 1);
        }
        if (value.hasField(3)) {
            return value.getField(3).getVarintList().getFirst();
        }
        if (value.hasField(4)) {
            return Double.longBitsToDouble(value.getField(4).getFixed64List().getFirst());
        }
        return message(value, 5).stream()
                .flatMap(list -> messages(list, 1))
                .map(CollectedSpans::value)
                .toList();
    }

    private static String text(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().stream()
                .findFirst()
                .map(bytes -> bytes.toStringUtf8())
                .orElse("");
    }

    private static String hex(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().stream()
                .findFirst()
                .map(bytes -> HexFormat.of().formatHex(bytes.toByteArray()))
                .orElse("");
    }

    private static Optional<UnknownFieldSet> message(UnknownFieldSet message, int field) {
        return messages(message, field).findFirst();
    }

    private static Stream<UnknownFieldSet> messages(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().stream().map(bytes -> {
            try {
                return UnknownFieldSet.parseFrom(bytes);
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError("no span", e);
            }
        });
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
