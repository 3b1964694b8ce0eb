package io.rootstock.cli.command.dataset;

import io.rootstock.cli.client.ClassFolder;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Upload;
import io.rootstock.cli.command.ParallelArgument;
import io.rootstock.cli.command.RowFileOptions;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.operation.Uploads;
import io.rootstock.files.FileTree;
import io.rootstock.tokenizer.v1.DatasetSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Options that name the files of a dataset. */
final class DatasetSourceOptions {
    private static final String OPEN = "";
    private static final String VALIDATION = "validation";
    private static final String TEST = "test";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--source",
            paramLabel = "NAME=FILE[:WEIGHT[:EPOCHS]]",
            converter = SourceArgument.Converter.class,
            description = "Source file with its sampling weight [default: proportional to its tokens] and maximum"
                    + " number of epochs [default: unlimited]; repeatable")
    private List<SourceArgument> sources = new ArrayList<>();

    @Option(names = "--file", paramLabel = "FILE", description = "Source file, named after the file; repeatable")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--validation-file",
            paramLabel = "FILE",
            description = "Source file used only for validation; repeatable")
    private List<Path> validationFiles = new ArrayList<>();

    @Option(names = "--test-file", paramLabel = "FILE", description = "Source file used only for testing; repeatable")
    private List<Path> testFiles = new ArrayList<>();

    @Option(
            names = "--class",
            paramLabel = "LABEL=PATH",
            converter = ClassArgument.Converter.class,
            description = "File whose rows have LABEL (.txt: one row a line), or folder with one text file for each"
                    + " row (classification); repeatable")
    private List<ClassArgument> classes = new ArrayList<>();

    @Option(
            names = "--validation-class",
            paramLabel = "LABEL=PATH",
            converter = ClassArgument.Converter.class,
            description = "As --class, used only for validation; repeatable")
    private List<ClassArgument> validationClasses = new ArrayList<>();

    @Option(
            names = "--test-class",
            paramLabel = "LABEL=PATH",
            converter = ClassArgument.Converter.class,
            description = "As --class, used only for testing; repeatable")
    private List<ClassArgument> testClasses = new ArrayList<>();

    @Option(
            names = "--parallel",
            paramLabel = "INPUTS,OUTPUTS",
            converter = ParallelArgument.Converter.class,
            description = "Two line-aligned .txt files: a line of the first is the input, the line of the second its"
                    + " output (instruction); repeatable")
    private List<ParallelArgument> parallel = new ArrayList<>();

    @Option(
            names = "--validation-parallel",
            paramLabel = "INPUTS,OUTPUTS",
            converter = ParallelArgument.Converter.class,
            description = "As --parallel, used only for validation; repeatable")
    private List<ParallelArgument> validationParallel = new ArrayList<>();

    @Option(
            names = "--test-parallel",
            paramLabel = "INPUTS,OUTPUTS",
            converter = ParallelArgument.Converter.class,
            description = "As --parallel, used only for testing; repeatable")
    private List<ParallelArgument> testParallel = new ArrayList<>();

    @Option(
            names = "--instruction",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Instruction of all rows of line-aligned files, for example \"Translate to German.\""
                    + " [default: the input is the instruction]")
    private String instruction;

    /**
     * Checks the options of a kind before any upload.
     *
     * @param kind kind of the rows; empty: detected
     */
    void check(Optional<DatasetPrepareCommand.Kind> kind) {
        require(
                kind.orElse(DatasetPrepareCommand.Kind.CLASSIFICATION) == DatasetPrepareCommand.Kind.CLASSIFICATION
                        || (classes.isEmpty() && validationClasses.isEmpty() && testClasses.isEmpty()),
                "--class, --validation-class and --test-class require --kind classification");
        boolean pairs = !parallel.isEmpty() || !validationParallel.isEmpty() || !testParallel.isEmpty();
        require(
                kind.orElse(DatasetPrepareCommand.Kind.INSTRUCTION) == DatasetPrepareCommand.Kind.INSTRUCTION || !pairs,
                "--parallel, --validation-parallel and --test-parallel require --kind instruction");
        require(pairs || instruction.isEmpty(), "--instruction requires --parallel, line-aligned files");
    }

    /** Uploads the files and returns the sources. */
    List<DatasetSource> upload(RowFileOptions rowFiles, Clients clients, Console console) {
        List<Pending> pending = pending();
        require(
                !pending.isEmpty(),
                "missing source: add --file FILE, --source NAME=FILE[:WEIGHT[:EPOCHS]], --class LABEL=PATH or"
                        + " --parallel INPUTS,OUTPUTS");
        pending.forEach(source -> source.files().forEach(DatasetSourceOptions::requireReadable));
        return pending.stream()
                .map(source -> upload(source, rowFiles, clients, console))
                .toList();
    }

    /** A source and its files: one, or two line-aligned files. */
    private record Pending(DatasetSource.Builder source, List<Path> files) {}

    private List<Pending> pending() {
        List<Pending> all = new ArrayList<>();
        sources.forEach(source -> all.add(new Pending(
                source(source.name(), OPEN).setWeight(source.weight()).setMaximumEpochs(source.maxEpochs()),
                List.of(source.file()))));
        addFiles(files, OPEN, all);
        addFiles(validationFiles, VALIDATION, all);
        addFiles(testFiles, TEST, all);
        addClasses(classes, OPEN, all);
        addClasses(validationClasses, VALIDATION, all);
        addClasses(testClasses, TEST, all);
        addParallel(parallel, OPEN, all);
        addParallel(validationParallel, VALIDATION, all);
        addParallel(testParallel, TEST, all);
        return all;
    }

    private void addFiles(List<Path> paths, String split, List<Pending> all) {
        paths.forEach(file -> all.add(new Pending(source(file.getFileName().toString(), split), List.of(file))));
    }

    private void addClasses(List<ClassArgument> arguments, String split, List<Pending> all) {
        arguments.forEach(argument -> all.add(new Pending(
                source((split.isEmpty() ? "" : split + " ") + argument.label(), split)
                        .setLabel(argument.label()),
                List.of(argument.path()))));
    }

    private void addParallel(List<ParallelArgument> arguments, String split, List<Pending> all) {
        arguments.forEach(argument -> all.add(new Pending(
                source(argument.name(), split).setInstruction(instruction),
                List.of(argument.inputs(), argument.outputs()))));
    }

    private DatasetSource.Builder source(String name, String split) {
        return DatasetSource.newBuilder().setName(name).setSplit(split);
    }

    private static void requireReadable(Path path) {
        if (!Files.isDirectory(path)) {
            Upload.requireReadable(path);
        }
    }

    private DatasetSource upload(Pending pending, RowFileOptions rowFiles, Clients clients, Console console) {
        Path first = pending.files().getFirst();
        DatasetSource.Builder source = pending.source();
        if (Files.isDirectory(first)) {
            if (source.getLabel().isEmpty()) {
                throw new ParameterException(
                        command.commandLine(), first + " is a folder; a folder needs --class LABEL=" + first);
            }
            return source.setDigest(packed(first, rowFiles.charset(), clients, console))
                    .build();
        }
        source.setEncoding(rowFiles.encoding())
                .setDigest(Uploads.one(clients, first, console).getDigest());
        if (pending.files().size() == 1) {
            source.setShape(rowFiles.shape());
        }
        if (pending.files().size() > 1) {
            source.setOutputDigest(
                    Uploads.one(clients, pending.files().get(1), console).getDigest());
        }
        return source.build();
    }

    /** Uploads a folder as one file; the packed file is UTF-8. */
    private String packed(Path folder, Charset charset, Clients clients, Console console) {
        Path directory = null;
        try {
            directory = Files.createTempDirectory("rootstock-class");
            Path file = directory.resolve(folder.toAbsolutePath().normalize().getFileName() + ".jsonl");
            ClassFolder.pack(folder, charset, file);
            return Uploads.one(clients, file, console).getDigest();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot create a temporary file for " + folder, failure);
        } finally {
            if (directory != null) {
                FileTree.delete(directory);
            }
        }
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(command.commandLine(), message);
        }
    }

    /**
     * Value of {@code --class}: {@code LABEL=PATH}.
     *
     * @param label label of all rows of the file or folder
     */
    private record ClassArgument(String label, Path path) {

        static final class Converter implements ITypeConverter<ClassArgument> {
            @Override
            public ClassArgument convert(String argument) {
                int at = argument.indexOf('=');
                if (at < 1 || at == argument.length() - 1) {
                    throw new TypeConversionException("invalid class '" + argument
                            + "': expected LABEL=PATH, for example spam=spam.txt or spam=mails/spam");
                }
                return new ClassArgument(argument.substring(0, at), Path.of(argument.substring(at + 1)));
            }
        }
    }

    /**
     * Value of {@code --source}: {@code NAME=FILE[:WEIGHT[:EPOCHS]]}.
     *
     * @param name name in the mixture table
     * @param weight sampling weight; 0: proportional to the number of tokens
     * @param maxEpochs maximum epochs over the source; 0: unlimited
     */
    record SourceArgument(String name, Path file, double weight, double maxEpochs) {
        private static final String NUMBER = "([0-9]+(?:\\.[0-9]+)?)";
        private static final Pattern FORM = Pattern.compile("([^=]+)=(.+?)(?::" + NUMBER + ")?(?::" + NUMBER + ")?");

        static SourceArgument parse(String argument) {
            Matcher matcher = FORM.matcher(argument);
            if (!matcher.matches()) {
                throw new TypeConversionException("invalid source '" + argument
                        + "': expected NAME=FILE[:WEIGHT[:EPOCHS]], for example wiki=wiki.jsonl.gz:0.7:2");
            }
            return new SourceArgument(
                    matcher.group(1), Path.of(matcher.group(2)), number(matcher.group(3)), number(matcher.group(4)));
        }

        private static double number(String text) {
            return text == null ? 0 : Double.parseDouble(text);
        }

        static final class Converter implements ITypeConverter<SourceArgument> {
            @Override
            public SourceArgument convert(String argument) {
                return parse(argument);
            }
        }
    }
}
