package io.rootstock.evaluator.contamination;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.InvalidDatasetException;
import io.rootstock.evaluation.contamination.ContaminatedRow;
import io.rootstock.evaluation.contamination.ContaminationIndex;
import io.rootstock.evaluation.contamination.RowMatch;
import io.rootstock.evaluation.contamination.RowText;
import io.rootstock.evaluation.contamination.TaskTexts;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.suite.SuiteReader;
import io.rootstock.evaluation.v1.SearchedData;
import io.rootstock.evaluation.v1.TrainingData;
import io.rootstock.evaluation.v1.UnsearchedData;
import io.rootstock.evaluator.suite.EvaluatedTask;
import io.rootstock.files.FileTree;
import io.rootstock.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Searches the training data of a lineage for the rows of tasks, one dataset after the other. */
public final class ContaminationCheck {
    private final ArtifactStore store;
    private final Path folder;
    private final SearchCache cache;
    private final SearchListener listener;

    /**
     * @param folder for cached results and the current tokenizer
     * @param listener observes the search and stops it
     */
    public ContaminationCheck(ArtifactStore store, Path folder, SearchListener listener) throws IOException {
        this.store = store;
        this.folder = folder;
        this.cache = new SearchCache(folder.resolve("results"));
        this.listener = listener;
    }

    /** Search of one dataset for those tasks whose results are not cached, in passes over its shards. */
    private record Plan(DatasetSearch search, List<List<TaskTexts>> passes) {
        long bytes() {
            return passes.size() * search.bytes();
        }
    }

    /**
     * Searches for the rows of tasks.
     *
     * @param data training data of the lineage
     * @return contamination by task
     * @throws InvalidFileException if a task has too many rows
     */
    public Map<String, TaskContamination> run(List<EvaluatedTask> tasks, List<TrainingData> data) throws IOException {
        List<TaskTexts> texts = new ArrayList<>();
        for (EvaluatedTask task : tasks) {
            texts.add(texts(task));
        }
        Results results = new Results(new HashMap<>(), new HashMap<>());
        Map<String, Plan> plans = new LinkedHashMap<>();
        Map<String, ShardText> tokenizers = new HashMap<>();
        for (TrainingData each : data) {
            String digest = each.getDatasetDigest();
            if (!digest.isEmpty()
                    && !plans.containsKey(digest)
                    && !results.reasons().containsKey(digest)) {
                List<TaskTexts> missing = missing(digest, texts, results);
                if (!missing.isEmpty()) {
                    plan(each, missing, tokenizers, results).ifPresent(plan -> plans.put(digest, plan));
                }
            }
        }
        listener.begin(plans.values().stream().mapToLong(Plan::bytes).sum());
        for (Map.Entry<String, Plan> plan : plans.entrySet()) {
            try {
                search(plan.getValue(), results);
            } catch (NoSuchArtifactException | InvalidDatasetException e) {
                results.reasons().put(plan.getKey(), unreadable(e));
            }
        }
        Map<String, TaskContamination> contaminations = new HashMap<>();
        for (TaskTexts task : texts) {
            contaminations.put(task.task(), contamination(task, data, results));
        }
        return contaminations;
    }

    /**
     * Results of searches.
     *
     * @param found by digests of texts and dataset
     * @param reasons why a dataset could not be searched, by its digest
     */
    private record Results(Map<Key, FoundRows> found, Map<String, String> reasons) {
        private record Key(String texts, String dataset) {}

        Optional<FoundRows> find(TaskTexts task, String dataset) {
            return Optional.ofNullable(found.get(new Key(task.digest(), dataset)));
        }

        void put(TaskTexts task, String dataset, FoundRows rows) {
            found.put(new Key(task.digest(), dataset), rows);
        }
    }

    private TaskTexts texts(EvaluatedTask task) {
        List<RowText> rows = new ArrayList<>();
        for (Iterator<RenderedRow> each = task.rows(); each.hasNext(); ) {
            RenderedRow row = each.next();
            listener.read("", 0);
            rows.add(new RowText(row.row().index(), row.decontaminationQuery().orElse("")));
        }
        TaskTexts texts = TaskTexts.of(task.name(), rows);
        if (texts.ngrams() > ContaminationIndex.MAX_NGRAMS) {
            throw new InvalidFileException(
                    SuiteReader.FILE,
                    0,
                    "task " + task.name() + ": its rows have " + texts.ngrams() + " n-grams, a contamination check"
                            + " searches for at most " + ContaminationIndex.MAX_NGRAMS,
                    "evaluate fewer rows (--limit)");
        }
        return texts;
    }

    /** Returns the tasks that a dataset must be searched for; adds the cached results of the others. */
    private List<TaskTexts> missing(String dataset, List<TaskTexts> texts, Results results) throws IOException {
        List<TaskTexts> missing = new ArrayList<>();
        for (TaskTexts task : texts) {
            if (task.ngrams() > 0) {
                Optional<FoundRows> cached = cache.find(task.digest(), dataset);
                cached.ifPresentOrElse(rows -> results.put(task, dataset, rows), () -> missing.add(task));
            }
        }
        return missing;
    }

    /** Plans the search of a dataset; empty, with the reason in the results, if it cannot be read. */
    private Optional<Plan> plan(
            TrainingData data, List<TaskTexts> tasks, Map<String, ShardText> tokenizers, Results results)
            throws IOException {
        String digest = data.getDatasetDigest();
        try {
            DatasetManifest manifest = DatasetManifest.read(store, Digest.parse(digest));
            ShardText text = tokenizers.get(manifest.tokenizerDigest());
            if (text == null) {
                text = new ShardText(tokenizer(manifest.tokenizerDigest()));
                tokenizers.put(manifest.tokenizerDigest(), text);
            }
            return Optional.of(new Plan(new DatasetSearch(data.getDataset(), digest, manifest, text), passes(tasks)));
        } catch (NoSuchArtifactException | InvalidDatasetException | InvalidCheckpointException e) {
            results.reasons().put(digest, unreadable(e));
            return Optional.empty();
        }
    }

    private TokenizerFiles tokenizer(String digest) throws IOException {
        Path tokenizer = folder.resolve("tokenizer");
        FileTree.createEmpty(tokenizer);
        return TokenizerFiles.read(store.materialize(Digest.parse(digest), tokenizer.resolve("files")));
    }

    /** Groups tasks so that each group fits into an index. */
    private static List<List<TaskTexts>> passes(List<TaskTexts> tasks) {
        List<List<TaskTexts>> passes = new ArrayList<>();
        long ngrams = ContaminationIndex.MAX_NGRAMS;
        for (TaskTexts task : tasks) {
            if (ngrams + task.ngrams() > ContaminationIndex.MAX_NGRAMS) {
                passes.add(new ArrayList<>());
                ngrams = 0;
            }
            passes.getLast().add(task);
            ngrams += task.ngrams();
        }
        return passes;
    }

    private void search(Plan plan, Results results) throws IOException {
        for (List<TaskTexts> pass : plan.passes()) {
            List<FoundRows> found = plan.search().run(pass, store, listener);
            for (int i = 0; i < pass.size(); i++) {
                results.put(pass.get(i), plan.search().digest(), found.get(i));
                cache.put(pass.get(i).digest(), plan.search().digest(), found.get(i));
            }
        }
    }

    private static String unreadable(RuntimeException e) {
        return e instanceof NoSuchArtifactException
                ? "its artifacts are not in the store, because it was deleted or belongs to another installation;"
                        + " prepare it again from the same files"
                : e.getMessage();
    }

    private static TaskContamination contamination(TaskTexts task, List<TrainingData> data, Results results) {
        Map<Integer, RowMatch> matches = new HashMap<>();
        Map<Integer, TrainingData> sources = new HashMap<>();
        List<SearchedData> searched = new ArrayList<>();
        List<UnsearchedData> unsearched = new ArrayList<>();
        for (TrainingData each : data) {
            String digest = each.getDatasetDigest();
            String reason = digest.isEmpty()
                    ? each.getUnknownReason()
                    : results.reasons().get(digest);
            Optional<FoundRows> found = results.find(task, digest);
            if (reason != null) {
                unsearched.add(UnsearchedData.newBuilder()
                        .setData(each)
                        .setReason(reason)
                        .build());
            } else if (found.isPresent()) {
                for (RowMatch row : found.get().rows()) {
                    matches.merge(row.row(), row, RowMatch::with);
                    sources.putIfAbsent(row.row(), each);
                }
                searched.add(SearchedData.newBuilder()
                        .setData(each)
                        .setDocuments(found.get().documents())
                        .setTokens(found.get().tokens())
                        .setFlaggedRows(found.get().rows().size())
                        .build());
            }
        }
        Map<Integer, ContaminatedRow> flagged = new HashMap<>();
        matches.forEach((row, match) -> flagged.put(
                row,
                new ContaminatedRow(
                        match.share(),
                        sources.get(row).getVersion(),
                        sources.get(row).getDataset(),
                        match.place())));
        return new TaskContamination(task.checkedRows(), task.uncheckedRows(), flagged, searched, unsearched);
    }
}
