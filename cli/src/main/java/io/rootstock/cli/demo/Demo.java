package io.rootstock.cli.demo;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.demo.DemoCorpus.PretrainingRows;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.LineageTree;
import io.rootstock.cli.display.MixtureTable;
import io.rootstock.cli.doctor.Doctor;
import io.rootstock.cli.doctor.Machine;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.JavaHome;
import io.rootstock.cli.installation.Service;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.inference.v1.Finish;
import io.rootstock.registry.v1.GetLineageRequest;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.trainer.v1.EstimateRunResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs the steps of the demo with the services of an installation. */
public final class Demo {
    private static final int STEPS = 9;

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
     * @param connect opens the clients after the services are started
     */
    public void run(Supplier<Clients> connect) {
        Path source = JdkSources.locate(options.corpus());
        step("services");
        Doctor.requireStartable(Machine.current(JavaHome.search()), installation);
        int started = installation.up().size();
        console.print("  %d started, %d already running; data in %s, logs in %s/logs"
                .formatted(started, Service.values().length - started, installation.home(), installation.home()));
        step("corpus: Javadoc of " + source);
        DemoCorpus corpus = corpus(source);
        try (Clients clients = connect.get()) {
            DemoData data = new DemoData(options, corpus, clients, console);
            DemoJobs jobs = new DemoJobs(clients, console);
            step("tokenizer");
            tokenizer(data);
            step("pre-training dataset");
            Gzip.Size gzip = Gzip.measure(DemoCorpus.texts(corpus.heldOutDocuments()));
            Dataset dataset = dataset(data, gzip);
            BaseSize size = BaseSize.measured(options, jobs);
            console.print("  %s trains at %s FLOP/s on the smallest base: %d layers"
                    .formatted(Labels.of(size.precision()), Format.count(size.flopsPerSecond()), size.depth()));
            JobSpec spec = options.pretraining(size.depth(), size.precision());
            EstimateRunResponse plan = jobs.plan(spec, false);
            MixtureTable.sources(trainingSources(dataset), plan.getEstimate().getTokens())
                    .print(console);
            DemoJobs.TrainedVersion base = train(jobs, spec, plan, options.baseModel(), "pre-train");
            report.base(base.job());
            console.print("  " + report.baseLine());
            step("two fine-tunes of " + Names.brief(base.version().getName()));
            console.print("  instruction: request in plain words → Java stream");
            print(data.streams());
            DemoJobs.TrainedVersion stream =
                    tune(jobs, options.instruction(base.version().getName(), size.precision()));
            report.instruction(stream.job());
            console.print("  " + report.instructionLine());
            console.print("");
            console.print("  classification: instruction → the step that is done last");
            MixtureTable.classes(print(data.steps())).print(console);
            DemoJobs.TrainedVersion last =
                    tune(jobs, options.classification(base.version().getName(), size.precision()));
            report.classification(last.job());
            report.nearest(corpus);
            console.print("  " + report.classificationLine());
            evaluate(
                    clients,
                    DemoSuite.write(corpus, gzip),
                    base.version().getName(),
                    stream.version().getName());
            serve(clients, corpus, List.of(base, stream, last));
        }
        end();
    }

    private DemoCorpus corpus(Path source) {
        Path directory = installation.home().resolve("demo").resolve(options.name());
        Optional<DemoCorpus> existing = DemoCorpus.existing(directory, source);
        DemoCorpus corpus = existing.orElseGet(() -> DemoCorpus.extract(directory, source));
        console.print("  %s documented types, %s of text%s in %s"
                .formatted(
                        Format.count(corpus.types()),
                        Format.bytes(corpus.bytes()),
                        existing.isPresent() ? " (already extracted)" : "",
                        directory));
        return corpus;
    }

    private void tokenizer(DemoData data) {
        DemoData.Resource<Tokenizer> resource = data.tokenizer();
        Tokenizer tokenizer = resource.value();
        console.print("  %s: %d tokens, %s bytes per token%s"
                .formatted(
                        tokenizer.getName(),
                        tokenizer.getVocabularySize(),
                        Format.fixed(tokenizer.getBytesPerToken(), 2),
                        resource.created() ? "" : " (already exists)"));
    }

    private Dataset dataset(DemoData data, Gzip.Size gzip) {
        Dataset dataset = print(data.pretraining());
        report.gzip(gzip);
        long heldOut = dataset.getSplitsList().stream()
                .filter(split -> split.getSplit().equals(DemoSplit.VALIDATION.split()))
                .mapToLong(split -> split.getBytes())
                .sum();
        console.print("  held-out types: %s of text; gzip -9: %s bits per byte"
                .formatted(Format.bytes(heldOut), Format.fixed(gzip.bitsPerByte(), 3)));
        return dataset;
    }

    /** The dataset without its held-out source. */
    private static Dataset trainingSources(Dataset dataset) {
        Dataset.Builder training = dataset.toBuilder().clearSources();
        dataset.getSourcesList().stream()
                .filter(source -> source.getTokens() > 0)
                .filter(source -> PretrainingRows.SOURCES.stream()
                        .anyMatch(mixed -> mixed.name().equals(source.getName())))
                .forEach(training::addSources);
        return training.build();
    }

    private Dataset print(DemoData.Resource<Dataset> resource) {
        Dataset dataset = resource.value();
        console.print("  %s: %s tokens, %s rejected%s"
                .formatted(
                        dataset.getName(),
                        Format.count(dataset.getSplitsList().stream()
                                .mapToLong(split -> split.getTokens())
                                .sum()),
                        Format.counted(dataset.getRefusedRowCount(), "row"),
                        resource.created() ? "" : " (already exists)"));
        return dataset;
    }

    private DemoJobs.TrainedVersion tune(DemoJobs jobs, JobSpec spec) {
        return jobs.existing(spec.getOutputModel())
                .map(this::reused)
                .orElseGet(() -> jobs.train(spec, jobs.plan(spec, false), "fine-tune"));
    }

    private DemoJobs.TrainedVersion train(
            DemoJobs jobs, JobSpec spec, EstimateRunResponse plan, String model, String task) {
        Optional<DemoJobs.TrainedVersion> existing = jobs.existing(model);
        step("pre-training");
        return existing.isPresent() ? reused(existing.get()) : jobs.train(spec, plan, task);
    }

    private DemoJobs.TrainedVersion reused(DemoJobs.TrainedVersion trained) {
        console.print("  " + Names.brief(trained.version().getName())
                + " already exists and is reused; set --name NAME to train another");
        return trained;
    }

    /** Evaluates the base and its instruction fine-tune on held-out rows, after gates that require it are set. */
    private void evaluate(Clients clients, DemoSuite suite, String base, String tuned) {
        step("evaluation and gates");
        DemoEvaluation evaluation = new DemoEvaluation(clients, console);
        DemoPromotion promotion = new DemoPromotion(clients, console);
        String revision = evaluation.suite(options.suite(), suite);
        evaluation.gate(base, suite.textGate(), revision);
        promotion.showRefusal(base);
        console.print("");
        Evaluation first = evaluation.evaluate(base, revision);
        evaluation.gate(tuned, DemoSuite.answerGate(), revision);
        Evaluation second = evaluation.evaluate(tuned, revision);
        evaluation.compare(first, second);
        report.evaluations(first, second);
    }

    private void serve(Clients clients, DemoCorpus corpus, List<DemoJobs.TrainedVersion> trained) {
        DemoServing serving = new DemoServing(clients, console);
        step("promotion and serving");
        DemoPromotion promotion = new DemoPromotion(clients, console);
        trained.forEach(each -> promotion.promote(each.version().getName()));
        for (DemoJobs.TrainedVersion each : trained) {
            double seconds = serving.awaitServed(each.version().getName());
            console.print("  %s is ready after %s"
                    .formatted(Names.brief(each.version().getName()), Format.duration(seconds)));
        }
        console.print("");
        Finish finish = serving.generate(options.baseModel(), "Returns the number of");
        console.print("");
        report.generation(finish);
        serving.answer(options.instructionModel(), corpus.streamRows(DemoSplit.TEST));
        report.served(serving.classify(options.classificationModel(), corpus.stepRows(DemoSplit.TEST)));
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
        step("results");
        report.table().print(console);
        console.print("");
        console.printJson(report.values(seconds));
        console.print(report.summary(seconds));
        console.print("");
        console.print("the services run, with their data in %s; stop them with: rootstock down"
                .formatted(installation.home()));
        console.print(
                "next, with rows of your own (columns text,label): rootstock finetune --task classification --base "
                        + Names.id(options.baseModel()) + " --file my.csv --model mine");
        installation
                .running(Service.REGISTRY)
                .ifPresent(registry -> console.print("web console: http://127.0.0.1:" + registry.httpPort() + "/"));
    }

    private void step(String title) {
        step++;
        console.print("");
        console.print(
                "[%d/%d  %s] %s".formatted(step, STEPS, Format.duration((System.nanoTime() - start) * 1e-9), title));
    }
}
