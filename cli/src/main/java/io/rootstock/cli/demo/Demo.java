package io.rootstock.cli.demo;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.LineageTree;
import io.rootstock.cli.display.MixtureTable;
import io.rootstock.cli.installation.Installation;
import io.rootstock.inference.v1.Finish;
import io.rootstock.registry.v1.GetLineageRequest;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The whole life of a model, step by step, with the services of an installation. */
public final class Demo {
    private static final int STEPS = 8;

    private final DemoOptions options;
    private final Installation installation;
    private final Console console;
    private final DemoReport report = new DemoReport();
    private final long start = System.nanoTime();
    private int step;

    public Demo(DemoOptions options, Installation installation, Console console) {
        this.options = options;
        this.installation = installation;
        this.console = console;
    }

    /**
     * Runs all steps.
     *
     * @param connect opens the clients, once the services run
     */
    public void run(Supplier<Clients> connect) {
        Path source = JdkSources.locate(options.corpus());
        step("services");
        int started = installation.start().size();
        console.print("  %d started, %d ran already; data in %s, logs in %s/logs"
                .formatted(started, STEPS / 2 - started, installation.home(), installation.home()));
        step("corpus: Javadoc prose of " + source);
        DemoCorpus corpus = corpus(source);
        try (Clients clients = connect.get()) {
            DemoData data = new DemoData(options, corpus, clients, console);
            DemoJobs jobs = new DemoJobs(clients, console);
            step("tokenizer");
            tokenizer(data);
            step("pre-training dataset and plan");
            Dataset dataset = dataset(data, corpus);
            JobSpec spec = pretraining();
            EstimateRunResponse plan = jobs.plan(spec);
            MixtureTable.sources(trainingSources(dataset), plan.getEstimate().getTokens())
                    .print(console);
            DemoJobs.Trained base = train(jobs, spec, plan, options.baseModel(), "pre-train");
            report.base(base.job());
            console.print("  " + report.baseLine());
            step("two fine-tunes of " + Names.brief(base.version().getName()));
            console.print("  instruction: method signature → first sentence of its documentation, loss on the answer");
            made(data.instructions());
            DemoJobs.Trained summary =
                    tune(jobs, base, Task.TASK_INSTRUCTION, options.instructionDataset(), options.instructionModel());
            report.instruction(summary.job());
            console.print("  " + report.instructionLine());
            console.print("");
            console.print("  classification: sentence → package it documents, head on the last token");
            MixtureTable.classes(made(data.packages())).print(console);
            DemoJobs.Trained packages = tune(
                    jobs,
                    base,
                    Task.TASK_CLASSIFICATION,
                    options.classificationDataset(),
                    options.classificationModel());
            report.classification(packages.job());
            console.print("  " + report.classificationLine());
            serve(clients, corpus, List.of(base, summary, packages));
        }
        end();
    }

    private DemoCorpus corpus(Path source) {
        Path folder = installation.home().resolve("demo").resolve(options.name());
        Optional<DemoCorpus> existing = DemoCorpus.existing(folder, source);
        DemoCorpus corpus = existing.orElseGet(() -> DemoCorpus.extract(folder, source));
        console.print("  %s types, %s of prose%s in %s"
                .formatted(
                        Format.count(corpus.types()),
                        Format.bytes(corpus.bytes()),
                        existing.isPresent() ? ", extracted by an earlier run," : "",
                        folder));
        return corpus;
    }

    private void tokenizer(DemoData data) {
        DemoData.Made<Tokenizer> made = data.tokenizer();
        Tokenizer tokenizer = made.value();
        console.print("  %s: %d tokens, %s bytes per token%s"
                .formatted(
                        tokenizer.getName(),
                        tokenizer.getVocabularySize(),
                        Format.fixed(tokenizer.getBytesPerToken(), 2),
                        made.now() ? "" : " (there already)"));
    }

    private Dataset dataset(DemoData data, DemoCorpus corpus) {
        Dataset dataset = made(data.pretraining());
        Gzip.Size gzip = Gzip.measure(DemoCorpus.texts(corpus.heldOutDocuments()));
        report.gzip(gzip);
        long held = dataset.getSplitsList().stream()
                .filter(split -> split.getSplit().equals(DemoSplit.VALIDATION.split()))
                .mapToLong(split -> split.getBytes())
                .sum();
        console.print("  held out: whole types, %s; gzip -9 needs %s bits per byte for the same text"
                .formatted(Format.bytes(held), Format.fixed(gzip.bitsPerByte(), 3)));
        return dataset;
    }

    /** The mixture without the held-out source, which is never trained on. */
    private static Dataset trainingSources(Dataset dataset) {
        Dataset.Builder training = dataset.toBuilder().clearSources();
        dataset.getSourcesList().stream()
                .filter(source -> source.getTokens() > 0)
                .filter(source -> PretrainingRows.SOURCES.stream()
                        .anyMatch(mixed -> mixed.name().equals(source.getName())))
                .forEach(training::addSources);
        return training.build();
    }

    private Dataset made(DemoData.Made<Dataset> made) {
        Dataset dataset = made.value();
        console.print("  %s: %s tokens, %d rows refused%s"
                .formatted(
                        dataset.getName(),
                        Format.count(dataset.getSplitsList().stream()
                                .mapToLong(split -> split.getTokens())
                                .sum()),
                        dataset.getRefusedRowCount(),
                        made.now() ? "" : " (there already)"));
        return dataset;
    }

    private JobSpec pretraining() {
        return JobSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDataset(options.dataset())
                .setOutputModel(options.baseModel())
                .setArchitecture(options.architecture())
                .setHyperparameters(options.pretraining())
                .build();
    }

    private DemoJobs.Trained tune(DemoJobs jobs, DemoJobs.Trained base, Task task, String dataset, String model) {
        Optional<DemoJobs.Trained> existing = jobs.existing(model);
        if (existing.isPresent()) {
            return reused(existing.get());
        }
        JobSpec spec = JobSpec.newBuilder()
                .setTask(task)
                .setDataset(dataset)
                .setBase(base.version().getName())
                .setOutputModel(model)
                .setHyperparameters(task == Task.TASK_INSTRUCTION ? options.instruction() : options.classification())
                .build();
        return jobs.train(spec, jobs.plan(spec), "fine-tune");
    }

    private DemoJobs.Trained train(DemoJobs jobs, JobSpec spec, EstimateRunResponse plan, String model, String task) {
        Optional<DemoJobs.Trained> existing = jobs.existing(model);
        step("pre-training");
        return existing.isPresent() ? reused(existing.get()) : jobs.train(spec, plan, task);
    }

    private DemoJobs.Trained reused(DemoJobs.Trained trained) {
        console.print("  " + Names.brief(trained.version().getName())
                + " is there already and is used; --name NAME makes another one");
        return trained;
    }

    private void serve(Clients clients, DemoCorpus corpus, List<DemoJobs.Trained> trained) {
        DemoServing serving = new DemoServing(clients, console);
        step("promotion and serving");
        trained.forEach(each -> serving.promote(each.version().getName(), "made by the demo"));
        for (DemoJobs.Trained each : trained) {
            double seconds = serving.awaitServed(each.version().getName());
            console.print("  %s verified, loaded and serving after %s"
                    .formatted(Names.brief(each.version().getName()), Format.duration(seconds)));
        }
        console.print("");
        Finish finish = serving.generate(options.baseModel(), "Returns the number of");
        console.print("");
        report.generation(finish);
        report.ended(serving.summaries(
                options.instructionModel(), DemoCorpus.instructionRows(corpus.instructions(DemoSplit.TEST))));
        report.served(
                serving.classify(options.classificationModel(), DemoCorpus.packageRows(corpus.packages(DemoSplit.TEST))));
        console.print("");
        LineageTree.lines(clients.models()
                        .getLineage(GetLineageRequest.newBuilder()
                                .setName(trained.getFirst().version().getName())
                                .build())
                        .getRoot())
                .forEach(line -> console.print("  " + line));
    }

    private void end() {
        double seconds = (System.nanoTime() - start) * 1e-9;
        step("numbers");
        report.table().print(console);
        console.print("");
        console.print("  data: %s   services: running; stop them with: rootstock down".formatted(installation.home()));
        console.print(
                "  try:  rootstock chat %s \"boolean List.isEmpty()\"".formatted(Names.id(options.instructionModel())));
        console.printJson(report.values(seconds));
        console.print(report.summary(seconds));
    }

    private void step(String title) {
        step++;
        console.print("");
        console.print(
                "[%d/%d  %s] %s".formatted(step, STEPS, Format.duration((System.nanoTime() - start) * 1e-9), title));
    }
}
