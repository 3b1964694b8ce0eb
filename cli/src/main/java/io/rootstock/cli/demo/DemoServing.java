package io.rootstock.cli.demo;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Serving;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.cli.operation.CompletionStream;
import io.rootstock.inference.v1.ChatStreamRequest;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.ClassifyResponse;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.Sampling;
import java.util.ArrayList;
import java.util.List;

/** Waits until the versions of the demo are served, and sends requests to them. */
final class DemoServing {
    private static final int PRINTED = 5;
    private static final int MAX_ANSWER_TOKENS = 96;
    private static final int BATCH = 500;
    private static final int TEXT_WIDTH = 100;

    private final Clients clients;
    private final Console console;

    DemoServing(Clients clients, Console console) {
        this.clients = clients;
        this.console = console;
    }

    /** Waits until the version is served; returns the elapsed seconds. */
    double awaitServed(String version) {
        return new Serving(clients).await(DemoPromotion.alias(version), version, Serving.TIMEOUT);
    }

    Finish generate(String model, String prompt) {
        Finish finish = CompletionStream.generate(
                        clients,
                        GenerateStreamRequest.newBuilder()
                                .setModel(model)
                                .setPrompt(prompt)
                                .setOptions(options(
                                        60,
                                        Sampling.newBuilder()
                                                .setTemperature(0.6f)
                                                .setSeed(7)))
                                .build(),
                        console)
                .finish();
        console.print("  (" + CompletionStream.summary(finish) + ")");
        return finish;
    }

    /** Answers held-out requests and prints them with the expected answers. */
    void answer(String model, List<StreamRows.Row> rows) {
        rows.stream().limit(PRINTED).forEach(row -> {
            StringBuilder text = new StringBuilder();
            clients.inference().chatStream(request(model, row)).forEachRemaining(delta -> text.append(delta.getText()));
            boolean right = text.toString().strip().equals(row.output());
            console.print("  request  " + row.instruction());
            console.print("  answer   " + text + (right ? "  (right)" : ""));
            if (!right) {
                console.print("  right    " + row.output());
            }
            console.print("");
        });
    }

    private static ChatStreamRequest request(String model, StreamRows.Row row) {
        return ChatStreamRequest.newBuilder()
                .setModel(model)
                .addMessages(Message.newBuilder().setRole("user").setContent(row.instruction()))
                .setOptions(options(MAX_ANSWER_TOKENS, Sampling.newBuilder().setTemperature(0)))
                .build();
    }

    private static GenerationOptions options(int maxTokens, Sampling.Builder sampling) {
        return GenerationOptions.newBuilder()
                .setMaxTokens(maxTokens)
                .setSampling(sampling)
                .build();
    }

    /** Classifies held-out instructions, prints some and returns the accuracy. */
    double classify(String model, List<StepRows.Row> rows) {
        int correct = 0;
        Table table = new Table("predicted", "probability", "actual", "instruction");
        for (int start = 0; start < rows.size(); start += BATCH) {
            List<StepRows.Row> batch = rows.subList(start, Math.min(rows.size(), start + BATCH));
            List<String> texts = new ArrayList<>();
            batch.forEach(row -> texts.add(row.text()));
            ClassifyResponse response = clients.inference()
                    .classify(ClassifyRequest.newBuilder()
                            .setModel(model)
                            .addAllTexts(texts)
                            .build());
            for (int i = 0; i < batch.size(); i++) {
                String predicted = response.getClassifications(i).getLabel();
                correct += predicted.equals(batch.get(i).label()) ? 1 : 0;
                if (start == 0 && i < PRINTED) {
                    double probability = response.getClassifications(i).getProbabilitiesList().stream()
                            .mapToDouble(each -> each.getProbability())
                            .max()
                            .orElse(0);
                    table.row(
                            predicted,
                            Format.fixed(probability, 2),
                            batch.get(i).label(),
                            Format.fit(batch.get(i).text(), TEXT_WIDTH));
                }
            }
        }
        table.print(console);
        return (double) correct / rows.size();
    }
}
