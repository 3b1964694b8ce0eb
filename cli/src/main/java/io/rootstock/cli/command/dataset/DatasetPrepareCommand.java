package io.rootstock.cli.command.dataset;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.client.Upload;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.MixtureTable;
import io.rootstock.cli.operation.DataPreparation;
import io.rootstock.cli.operation.Uploads;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.FieldNames;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.SplitFractions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock dataset prepare}. */
@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        description = "Reads files (.txt .jsonl .json .csv .tsv, also .gz and .zst), validates every row, tokenizes,"
                + " splits and stores them.",
        footer = {
            "",
            "Examples:",
            "  rootstock dataset prepare mix --kind pretraining --tokenizer prose \\",
            "      --source books=books.txt:0.7 --source wiki=wiki.jsonl.gz:0.3:2",
            "  rootstock dataset prepare spam --kind classification --tokenizer prose --file sms.tsv \\",
            "      --columns label,text --balance --seed 123 --splits 0.7,0.1,0.2"
        })
final class DatasetPrepareCommand extends ServiceCommand {
    /** Kinds as typed. */
    enum Kind {
        /** Raw text. */
        PRETRAINING,
        /** Instruction rows. */
        INSTRUCTION,
        /** Labelled rows. */
        CLASSIFICATION,
        /** A chosen and a rejected answer. */
        PREFERENCE
    }

    @Parameters(paramLabel = "NAME", description = "Name to give it: lower-case letters, digits, dashes.")
    private String name;

    @Option(
            names = "--kind",
            required = true,
            paramLabel = "pretraining|instruction|classification|preference",
            description = "What the rows are for.")
    private Kind kind;

    @Option(names = "--tokenizer", required = true, paramLabel = "TOKENIZER", description = "Tokenizer to use.")
    private String tokenizer;

    @Option(
            names = "--source",
            paramLabel = "NAME=FILE[:WEIGHT[:EPOCHS]]",
            converter = SourceArgument.Converter.class,
            description = "A source with its sampling weight (default: by size) and most passes; repeatable.")
    private List<SourceArgument> sources = new ArrayList<>();

    @Option(names = "--file", paramLabel = "FILE", description = "A source named after its file; repeatable.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--validation-file",
            paramLabel = "FILE",
            description = "A file that is validation data as a whole; repeatable.")
    private List<Path> validationFiles = new ArrayList<>();

    @Option(
            names = "--test-file",
            paramLabel = "FILE",
            description = "A file that is test data as a whole; repeatable.")
    private List<Path> testFiles = new ArrayList<>();

    @Option(
            names = "--splits",
            split = ",",
            hideParamSyntax = true,
            paramLabel = "TRAIN,VALIDATION,TEST",
            description = "Shares of the rows. Default: 0.9,0.05,0.05; no share for a split that is given as a file.")
    private List<Double> splits = List.of();

    @Option(names = "--split-in-order", description = "First rows train, last ones are held out; no shuffling.")
    private boolean splitInOrder;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Seed of splits and balancing. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--balance", description = "Classification: draw every class down to the smallest one.")
    private boolean balance;

    @Option(
            names = "--columns",
            paramLabel = "A,B",
            defaultValue = "",
            description = "Columns of csv/tsv files without a header row, for example label,text.")
    private String columns;

    @Option(
            names = "--field",
            paramLabel = "ROLE=FIELD",
            description =
                    "Field that holds text, label, instruction, input, output, messages, prompt, chosen or rejected,"
                            + " where it has another name; repeatable.")
    private Map<String, String> fields = Map.of();

    @Option(
            names = "--maximum-tokens",
            paramLabel = "N",
            defaultValue = "0",
            description = "Longest instruction or classification row. Default: 256.")
    private int maximumTokens;

    @Option(
            names = "--maximum-refused-rows",
            paramLabel = "N",
            defaultValue = "0",
            description = "Most refused rows before the whole dataset is refused; -1: no limit."
                    + " Default: ${DEFAULT-VALUE}.")
    private long maximumRefusedRows;

    @Option(names = "--validate-only", description = "Check the rows, store nothing.")
    private boolean validateOnly;

    @Option(names = "--request-id", paramLabel = "ID", defaultValue = "", description = "Idempotency key.")
    private String requestId;

    @Override
    protected int run(Clients clients, Console console) {
        PrepareDatasetRequest.Builder request = PrepareDatasetRequest.newBuilder()
                .setName(Names.of("datasets", name))
                .setKind(
                        switch (kind) {
                            case PRETRAINING -> DatasetKind.DATASET_KIND_PRETRAINING;
                            case INSTRUCTION -> DatasetKind.DATASET_KIND_INSTRUCTION;
                            case CLASSIFICATION -> DatasetKind.DATASET_KIND_CLASSIFICATION;
                            case PREFERENCE -> DatasetKind.DATASET_KIND_PREFERENCE;
                        })
                .setTokenizer(Names.of("tokenizers", tokenizer))
                .setSplits(fractions())
                .setSplitInOrder(splitInOrder)
                .setSeed(seed)
                .setBalanceClasses(balance)
                .setColumns(columns)
                .setFields(fieldNames())
                .setMaximumTokens(maximumTokens)
                .setMaximumRefusedRows(maximumRefusedRows)
                .setValidateOnly(validateOnly)
                .setRequestId(requestId);
        List<Wanted> wanted = wanted();
        wanted.forEach(source -> Upload.requireReadable(source.argument().file()));
        for (Wanted source : wanted) {
            request.addSources(DatasetSource.newBuilder()
                    .setName(source.argument().name())
                    .setDigest(Uploads.one(clients, source.argument().file(), console)
                            .getDigest())
                    .setWeight(source.argument().weight())
                    .setMaximumEpochs(source.argument().maximumEpochs())
                    .setSplit(source.split()));
        }
        Dataset dataset = DataPreparation.prepare(clients, request.build(), console);
        console.printJson(dataset);
        MixtureTable.print(dataset, console);
        return 0;
    }

    /** A source and the split it belongs to as a whole, if any. */
    private record Wanted(SourceArgument argument, String split) {}

    private List<Wanted> wanted() {
        List<Wanted> wanted = new ArrayList<>();
        sources.forEach(source -> wanted.add(new Wanted(source, "")));
        files.forEach(file -> wanted.add(new Wanted(named(file), "")));
        validationFiles.forEach(file -> wanted.add(new Wanted(named(file), "validation")));
        testFiles.forEach(file -> wanted.add(new Wanted(named(file), "test")));
        if (wanted.isEmpty()) {
            throw usage("no source was given: add --source NAME=FILE:WEIGHT or --file FILE");
        }
        return wanted;
    }

    private static SourceArgument named(Path file) {
        return new SourceArgument(file.getFileName().toString(), file, 0, 0);
    }

    private SplitFractions fractions() {
        if (splits.isEmpty()) {
            return SplitFractions.getDefaultInstance();
        }
        if (splits.size() != 3) {
            throw usage("--splits takes three shares such as 0.7,0.1,0.2, was " + splits);
        }
        return SplitFractions.newBuilder()
                .setTrain(splits.get(0))
                .setValidation(splits.get(1))
                .setTest(splits.get(2))
                .build();
    }

    private FieldNames fieldNames() {
        FieldNames.Builder names = FieldNames.newBuilder();
        fields.forEach((role, field) -> {
            switch (role) {
                case "text" -> names.setText(field);
                case "label" -> names.setLabel(field);
                case "instruction" -> names.setInstruction(field);
                case "input" -> names.setInput(field);
                case "output" -> names.setOutput(field);
                case "messages" -> names.setMessages(field);
                case "prompt" -> names.setPrompt(field);
                case "chosen" -> names.setChosen(field);
                case "rejected" -> names.setRejected(field);
                default ->
                    throw usage("--field " + role
                            + " is not known; roles are text, label, instruction, input, output, messages, prompt,"
                            + " chosen, rejected");
            }
        });
        return names.build();
    }
}
