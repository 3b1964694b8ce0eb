package io.rootstock.cli.command.training;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.MixturePlanTable;
import io.rootstock.cli.display.PlanReport;
import io.rootstock.tokenizer.v1.GetDatasetRequest;
import io.rootstock.trainer.v1.EstimateRunRequest;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rootstock estimate}. */
@Command(
        name = "estimate",
        mixinStandardHelpOptions = true,
        header = "Estimate parameters, FLOPs, memory, time and cost of a pre-training run",
        footer = {
            "",
            "Examples:",
            "  rootstock estimate --depth 12 --vocabulary 50257 --tokens 10B --device h100",
            "  rootstock estimate --depth 12 --mixture mixture.yaml --tokens 10B",
            "  rootstock estimate --parameters 174.6B --tokens 300B --device h100"
        })
public final class EstimateCommand extends ServiceCommand {
    /** One dataset, or a mixture of datasets; none with a stated vocabulary and number of tokens. */
    private static final class Data {
        @Option(
                names = "--dataset",
                required = true,
                paramLabel = "DATASET",
                description = "Dataset that provides the vocabulary size and the number of tokens")
        private String dataset;

        @Option(
                names = "--mixture",
                required = true,
                paramLabel = "FILE",
                description = "Mixture file, as for `rootstock pretrain`; prints tokens and epochs of each source too")
        private Path mixture;
    }

    @ArgGroup(multiplicity = "0..1")
    private Data data;

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            defaultValue = "4096",
            description = "Vocabulary size if no dataset or mixture is set [default: ${DEFAULT-VALUE}]")
    private int vocabulary;

    @Option(
            names = "--parameters",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Number of parameters, for models with another architecture than Llama")
    private Long parameters;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Device of the price table, for example h100 [default: this machine, measured]")
    private String device;

    @Option(
            names = "--dollars-per-hour",
            paramLabel = "PRICE",
            defaultValue = "0",
            description = "Price of the device in dollars per hour [default: from the price table]")
    private double dollarsPerHour;

    @ArgGroup(exclusive = false, heading = "%nArchitecture:%n")
    private ArchitectureOptions architecture = new ArchitectureOptions();

    @ArgGroup(exclusive = false, heading = "%nTraining length:%n")
    private PretrainingOptions pretraining = new PretrainingOptions();

    @ArgGroup(exclusive = false, heading = "%nHyperparameters:%n")
    private HyperparameterOptions hyperparameters = new HyperparameterOptions();

    @Override
    protected int run(Clients clients, Console console) {
        RunSpec.Builder spec = RunSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setArchitecture(architecture.toMessage())
                .setHyperparameters(pretraining.addTo(hyperparameters.toMessage()))
                .setDollarsPerHour(dollarsPerHour);
        if (data == null) {
            spec.getArchitectureBuilder().setVocabularySize(vocabulary);
        } else if (data.mixture == null) {
            spec.setDatasetDigest(digest(clients, Names.of("datasets", data.dataset)));
        } else {
            spec.setMixture(MixtureFile.read(data.mixture));
            spec.getMixtureBuilder()
                    .getSourcesBuilderList()
                    .forEach(source -> source.setDatasetDigest(digest(clients, source.getDataset())));
        }
        EstimateRunResponse plan = clients.trainer()
                .estimateRun(EstimateRunRequest.newBuilder()
                        .setSpec(spec)
                        .setDevice(device)
                        .setProbe(true)
                        .setParameters(parameters == null ? 0 : parameters)
                        .build());
        console.printJson(plan);
        PlanReport.lines(plan).forEach(console::print);
        if (plan.hasMixture()) {
            MixturePlanTable.print(plan.getMixture(), console);
        }
        return 0;
    }

    private static String digest(Clients clients, String dataset) {
        return clients.datasets()
                .getDataset(GetDatasetRequest.newBuilder().setName(dataset).build())
                .getDataset()
                .getDigest();
    }
}
