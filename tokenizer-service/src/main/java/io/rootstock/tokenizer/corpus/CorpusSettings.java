package io.rootstock.tokenizer.corpus;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Settings of corpora, also set by environment variables such as {@code ROOTSTOCK_CORPUS_ROOTS}. */
@ConfigMapping(prefix = "rootstock.corpus")
public interface CorpusSettings {
    /**
     * Directories and S3 addresses whose files recipes may read, separated by commas. Other files are refused. An address, such as
     * {@code s3://crawl/2026?endpoint=https://minio:9000&region=eu-central-1}, allows the keys with its prefix; credentials come
     * from the environment.
     */
    @WithDefault("${rootstock.home}/data")
    List<String> roots();

    /** Folder of the running jobs. A job that has succeeded leaves no file there. */
    @WithDefault("${rootstock.home}/tokenizer/corpora")
    Path workspace();

    /** Units that a local job processes at a time. Not set: the number of cores. */
    OptionalInt threads();

    /** Maximum Java heap of a worker process. */
    @WithDefault("1g")
    String heap();

    /** Buckets of the stages that compare documents; more need less memory and more files. */
    @WithDefault("64")
    int buckets();

    /** Price of a core for estimates, dollars per hour. */
    @WithDefault("0.05")
    double dollarsPerCoreHour();

    /**
     * Outputs of the module {@code corpus-spark}, with {@code classes} and {@code lib}, for jobs on Spark. Not set: such jobs are
     * refused.
     */
    Optional<Path> sparkHome();

    /** Spark masters that requests may name, separated by commas, such as {@code spark://host:7077}; the first is the default. */
    @WithDefault("local[*]")
    List<String> sparkMasters();
}
