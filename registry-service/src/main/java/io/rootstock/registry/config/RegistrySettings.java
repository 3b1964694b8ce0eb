package io.rootstock.registry.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings of the registry in addition to those of the service kit. */
@ConfigMapping(prefix = "rootstock")
public interface RegistrySettings {
    /** PostgreSQL, embedded or external, limits and ages of resources, and webhooks. */
    Registry registry();

    /** The tokenizer service, which resolves datasets. */
    Tokenizer tokenizer();

    /** The trainer service, which runs jobs. */
    Trainer trainer();

    /** The inference service, which the web console calls through the registry. */
    Inference inference();

    /** PostgreSQL, embedded or external, limits and ages of resources, and webhooks. */
    interface Registry {
        /**
         * JDBC address of an external PostgreSQL server, such as {@code jdbc:postgresql://db:5432/rootstock}. Not set:
         * an embedded server in {@code rootstock.home}.
         */
        Optional<String> databaseUrl();

        /** User at the external server. */
        Optional<String> databaseUser();

        /** File that holds the user's password. */
        Optional<Path> databasePasswordFile();

        /**
         * Location of backups, a directory or {@code s3://BUCKET/PREFIX}. If set, the registry does not serve: it restores a
         * backup into the empty installation and exits, with code 1 if that fails.
         */
        Optional<String> restoreFrom();

        /** Name of the backup to restore. Not set: the newest. */
        Optional<String> restoreBackup();

        /** Maximum number of files that clients upload, and of pending uploads. */
        @WithDefault("1000")
        int files();

        /** Maximum size of these files; a pending upload counts with the size of its file. */
        @WithDefault("20G")
        MemorySize fileSpace();

        /** Maximum size of the files of one user or service account, in the same way. */
        @WithDefault("20G")
        MemorySize userFileSpace();

        /** Time after which a pending upload in parts expires. */
        @WithDefault("1h")
        Duration uploadTime();

        /**
         * Time after a job's end for which the events of its run are kept; state changes, evaluations and metrics are
         * always kept. 0: for ever.
         */
        @WithDefault("90d")
        Duration eventRetention();

        /**
         * Time after a job's end for which the trainer keeps its run, with its checkpoints and logs; the job can then not
         * be resumed or extended. 0: for ever.
         */
        @WithDefault("0")
        Duration runRetention();

        /** Time without an answer of the trainer after which its jobs, their watchers and the log say so. */
        @WithDefault("30s")
        Duration trainerLostAfter();

        /**
         * Age after which a version that no alias ever pointed to is deleted, such as {@code 30d}; at least 1h. Pinned and
         * archived versions, the newest version of a model, and versions with references are kept. Not set: never.
         */
        Optional<Duration> unpromotedTtl();

        /**
         * Time after the last move of an alias away from a version to which none points any more, after which the version
         * is deleted; the same versions are kept. Not set: never.
         */
        Optional<Duration> retiredTtl();

        /** Age after which a file of a client is deleted, unless a fine-tuning job reads it. Not set: never. */
        Optional<Duration> fileTtl();

        /**
         * Time after which an evaluator, or a worker that runs apart from the trainer, loses the lease of its job without a
         * renewal, 5s to 10m; another one can then take the job.
         */
        @WithDefault("30s")
        Duration lease();

        /** Time after which used device time counts half in the fair share of teams and users. */
        @WithDefault("7d")
        Duration shareHalfLife();

        /**
         * Time in the queue after which a job is ordered as one of the next higher priority; above the highest priority, the
         * jobs that have waited longest start first.
         */
        @WithDefault("7d")
        Duration queueAging();

        /** Time for which a started run is not stopped for a job of a higher priority. */
        @WithDefault("10m")
        Duration minimumRunTime();

        /** Permit webhooks to loopback and private addresses, and with http instead of https. */
        @WithDefault("false")
        boolean webhookPrivateAddresses();
    }

    /** The tokenizer service, which resolves datasets. */
    interface Tokenizer {
        /** Address of the tokenizer service, {@code host:port}. */
        @WithDefault("127.0.0.1:7401")
        String endpoint();
    }

    /** The trainer service, which runs jobs. */
    interface Trainer {
        /** Address of the trainer service, {@code host:port}. */
        @WithDefault("127.0.0.1:7402")
        String endpoint();
    }

    /** The inference service, which the web console calls through the registry. */
    interface Inference {
        /** Address of the inference service, {@code host:port}. */
        @WithDefault("127.0.0.1:7403")
        String endpoint();
    }
}
