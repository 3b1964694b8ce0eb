package io.rootstock.bench.emergence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.bench.BenchmarkData;
import io.rootstock.evaluation.baseline.LabelledText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The row files of the suite: the first rows of the published files under their names, so that an evaluation of all rows
 * takes minutes. Of BLiMP the first pairs of each paradigm, of XQuAD the first question of each passage.
 *
 * @param heldOut documents
 * @param pairs BLiMP pairs in order
 * @param sentences sentences of SST-2 with their labels
 * @param captions English captions with their translations
 * @param summaries documents with their summaries
 * @param questions passages with the answers of their first question
 */
record SuiteRows(
        List<String> heldOut,
        List<Pair> pairs,
        List<LabelledText> sentences,
        List<Source> captions,
        List<Source> summaries,
        List<Source> questions) {
    private static final String DATA = "evaluation/";
    private static final String BLIMP = "grammar/blimp-200-each.jsonl.gz";
    private static final String SENTENCES = "sentiment/sst2-test.tsv";
    private static final String CAPTIONS = "translation/test_2016_flickr.";
    private static final String SUMMARIES = "summaries/xsum-test.jsonl";
    private static final String QUESTIONS = "qa/xquad.en.json";
    private static final JsonMapper JSON = new JsonMapper();

    SuiteRows {
        heldOut = List.copyOf(heldOut);
        pairs = List.copyOf(pairs);
        sentences = List.copyOf(sentences);
        captions = List.copyOf(captions);
        summaries = List.copyOf(summaries);
        questions = List.copyOf(questions);
    }

    /** Paradigm of a pair, and the phenomenon that it belongs to. */
    record Pair(String paradigm, String group) {}

    /** A source with its references. */
    record Source(String text, List<String> references) {}

    /** Writes the files into a folder. */
    static SuiteRows write(Path folder, TrainingText text, RowCounts counts) throws IOException {
        // Evenly spaced, so that every file of the training text has documents.
        List<String> heldOut = new ArrayList<>();
        int documents = Math.min(counts.heldOut(), text.heldOut().size());
        for (int i = 0; i < documents; i++) {
            heldOut.add(text.heldOut().get(i * text.heldOut().size() / documents));
        }
        TrainingText.write(heldOut, folder.resolve("held-out/text.jsonl"));
        InductionRows.write(counts.sequences(), folder.resolve("induction/words.jsonl"));
        return new SuiteRows(
                heldOut,
                pairs(folder, counts.pairs()),
                sentences(folder, counts.sentiment()),
                captions(folder, counts.abilities()),
                summaries(folder, counts.abilities()),
                questions(folder, counts.abilities()));
    }

    private static List<Pair> pairs(Path folder, int most) throws IOException {
        List<String> kept = new ArrayList<>();
        List<Pair> pairs = new ArrayList<>();
        TreeMap<String, Integer> counts = new TreeMap<>();
        for (String line : unzipped(BLIMP)) {
            JsonNode row = JSON.readTree(line);
            String paradigm = row.required("UID").asText();
            if (counts.merge(paradigm, 1, Integer::sum) <= most) {
                kept.add(line);
                pairs.add(new Pair(paradigm, row.required("linguistics_term").asText()));
            }
        }
        zip(kept, folder.resolve(BLIMP));
        return pairs;
    }

    private static List<LabelledText> sentences(Path folder, int most) throws IOException {
        List<String> lines = first(Files.readAllLines(BenchmarkData.file(DATA + SENTENCES)), most);
        Files.createDirectories(folder.resolve(SENTENCES).getParent());
        Files.write(folder.resolve(SENTENCES), lines);
        return labelled(lines);
    }

    /** SST-2's sentences for training a baseline. */
    static List<LabelledText> trainingSentences() throws IOException {
        return labelled(Files.readAllLines(BenchmarkData.file(DATA + "sentiment/sst2-train.tsv")));
    }

    private static List<LabelledText> labelled(List<String> lines) {
        return lines.stream()
                .map(line -> line.split("\t", 2))
                .map(parts -> new LabelledText(parts[0], Integer.parseInt(parts[1])))
                .toList();
    }

    private static List<Source> captions(Path folder, int most) throws IOException {
        List<String> english = first(unzipped(CAPTIONS + "en.gz"), most);
        List<String> german = first(unzipped(CAPTIONS + "de.gz"), most);
        zip(english, folder.resolve(CAPTIONS + "en.gz"));
        zip(german, folder.resolve(CAPTIONS + "de.gz"));
        List<Source> captions = new ArrayList<>();
        for (int i = 0; i < english.size(); i++) {
            captions.add(new Source(english.get(i), List.of(german.get(i))));
        }
        return captions;
    }

    private static List<Source> summaries(Path folder, int most) throws IOException {
        List<String> lines = first(Files.readAllLines(BenchmarkData.file(DATA + SUMMARIES)), most);
        Files.createDirectories(folder.resolve(SUMMARIES).getParent());
        Files.write(folder.resolve(SUMMARIES), lines);
        List<Source> summaries = new ArrayList<>();
        for (String line : lines) {
            JsonNode row = JSON.readTree(line);
            summaries.add(new Source(
                    row.required("document").asText(),
                    List.of(row.required("summary").asText())));
        }
        return summaries;
    }

    private static List<Source> questions(Path folder, int most) throws IOException {
        JsonNode file = JSON.readTree(BenchmarkData.file(DATA + QUESTIONS).toFile());
        ObjectNode kept = JSON.createObjectNode();
        ArrayNode articles = kept.putArray("data");
        List<Source> questions = new ArrayList<>();
        for (JsonNode article : file.required("data")) {
            ObjectNode keptArticle = articles.addObject();
            keptArticle.put("title", article.path("title").asText());
            ArrayNode paragraphs = keptArticle.putArray("paragraphs");
            for (JsonNode paragraph : article.required("paragraphs")) {
                if (questions.size() < most) {
                    JsonNode question = paragraph.required("qas").required(0);
                    ObjectNode keptParagraph = paragraphs.addObject();
                    keptParagraph.set("context", paragraph.required("context"));
                    keptParagraph.putArray("qas").add(question);
                    questions.add(new Source(
                            paragraph.required("context").asText(),
                            question.required("answers")
                                    .valueStream()
                                    .map(answer -> answer.required("text").asText())
                                    .toList()));
                }
            }
        }
        Path copy = folder.resolve(QUESTIONS);
        Files.createDirectories(copy.getParent());
        JSON.writeValue(copy.toFile(), kept);
        return questions;
    }

    private static List<String> first(List<String> lines, int most) {
        return lines.subList(0, Math.min(most, lines.size()));
    }

    private static List<String> unzipped(String name) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(BenchmarkData.file(DATA + name))), StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        }
    }

    private static void zip(List<String> lines, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (Writer out =
                new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8)) {
            for (String line : lines) {
                out.write(line + "\n");
            }
        }
    }
}
