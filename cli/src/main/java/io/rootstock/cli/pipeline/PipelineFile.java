package io.rootstock.cli.pipeline;

import io.rootstock.cli.error.CliException;
import io.rootstock.yaml.Settings;
import io.rootstock.yaml.YamlReader;
import io.rootstock.yaml.YamlValue.Entry;
import io.rootstock.yaml.YamlValue.Sequence;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * Reads a pipeline: a mapping of {@code dataset} (one or a list), {@code pretrain} or {@code finetune}, {@code evaluate} (one
 * or a list) and {@code promote}.
 */
public final class PipelineFile {
    private static final Set<String> KEYS =
            Stream.of(StepKind.values()).map(StepKind::key).collect(Collectors.toSet());

    private final CommandLine root;
    private final List<Step> steps = new ArrayList<>();

    private PipelineFile(CommandLine root) {
        this.root = root;
    }

    /**
     * Reads a file.
     *
     * @param root the command line with all commands, whose options are the keys of the steps
     * @return the steps in the order in which they run, at least one
     * @throws io.rootstock.yaml.InvalidFileException with file, line, key and remedy
     */
    public static List<Step> read(Path file, CommandLine root) {
        try (InputStream in = Files.newInputStream(file)) {
            Settings top = new Settings("", YamlReader.read(file.toString(), in, Map.of()));
            top.requireOnly(KEYS, Map.of());
            return new PipelineFile(root).steps(top);
        } catch (NoSuchFileException missing) {
            throw new CliException("pipeline file " + file + " does not exist", "check the path of --file");
        } catch (IOException failure) {
            throw new CliException("cannot read " + file + ": " + failure.getMessage(), "check the file");
        }
    }

    private List<Step> steps(Settings top) {
        if (top.entry(StepKind.PRETRAIN.key()).isPresent()
                && top.entry(StepKind.FINETUNE.key()).isPresent()) {
            throw top.required(StepKind.FINETUNE.key())
                    .error("a pipeline has one run", "write pretrain or finetune, and the other one in another file");
        }
        for (StepKind kind : StepKind.values()) {
            top.entry(kind.key()).ifPresent(entry -> add(kind, entry));
        }
        if (steps.isEmpty()) {
            throw top.mapping()
                    .error(
                            "the pipeline has no step",
                            "write one of " + KEYS.stream().sorted().toList());
        }
        return steps;
    }

    private void add(StepKind kind, Entry entry) {
        StepArguments arguments = new StepArguments(kind, root);
        if (kind.isRepeatable() && entry.value() instanceof Sequence list) {
            list.items().forEach(item -> steps.add(arguments.step(kind.key(), item)));
        } else {
            steps.add(arguments.step(kind.key(), entry.value()));
        }
    }
}
