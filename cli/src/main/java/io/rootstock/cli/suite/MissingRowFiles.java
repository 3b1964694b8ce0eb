package io.rootstock.cli.suite;

import io.rootstock.cli.display.Console;
import io.rootstock.cli.error.CliException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Lists the row files that a suite names and that its folder does not have. */
public final class MissingRowFiles {
    private static final String DCLM = "DCLM's CORE, in the fields of mosaicml/llm-foundry's eval data: ";
    private static final String MULTI30K = "Multi30k, task 1 (multi30k/dataset), one caption per line: ";
    private static final Map<String, String> ORIGINS = Map.ofEntries(
            Map.entry(
                    "summaries/xsum-test.jsonl",
                    "XSum, test split (EdinburghNLP/XSum): JSON lines with document and summary"),
            Map.entry(
                    "grammar/blimp-200-each.jsonl.gz",
                    "BLiMP (alexwarstadt/blimp): the first 200 pairs of each paradigm, JSON lines with sentence_good and"
                            + " sentence_bad"),
            Map.entry("core/lambada_openai.jsonl", DCLM + "context, continuation"),
            Map.entry("core/arc_easy.jsonl", DCLM + "query, choices, gold"),
            Map.entry("core/boolq.jsonl", DCLM + "query, choices, gold"),
            Map.entry("core/copa.jsonl", DCLM + "query, choices, gold"),
            Map.entry("core/winogrande.jsonl", DCLM + "context_options, continuation, gold"),
            Map.entry("translation/val.en.gz", MULTI30K + "val.en"),
            Map.entry("translation/val.de.gz", MULTI30K + "val.de"),
            Map.entry("translation/test_2016_flickr.en.gz", MULTI30K + "test_2016_flickr.en"),
            Map.entry("translation/test_2016_flickr.de.gz", MULTI30K + "test_2016_flickr.de"),
            Map.entry("sentiment/sst2-train.tsv", "SST-2, training split: text, tab, 0 or 1; without header"),
            Map.entry("sentiment/sst2-test.tsv", "SST-2, test split with labels: text, tab, 0 or 1; without header"),
            Map.entry(
                    "intents/clinc150.json",
                    "CLINC150 (clinc/oos-eval): data_full.json, arrays of [text, intent] in train, test, oos_train, oos_test"),
            Map.entry(
                    "sms-spam-test.tsv",
                    "SMS Spam Collection (UCI), lines that no version was trained on: ham or spam, tab, text; without"
                            + " header"),
            Map.entry("korean/nsmc-test.tsv", "NSMC (e9t/nsmc): ratings_test.txt, with its header id, document, label"),
            Map.entry(
                    "instruction-test.json",
                    "instructions that no version was trained on: a JSON array of objects with instruction, input and"
                            + " output"),
            Map.entry(
                    "held-out/text.jsonl",
                    "text of the training data's kind that no training has read: JSON lines with text"),
            Map.entry("induction/words.jsonl", "written by bench/quality/emergence --induction-rows FILE"),
            Map.entry("qa/xquad.en.json", "XQuAD (google-deepmind/xquad): xquad.en.json"));

    private MissingRowFiles() {}

    /**
     * Prints the missing files, those of built-in suites with their origin.
     *
     * @param folder folder of the row files
     * @throws CliException if a file is missing
     */
    public static void require(LocalSuite local, Path folder, Console console) {
        List<String> missing = local.missingRowFiles();
        if (missing.isEmpty()) {
            return;
        }
        for (String path : missing) {
            String origin = origin(path);
            console.note("missing " + path + (origin.isEmpty() ? "" : "  " + origin));
        }
        throw new CliException(
                missing.size() == 1
                        ? "a row file of the suite is not in " + folder
                        : missing.size() + " row files of the suite are not in " + folder,
                "add the files under these names; docs/reference/task-files.md describes their fields");
    }

    /** Returns the origin and the form of a file; empty for a file of another suite. */
    private static String origin(String path) {
        return ORIGINS.getOrDefault(path, "");
    }
}
