package io.rootstock.cli.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * A step of a pipeline.
 *
 * @param kind which command it runs
 * @param arguments options and arguments of the command; without the version of a step that takes the version of the run
 * @param output model of the run, dataset of a preparation; empty for other steps
 * @param file name of the file, for errors
 * @param line line of the step in the file
 */
public record Step(StepKind kind, List<String> arguments, String output, String file, int line) {
    public Step {
        arguments = List.copyOf(arguments);
    }

    /**
     * The words after {@code rootstock}.
     *
     * @param version version of the run, for a step that takes it
     */
    public List<String> words(String version) {
        List<String> words = new ArrayList<>(kind.command());
        if (kind.takesVersion()) {
            words.add(version);
        }
        words.addAll(arguments);
        return words;
    }
}
