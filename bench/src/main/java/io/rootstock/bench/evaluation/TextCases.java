package io.rootstock.bench.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.evaluation.metric.text.AnswerMatch;
import io.rootstock.evaluation.metric.text.Bleu;
import io.rootstock.evaluation.metric.text.BleuSmoothing;
import io.rootstock.evaluation.metric.text.BleuTokenizer;
import io.rootstock.evaluation.metric.text.Chrf;
import io.rootstock.evaluation.metric.text.PorterStemmer;
import io.rootstock.evaluation.metric.text.Rouge;
import io.rootstock.evaluation.metric.text.RougeScore;
import io.rootstock.evaluation.metric.text.RougeVariant;
import io.rootstock.evaluation.metric.text.TextCorpus;
import io.rootstock.evaluation.metric.text.TextMetric;
import java.util.Arrays;
import java.util.List;

/** Values of the metrics of texts. */
final class TextCases {
    private TextCases() {}

    static Values bleu(JsonNode options, JsonNode input) {
        return corpus(bleu(options), input);
    }

    static Values chrf(JsonNode options, JsonNode input) {
        return corpus(
                new Chrf(
                        options.path("characters").intValue(),
                        options.path("words").intValue(),
                        options.path("beta").intValue(),
                        options.path("lowercase").booleanValue(),
                        options.path("whitespace").booleanValue(),
                        options.path("epsilon").booleanValue()),
                input);
    }

    private static Bleu bleu(JsonNode options) {
        String label = options.path("tokenizer").textValue();
        double value = options.path("value").doubleValue();
        return new Bleu(
                Arrays.stream(BleuTokenizer.values())
                        .filter(tokenizer -> tokenizer.label().equals(label))
                        .findFirst()
                        .orElseThrow(),
                switch (options.path("smoothing").textValue()) {
                    case "exp" -> new BleuSmoothing.Exponential();
                    case "none" -> new BleuSmoothing.None();
                    case "floor" -> new BleuSmoothing.Floor(value);
                    case "add-k" -> new BleuSmoothing.AddK(value);
                    default -> throw new IllegalArgumentException("smoothing " + options.path("smoothing"));
                },
                options.path("order").intValue(),
                options.path("effective").booleanValue(),
                options.path("lowercase").booleanValue());
    }

    /**
     * Statistics and score of each text, score of the corpus, name and signature; settings that sacreBLEU's signature
     * leaves out are removed.
     */
    private static Values corpus(TextMetric metric, JsonNode input) {
        Values.Collector values = new Values.Collector();
        TextCorpus corpus = new TextCorpus(metric);
        List<String> texts = Inputs.texts(input.path("texts"));
        List<List<String>> references = Inputs.list(input.path("references"), Inputs::texts);
        for (int row = 0; row < texts.size(); row++) {
            double[] statistics = corpus.add(texts.get(row), references.get(row));
            values.addAll(statistics);
            values.add(metric.score(statistics));
        }
        values.add(corpus.score());
        values.add(metric.name());
        values.add(corpus.signature().replaceAll("\\|(order|beta):\\d+$", ""));
        return values.done();
    }

    /** BLEU of a corpus as NLTK computes it: words between white space, no smoothing. */
    static Values bleuOfCorpus(JsonNode input) {
        TextCorpus corpus =
                new TextCorpus(Bleu.DEFAULT.withTokenizer(BleuTokenizer.NONE).withSmoothing(new BleuSmoothing.None()));
        List<String> texts = Inputs.texts(input.path("texts"));
        for (int row = 0; row < texts.size(); row++) {
            double[] _ = corpus.add(
                    texts.get(row), Inputs.texts(input.path("references").get(row)));
        }
        return Values.of(corpus.score());
    }

    /** chrF of texts as NLTK computes it: beta 3, mean of the orders' F-scores. */
    static Values chrfOfRows(JsonNode input) {
        Chrf metric = new Chrf(6, 0, 3, false, false, true);
        Values.Collector values = new Values.Collector();
        List<String> texts = Inputs.texts(input.path("texts"));
        for (int row = 0; row < texts.size(); row++) {
            values.add(metric.score(
                    texts.get(row), Inputs.texts(input.path("references").get(row))));
        }
        return values.done();
    }

    static Values porter(JsonNode input) {
        Values.Collector values = new Values.Collector();
        Inputs.texts(input).forEach(word -> values.add(PorterStemmer.stem(word)));
        return values.done();
    }

    static Values rouge(JsonNode options, JsonNode input) {
        Values.Collector values = new Values.Collector();
        for (String kind : Inputs.texts(options.path("kinds"))) {
            Rouge rouge =
                    new Rouge(RougeVariant.of(kind), options.path("stemming").booleanValue());
            RougeScore score = rouge.score(input.path("text").textValue(), Inputs.texts(input.path("references")));
            values.add(score.precision());
            values.add(score.recall());
            values.add(score.f1());
        }
        return values.done();
    }

    static Values answer(JsonNode input) {
        AnswerMatch match = AnswerMatch.of(input.path("text").textValue(), Inputs.texts(input.path("references")));
        return Values.of(match.exact(), match.f1());
    }
}
