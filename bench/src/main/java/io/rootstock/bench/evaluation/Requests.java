package io.rootstock.bench.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.request.ChatGenerateRequest;
import io.rootstock.evaluation.task.request.ChatLoglikelihoodRequest;
import io.rootstock.evaluation.task.request.ChatMessage;
import io.rootstock.evaluation.task.request.ClassifyRequest;
import io.rootstock.evaluation.task.request.GenerateRequest;
import io.rootstock.evaluation.task.request.LoglikelihoodRequest;
import io.rootstock.evaluation.task.request.PromptFormat;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.request.Request;
import io.rootstock.evaluation.task.request.RollingRequest;
import io.rootstock.evaluation.task.request.TaskRenderer;
import io.rootstock.evaluation.task.suite.FolderFiles;
import io.rootstock.evaluation.task.suite.Suite;
import io.rootstock.evaluation.task.suite.SuiteReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Compares rendered requests with those that lm_eval_requests.py recorded; prints a line per task, format and shots. */
public final class Requests {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 3;

    private final Map<String, Task> tasks;
    private final FolderFiles files;
    private long identical;
    private long requests;
    private int shown;

    private Requests(Path folder) {
        this.files = new FolderFiles(folder);
        Suite suite = SuiteReader.read(files);
        this.tasks = suite.tasks().stream().collect(Collectors.toMap(Task::name, Function.identity()));
    }

    /** {@code FOLDER}: a suite with expected.jsonl. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("error: arguments must be FOLDER\nhint: run bench/evaluation/requests");
            System.exit(2);
        }
        Path folder = Path.of(arguments[0]);
        Requests comparison = new Requests(folder);
        comparison.compare(folder.resolve("expected.jsonl"));
        System.out.printf("identical_requests=%d requests=%d%n", comparison.identical, comparison.requests);
        System.exit(comparison.identical == comparison.requests && comparison.requests > 0 ? 0 : 1);
    }

    private void compare(Path expected) throws IOException {
        System.out.printf("%-16s %5s %5s %6s %9s %9s%n", "task", "form", "shots", "rows", "requests", "identical");
        String current = "";
        Iterator<RenderedRow> rows = List.<RenderedRow>of().iterator();
        int[] figures = new int[3];
        try (BufferedReader reader = Files.newBufferedReader(expected)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                JsonNode row = JSON.readTree(line);
                boolean chat = row.get("chat").asBoolean();
                String key = "%-16s %5s %5d"
                        .formatted(
                                row.get("task").asText(),
                                chat ? "chat" : "text",
                                row.get("shots").asInt());
                if (!key.equals(current)) {
                    print(current, figures);
                    current = key;
                    figures = new int[3];
                    rows = new TaskRenderer(
                                    tasks.get(row.get("task").asText()),
                                    files,
                                    OptionalInt.of(row.get("shots").asInt()),
                                    TaskRenderer.SEED,
                                    chat ? PromptFormat.CHAT : PromptFormat.PLAIN)
                            .iterator();
                }
                compare(key, row, rows.next(), figures);
            }
        }
        print(current, figures);
    }

    private void compare(String key, JsonNode expected, RenderedRow row, int[] figures) {
        figures[0]++;
        List<JsonNode> theirs = new ArrayList<>();
        expected.get("requests").forEach(theirs::add);
        for (int i = 0; i < Math.max(theirs.size(), row.requests().size()); i++) {
            JsonNode their = i < theirs.size() ? theirs.get(i) : JSON.nullNode();
            JsonNode our = i < row.requests().size() ? json(row.requests().get(i)) : JSON.nullNode();
            figures[1]++;
            if (our.equals(their) && row.row().index() == expected.get("row").asInt()) {
                figures[2]++;
            } else if (shown++ < SHOWN) {
                System.out.printf(
                        "%s row %s request %d:%n  ours  %s%n  lm-eval %s%n", key, expected.get("row"), i, our, their);
            }
        }
    }

    private void print(String key, int[] figures) {
        if (!key.isEmpty()) {
            System.out.printf("%s %6d %9d %9d%n", key, figures[0], figures[1], figures[2]);
            requests += figures[1];
            identical += figures[2];
        }
    }

    private static JsonNode json(Request request) {
        return switch (request) {
            case LoglikelihoodRequest(String context, String continuation) ->
                JSON.createObjectNode().put("context", context).put("continuation", continuation);
            case RollingRequest(String text) -> JSON.createObjectNode().put("text", text);
            case GenerateRequest(String context, List<String> until, int maxTokens) ->
                JSON.createObjectNode()
                        .put("context", context)
                        .<ObjectNode>set("until", JSON.valueToTree(until))
                        .put("max_tokens", maxTokens);
            case ChatLoglikelihoodRequest(List<ChatMessage> messages, String continuation) ->
                JSON.createObjectNode().put("continuation", continuation).set("messages", JSON.valueToTree(messages));
            case ChatGenerateRequest(List<ChatMessage> messages, List<String> until, int maxTokens) ->
                JSON.createObjectNode()
                        .put("max_tokens", maxTokens)
                        .<ObjectNode>set("messages", JSON.valueToTree(messages))
                        .set("until", JSON.valueToTree(until));
            case ClassifyRequest _ -> throw new IllegalStateException("the harness has no classifiers");
        };
    }
}
