package io.rootstock.cli.prediction;

import io.rootstock.cli.client.Clients;
import io.rootstock.inference.v1.Answer;
import io.rootstock.inference.v1.ChatRequest;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Message;
import io.rootstock.tokenizer.v1.SourceRow;
import java.util.List;
import java.util.OptionalDouble;

/** Generates answers to the messages of rows. */
public final class AnswerPredictor extends Predictor {
    private final Clients clients;
    private final String model;
    private final GenerationOptions options;

    /** @param model resource name, models/{model} or models/{model}@{alias} */
    public AnswerPredictor(Clients clients, String model, GenerationOptions options) {
        this.clients = clients;
        this.model = model;
        this.options = options;
    }

    @Override
    int batchRows() {
        return 1;
    }

    @Override
    List<Prediction> request(List<SourceRow> rows) {
        SourceRow row = rows.getFirst();
        ChatRequest.Builder request = ChatRequest.newBuilder().setModel(model).setOptions(options);
        row.getMessagesList()
                .forEach(message -> request.addMessages(
                        Message.newBuilder().setRole(message.getRole()).setContent(message.getContent())));
        Answer answer = clients.inference().chat(request.build()).getAnswers(0);
        return List.of(new Prediction.Answered(
                row,
                answer.getMessage().getContent(),
                OptionalDouble.empty(),
                answer.getFinish().getCompletionTokens()));
    }
}
