package io.rootstock.evaluation.task.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Flattens an article of a SQuAD file: one row per question. */
final class SquadRows {
    private final RowSink sink;

    SquadRows(RowSink sink) {
        this.sink = sink;
    }

    /**
     * Adds the questions of an article as rows with id, title, context, question and answers.
     *
     * @throws io.rootstock.yaml.InvalidFileException if a question, its context or its answers are missing
     */
    void add(Row article) {
        for (Map<?, ?> paragraph : maps(article, article.fields().get("paragraphs"), "paragraphs")) {
            String context = text(article, paragraph, "context");
            for (Map<?, ?> question : maps(article, paragraph.get("qas"), "qas")) {
                List<Object> answers = new ArrayList<>();
                for (Map<?, ?> answer : maps(article, question.get("answers"), "answers")) {
                    answers.add(text(article, answer, "text"));
                }
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("id", text(article, question, "id"));
                fields.put("title", article.fields().getOrDefault("title", ""));
                fields.put("context", context);
                fields.put("question", text(article, question, "question"));
                fields.put("answers", answers);
                sink.add(article.file(), article.line(), fields);
            }
        }
    }

    private static String text(Row article, Map<?, ?> map, String field) {
        if (map.get(field) instanceof String text) {
            return text;
        }
        throw article.error("SQuAD field '" + field + "' is missing or not a text", "write SQuAD 1.1 JSON");
    }

    private static List<Map<?, ?>> maps(Row article, Object value, String field) {
        if (value instanceof List<?> list) {
            List<Map<?, ?>> maps = new ArrayList<>();
            for (Object item : list) {
                if (!(item instanceof Map<?, ?> map)) {
                    throw article.error(
                            "an item of SQuAD field '" + field + "' is not an object", "write SQuAD 1.1 JSON");
                }
                maps.add(map);
            }
            return maps;
        }
        throw article.error("SQuAD field '" + field + "' is missing or not a list", "write SQuAD 1.1 JSON");
    }
}
