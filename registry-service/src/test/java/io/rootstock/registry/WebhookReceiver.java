package io.rootstock.registry;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.Headers;
import com.openai.models.webhooks.UnwrapWebhookEvent;
import com.openai.models.webhooks.WebhookVerificationParams;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server that records the requests of webhooks and answers them with a status. */
public final class WebhookReceiver implements AutoCloseable {
    private static final OpenAIClient CLIENT =
            OpenAIOkHttpClient.builder().apiKey("none").build();
    private static final int REDIRECT = 307;

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private volatile int status = 200;
    private volatile boolean hangs;

    /** Starts the server on a free port. */
    public WebhookReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** A request with lower-case header names. */
    public record Received(Map<String, List<String>> headers, String body) {
        /** Returns the value of a header. */
        public String header(String name) {
            return headers.get(name).getFirst();
        }

        /** Verifies the signature and the time with openai-java and returns the event. */
        public UnwrapWebhookEvent verified(String secret) {
            Headers.Builder all = Headers.builder();
            headers.forEach(all::put);
            return CLIENT.webhooks()
                    .unwrap(WebhookVerificationParams.builder()
                            .payload(body)
                            .headers(all.build())
                            .secret(secret)
                            .build());
        }
    }

    /** The port of the server. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** The URL of the endpoint. */
    public String url() {
        return "http://127.0.0.1:" + port() + "/hook?tenant=a";
    }

    /** Answers requests with this status from now on; 307 redirects to the endpoint itself. */
    public void answerWith(int code) {
        status = code;
        hangs = false;
    }

    /** Does not answer further requests. */
    public void hang() {
        hangs = true;
    }

    /** Returns the requests so far. */
    public List<Received> received() {
        return List.copyOf(received);
    }

    /** Waits until there are at least this many requests, and returns the last. */
    public Received await(int count) {
        RegistryHarness.eventually(() -> received.size() >= count);
        return received.get(count - 1);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, List<String>> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        received.add(
                new Received(headers, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        try {
            if (hangs) {
                closed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (status == REDIRECT) {
            exchange.getResponseHeaders().set("Location", url());
        }
        exchange.sendResponseHeaders(status, 0);
        exchange.getResponseBody().write("any response".getBytes(StandardCharsets.UTF_8));
        exchange.close();
    }
}
