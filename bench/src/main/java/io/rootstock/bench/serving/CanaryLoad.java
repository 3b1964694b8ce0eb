package io.rootstock.bench.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grpc.StatusRuntimeException;
import io.rootstock.cli.client.Clients;
import io.rootstock.inference.v1.Completion;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Constant load of letter models over gRPC and HTTP, unary and streamed. A request is lost unless its text consists of the letter
 * of the version that it names, as many times as tokens were requested.
 */
final class CanaryLoad {
    private static final int CLIENTS = 8;
    private static final int FORMS = 4;
    /** One prompt of this number is long. */
    private static final int LONG_PROMPTS = 4;
    /** One prompt of this number contains {@link #RARE}. */
    private static final int RARE_PROMPTS = 3;
    /** Text of some prompts. */
    static final String RARE = "7";

    private static final String WORDS = " and then the other dog";
    private static final String EVENT = "data: ";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final JsonMapper JSON = new JsonMapper();

    private final Clients clients;
    private final URI completions;
    private final Map<String, Character> letters;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final Map<String, Integer> answered = new ConcurrentHashMap<>();
    private final Map<String, Integer> reasons = new ConcurrentHashMap<>();
    private volatile boolean over;

    /**
     * Starts the load.
     *
     * @param httpPort HTTP port of the inference service
     * @param letters letter of each version
     */
    CanaryLoad(Clients clients, int httpPort, Map<String, Character> letters) {
        this.clients = clients;
        this.completions = URI.create("http://127.0.0.1:" + httpPort + "/v1/completions");
        this.letters = Map.copyOf(letters);
        for (int client = 0; client < CLIENTS; client++) {
            int form = client % FORMS;
            SplittableRandom random = new SplittableRandom(client);
            threads.add(Thread.ofVirtual().start(() -> {
                while (!over) {
                    one(form, random);
                }
            }));
        }
    }

    /** Number of ended requests. */
    int requests() {
        return requests.get();
    }

    /** Number of requests without a correct answer. */
    int lost() {
        return lost.get();
    }

    /** Number of requests that each version answered. */
    Map<String, Integer> answered() {
        return answered;
    }

    /** Why requests were lost, with their number. */
    Map<String, Integer> reasons() {
        return reasons;
    }

    /** Starts no more requests, and waits for those in flight. */
    void end() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        http.close();
    }

    /**
     * An answer.
     *
     * @param version models/{m}/versions/{n}
     */
    private record Answer(String version, String text) {}

    private void one(int form, SplittableRandom random) {
        int tokens = random.nextInt(4, 16);
        String prompt = "the dog jumps" + (random.nextInt(RARE_PROMPTS) == 0 ? " over " + RARE : " over it")
                + WORDS.repeat(random.nextInt(LONG_PROMPTS) == 0 ? 30 : 1);
        String wrong;
        try {
            Answer answer = switch (form) {
                case 0 -> unary(prompt, tokens);
                case 1 -> stream(prompt, tokens);
                case 2 -> httpUnary(prompt, tokens);
                default -> httpStream(prompt, tokens);
            };
            Character letter = letters.get(answer.version());
            boolean correct =
                    letter != null && answer.text().equals(letter.toString().repeat(tokens));
            wrong = correct ? "" : "wrong text of " + answer.version();
            answered.merge(answer.version(), 1, Integer::sum);
        } catch (StatusRuntimeException e) {
            wrong = e.getStatus().getCode() + ": " + e.getStatus().getDescription();
        } catch (IOException e) {
            wrong = e.toString();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return;
        }
        requests.incrementAndGet();
        if (!wrong.isEmpty()) {
            lost.incrementAndGet();
            reasons.merge(wrong, 1, Integer::sum);
        }
    }

    private static GenerationOptions options(int tokens) {
        return GenerationOptions.newBuilder()
                .setMaxTokens(tokens)
                .setSampling(Sampling.newBuilder().setTemperature(0))
                .build();
    }

    private Answer unary(String prompt, int tokens) {
        Completion completion = clients.inference()
                .generate(GenerateRequest.newBuilder()
                        .setModel(CanaryBenchmark.MODEL)
                        .setPrompt(prompt)
                        .setOptions(options(tokens))
                        .build())
                .getCompletions(0);
        return new Answer(completion.getFinish().getVersion(), completion.getText());
    }

    private Answer stream(String prompt, int tokens) {
        Iterator<GenerateStreamResponse> responses = clients.inference()
                .generateStream(GenerateStreamRequest.newBuilder()
                        .setModel(CanaryBenchmark.MODEL)
                        .setPrompt(prompt)
                        .setOptions(options(tokens))
                        .build());
        StringBuilder text = new StringBuilder();
        String version = "";
        while (responses.hasNext()) {
            GenerateStreamResponse response = responses.next();
            text.append(response.getText());
            version = response.hasFinish() ? response.getFinish().getVersion() : version;
        }
        return new Answer(version, text.toString());
    }

    private Answer httpUnary(String prompt, int tokens) throws IOException, InterruptedException {
        JsonNode response = JSON.readTree(post(prompt, tokens, false));
        return new Answer(
                response.path("model").asText(),
                response.path("choices").path(0).path("text").asText());
    }

    private Answer httpStream(String prompt, int tokens) throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        String version = "";
        boolean ended = false;
        for (String line : post(prompt, tokens, true).lines().toList()) {
            if (line.equals(EVENT + "[DONE]")) {
                ended = true;
            } else if (line.startsWith(EVENT)) {
                JsonNode event = JSON.readTree(line.substring(EVENT.length()));
                version = event.path("model").asText();
                text.append(event.path("choices").path(0).path("text").asText());
            }
        }
        if (!ended) {
            throw new IOException("a stream ended without [DONE]");
        }
        return new Answer(version, text.toString());
    }

    private String post(String prompt, int tokens, boolean stream) throws IOException, InterruptedException {
        String body = JSON.createObjectNode()
                .put("model", CanaryBenchmark.MODEL)
                .put("prompt", prompt)
                .put("max_tokens", tokens)
                .put("temperature", 0)
                .put("stream", stream)
                .toString();
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(completions)
                        .timeout(LIMIT)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("HTTP " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }
}
