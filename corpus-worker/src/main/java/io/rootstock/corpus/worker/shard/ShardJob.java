package io.rootstock.corpus.worker.shard;

import io.rootstock.artifacts.Digest;
import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.DataEngine;
import io.rootstock.corpus.engine.JobCancelledException;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.JobFailedException;
import io.rootstock.corpus.engine.Receipt;
import io.rootstock.corpus.engine.count.CountsJson;
import io.rootstock.corpus.engine.format.UnitFileReader;
import io.rootstock.corpus.engine.job.CorpusManifest;
import io.rootstock.corpus.engine.job.CorpusManifest.OutputUnit;
import io.rootstock.corpus.engine.job.CorpusReport;
import io.rootstock.corpus.engine.job.OutputDirectory;
import io.rootstock.corpus.engine.job.SourceReport;
import io.rootstock.corpus.engine.job.SourceReport.TokenizerSample;
import io.rootstock.corpus.recipe.Recipe;
import io.rootstock.corpus.recipe.RecipeSource;
import io.rootstock.corpus.worker.plan.RecipePlan;
import io.rootstock.corpus.worker.shard.ShardTasks.ShardTask;
import io.rootstock.corpus.worker.token.OpenAiEncodings;
import io.rootstock.corpus.worker.token.PreparedTokenizer;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.encoding.TextCodec;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.training.CompressionReport;
import io.rootstock.files.AtomicFile;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Runs the stage after a corpus job on the same engine: splits, and with a tokenizer shards. Writes {@code shards.json},
 * {@code dataset.json} (the manifest that trainings read) and the sources of {@code report.json}.
 *
 * @param engine engine of the corpus job
 * @param workspace work directory of the engine, with the manifest of the finished job
 * @param plan plan of the recipe
 * @param control progress and cancellation
 */
public record ShardJob(DataEngine engine, Path workspace, RecipePlan plan, JobControl control) {
    /** Name of the dataset's manifest in the workspace. */
    public static final String DATASET = "dataset.json";

    /**
     * Result of the stage.
     *
     * @param report report with the sources
     * @param dataset digest of {@code dataset.json}; empty if the result is text
     */
    public record Result(CorpusReport report, Optional<String> dataset) {}

    /** Removes the manifests of an earlier run. */
    public static void delete(Path workspace) throws IOException {
        Files.deleteIfExists(workspace.resolve(DATASET));
        Files.deleteIfExists(workspace.resolve(ShardIndex.NAME));
    }

    /**
     * Runs the stage.
     *
     * @param report report of the corpus job
     * @throws io.rootstock.corpus.engine.JobCancelledException if the job was cancelled; a later run resumes
     * @throws JobFailedException if a task failed; a later run resumes
     */
    public Result run(CorpusReport report) throws IOException {
        CorpusManifest manifest = CorpusManifest.read(workspace);
        SplitRule rule = SplitRule.of(plan.recipe());
        List<Receipt> receipts = List.of();
        if (plan.tokenizer().isPresent() || !rule.trainsOnAll()) {
            if (plan.tokenizer().isPresent()) {
                plan.tokenizer().get().copyTo(workspace);
            }
            receipts = engine.each(ShardTask.stage(rule, plan.tokenizer()), manifest.workUnits(), control);
        }
        try {
            return write(report, sources(manifest, receipts), samples(manifest), receipts);
        } catch (IOException e) {
            throw JobFailedException.of("results", "dataset and report", workspace, e);
        }
    }

    private List<SourceShards> sources(CorpusManifest manifest, List<Receipt> receipts) {
        List<SourceShards> sources = new ArrayList<>();
        int unit = 0;
        for (RecipePlan.PlannedSource planned : plan.sources()) {
            SourceShards source = new SourceShards(planned.name());
            for (int end = unit + planned.units(); unit < end; unit++) {
                if (receipts.isEmpty()) {
                    source.addText(manifest.units().get(unit));
                } else {
                    source.add(receipts.get(unit));
                }
            }
            sources.add(source);
        }
        return sources;
    }

    /** Tokens of the first documents of each source, in order; without a tokenizer, of none. */
    private List<List<TokenizerSample>> samples(CorpusManifest manifest) throws IOException {
        List<List<TokenizerSample>> samples = new ArrayList<>();
        int unit = 0;
        for (RecipePlan.PlannedSource planned : plan.sources()) {
            if (control.cancelled().getAsBoolean()) {
                throw new JobCancelledException();
            }
            List<OutputUnit> units = manifest.units().subList(unit, unit + planned.units());
            samples.add(
                    plan.tokenizer().isEmpty()
                            ? List.of()
                            : new CompressionSample(
                                            plan.recipe().tokenizer().orElseThrow(),
                                            plan.tokenizer().get().tokenizer())
                                    .of(workspace, units));
            unit += planned.units();
        }
        return samples;
    }

    private Result write(
            CorpusReport report,
            List<SourceShards> sources,
            List<List<TokenizerSample>> samples,
            List<Receipt> receipts)
            throws IOException {
        List<SourceReport> reports = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            reports.add(sources.get(i).report(samples.get(i)));
        }
        CorpusReport counted = report.withSources(reports);
        counted.write(workspace);
        if (plan.tokenizer().isEmpty()) {
            FileTree.delete(workspace.resolve(SplitShards.DIRECTORY));
            FileTree.delete(workspace.resolve(PreparedTokenizer.COPY));
            return new Result(counted, Optional.empty());
        }
        PreparedTokenizer tokenizer = plan.tokenizer().get();
        byte[] json =
                dataset(sources, tokenizer.digest(), tokenizer.tokenizer()).json();
        String digest = Digest.of(json).value();
        ShardIndex index = ShardIndex.of(digest, tokenizer.digest(), receipts);
        new OutputDirectory(workspace, SplitShards.DIRECTORY)
                .keepOnly(index.files().stream().map(ShardIndex.ShardFile::path).collect(Collectors.toSet()));
        AtomicFile.write(workspace.resolve(ShardIndex.NAME), CountsJson.writePretty(index));
        AtomicFile.write(workspace.resolve(DATASET), json);
        return new Result(counted, Optional.of(digest));
    }

    /** Weights are those of the recipe, divided by their sum over the sources that have training tokens. */
    private DatasetManifest dataset(List<SourceShards> sources, String digest, Tokenizer tokenizer) {
        Recipe recipe = plan.recipe();
        double total = 0;
        for (int i = 0; i < sources.size(); i++) {
            total += sources.get(i).trainTokens() == 0
                    ? 0
                    : recipe.share(recipe.sources().get(i));
        }
        List<DatasetManifest.Source> entries = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            RecipeSource source = recipe.sources().get(i);
            double weight = sources.get(i).trainTokens() == 0 ? 0 : recipe.share(source) / total;
            entries.add(sources.get(i).manifest(weight, source.maximumEpochs().orElse(0.0)));
        }
        return new DatasetManifest(
                DatasetManifest.FORMAT_VERSION,
                DatasetKind.PRETRAINING,
                digest,
                tokenizer.size(),
                tokenizer.rule().addBos(),
                tokenizer.rule().eosId(),
                0,
                List.of(),
                entries);
    }

    /**
     * Compares a tokenizer with OpenAI's encodings on the first documents of a source, until they have {@value #BYTES} bytes.
     *
     * @param name name of the tokenizer in reports
     * @param tokenizer the tokenizer
     */
    private record CompressionSample(String name, TextCodec tokenizer) {
        static final int BYTES = 1 << 20;

        /** Returns the tokens with each tokenizer; none for a source without documents. */
        List<TokenizerSample> of(Path workspace, List<OutputUnit> units) throws IOException {
            Map<String, TextCodec> codecs = new LinkedHashMap<>();
            codecs.put(name, tokenizer);
            codecs.putAll(OpenAiEncodings.ALL);
            CompressionReport.Builder report = new CompressionReport.Builder(codecs);
            long bytes = 0;
            for (OutputUnit unit : units) {
                if (bytes >= BYTES) {
                    break;
                }
                try (UnitFileReader reader = new UnitFileReader(workspace.resolve(unit.path()))) {
                    Document document = reader.next();
                    while (document != null && bytes < BYTES) {
                        byte[] text = document.text().utf8();
                        report.add("", text);
                        bytes += text.length;
                        document = reader.next();
                    }
                }
            }
            return report.build().rows().stream()
                    .map(row -> new TokenizerSample(row.tokenizer(), row.bytes(), row.tokens()))
                    .toList();
        }
    }
}
