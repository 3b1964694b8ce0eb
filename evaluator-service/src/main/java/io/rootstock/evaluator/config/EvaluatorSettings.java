package io.rootstock.evaluator.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Settings of the evaluator, also set by environment variables such as {@code ROOTSTOCK_EVALUATOR_SLOTS}. */
@ConfigMapping(prefix = "rootstock.evaluator")
public interface EvaluatorSettings {
    /** Name of this evaluator, for users; at most 255 characters. Not set: the host's name. */
    Optional<String> name();

    /** Folder of this evaluator: suite files, row cache and the inference process. One evaluator at a time uses it. */
    @WithDefault("${rootstock.home}/evaluator")
    Path workspace();

    /** The inference service's {@code quarkus-run.jar}, which scores the rows. Set this or {@code inference-executable}. */
    Optional<Path> inferenceJar();

    /** Native executable of the inference service. */
    Optional<Path> inferenceExecutable();

    /** Options of the inference process's JVM; unused with an executable. */
    @WithDefault("-Xmx512m")
    List<String> jvmOptions();

    /** Requests that the inference process decodes in one batch. */
    @WithDefault("8")
    int slots();

    /** Threads of the inference process. Not set: the number of cores. */
    OptionalInt threads();

    /** Maximum number of tokens of a request; at most the context length of the model. */
    @WithDefault("4096")
    int contextLimit();

    /** Queue priority of the requests, -100 to 100. */
    @WithDefault("0")
    int priority();

    /** Interval of progress reports, which renew the lease; at most a third of the lease is used. */
    @WithDefault("1s")
    Duration reportInterval();

    /** Maximum time in which the inference process loads the version. */
    @WithDefault("15m")
    Duration startTimeout();

    /** Maximum time of one request, retries included. */
    @WithDefault("1h")
    Duration requestTimeout();

    /** Maximum size of the row cache; the responses of the tasks used longest ago are removed. */
    @WithDefault("1G")
    MemorySize cacheLimit();
}
