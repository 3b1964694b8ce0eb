package io.rootstock.cli.command.data;

import io.rootstock.tokenizer.v1.CorpusEngine;
import io.rootstock.tokenizer.v1.CorpusExecution;
import picocli.CommandLine.Option;

/** Options for the execution of a recipe, which change no result. */
final class ExecutionOptions {
    enum Engine {
        LOCAL,
        SPARK
    }

    @Option(
            names = "--engine",
            paramLabel = "local|spark",
            defaultValue = "local",
            description = "One process on the tokenizer service's machine, or Apache Spark [default: ${DEFAULT-VALUE}]")
    private Engine engine;

    @Option(
            names = "--master",
            paramLabel = "URL",
            defaultValue = "",
            description = "Spark master, one of rootstock.corpus.spark-masters [default: the first of them]")
    private String master;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Units that the local engine processes at a time [default: number of cores]")
    private int threads;

    /** Whether an option differs from its default. */
    boolean isStated() {
        return engine != Engine.LOCAL || !master.isEmpty() || threads != 0;
    }

    CorpusExecution execution() {
        return CorpusExecution.newBuilder()
                .setEngine(
                        switch (engine) {
                            case LOCAL -> CorpusEngine.CORPUS_ENGINE_LOCAL;
                            case SPARK -> CorpusEngine.CORPUS_ENGINE_SPARK;
                        })
                .setSparkMaster(master)
                .setThreads(threads)
                .build();
    }
}
