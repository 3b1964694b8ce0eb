package io.rootstock.bench.data.cleaning;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.bench.BenchmarkData;
import io.rootstock.bench.emergence.TrainingText;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * Real English texts: three books and Shakespeare's plays in documents of about 1,200 characters, and news articles.
 *
 * @param train documents of the corpus
 * @param heldOut the last 5 % of the documents of each book, of the plays and of the news
 */
record CleanTexts(List<CleanText> train, List<String> heldOut) {
    private static final double HELD_OUT_SHARE = 0.05;
    private static final String NEWS = "evaluation/summaries/xsum-test.jsonl";
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * A document.
     *
     * @param origin {@code books}, {@code plays} or {@code news}
     */
    record CleanText(String origin, String text) {}

    CleanTexts {
        train = List.copyOf(train);
        heldOut = List.copyOf(heldOut);
    }

    /** Reads the files of the bench data. */
    static CleanTexts read() throws IOException {
        List<CleanText> train = new ArrayList<>();
        List<String> heldOut = new ArrayList<>();
        for (List<String> book : TrainingText.books()) {
            split("books", book, train, heldOut);
        }
        split("plays", TrainingText.plays(), train, heldOut);
        List<String> news = new ArrayList<>();
        for (String line : Files.readAllLines(BenchmarkData.file(NEWS))) {
            String article = JSON.readTree(line).path("document").asText();
            if (!article.isBlank()) {
                news.add(article);
            }
        }
        split("news", news, train, heldOut);
        return new CleanTexts(train, heldOut);
    }

    private static void split(String origin, List<String> documents, List<CleanText> train, List<String> heldOut) {
        int border = documents.size() - (int) Math.ceil(HELD_OUT_SHARE * documents.size());
        documents.subList(0, border).forEach(text -> train.add(new CleanText(origin, text)));
        heldOut.addAll(documents.subList(border, documents.size()));
    }
}
